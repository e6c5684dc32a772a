"""Deletes what a stack keeps, or tells what it is. Nothing is touched that does not carry the stack's own tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from contract.names import ENVIRONMENT_TAG, MANAGED_BY_TAG, MANAGED_BY_US
from runners.errors import RunnerError
from runners.kept.holders import Holders, Look
from runners.kept.kept import OTHER, Kept
from runners.kept.notes import Notes
from runners.kept.outcome import Outcome

Say = Callable[[str], object]
_BY_HAND: Final = "no command of ial deletes it: it is set on something of others"
_ROLE: Final = "role"


@dataclass(frozen=True, kw_only=True)
class Removal:
    """What stays behind one stack."""

    holders: Holders
    notes: Notes
    say: Say

    def tell(self, kept: Iterable[Kept]) -> tuple[Outcome, ...]:
        """What is there; what cannot be looked at is named all the same."""
        found = [self._told(held) for held in kept]
        return tuple(outcome for outcome in found if outcome is not None)

    def delete(self, kept: Iterable[Kept]) -> tuple[Outcome, ...]:
        """Deletes one after the other. What fails is named and left; the rest goes on."""
        outcomes: list[Outcome] = []
        for held in kept:
            stuck = [outcome.held for outcome in outcomes if outcome.state == "not-deleted"]
            outcome = self._deleted(held, stuck)
            outcomes += [] if outcome is None else [outcome]
        return tuple(outcomes)

    def _told(self, held: Kept) -> Outcome | None:
        if held.kind == OTHER:
            return Outcome(held=held, state="kept", why=_BY_HAND)
        holder = self.holders.get(held.kind)
        if holder is None:
            return Outcome(held=held, state="kept", why="what is in it was not looked at")
        try:
            look = holder.look(held.name)
        except RunnerError as error:
            return Outcome(held=held, state="kept", why=f"what is in it is not known: {error}")
        if look is None:
            self.notes.gone(held)
            return None
        return Outcome(held=held, state="kept", holds=look.holds, size=look.size, why=_not_ours(held, look))

    def _deleted(self, held: Kept, stuck: list[Kept]) -> Outcome | None:
        if held.kind == OTHER:
            return Outcome(held=held, state="kept", why=_BY_HAND)
        look: Look | None = None
        try:
            look = self.holders[held.kind].look(held.name)
            if look is None:
                self.notes.gone(held)
                return None
            why = _not_ours(held, look) or _needed(held, stuck)
            if not why:
                self.say(f"delete {held.shown}")
                self.notes.deleting(held)
                why = self.holders[held.kind].remove(held)
        except RunnerError as error:
            why = str(error)
        holds, size = (look.holds, look.size) if look else ("", None)
        if why:
            return Outcome(held=held, state="not-deleted", holds=holds, size=size, why=why)
        self.notes.gone(held)
        return Outcome(held=held, state="deleted", holds=holds, size=size)


def _not_ours(held: Kept, look: Look) -> str:
    if held.is_ours(look.tags):
        return ""
    environment = f"{ENVIRONMENT_TAG} {held.environment or 'unknown'}"
    return f"it does not carry the stack's tags ({MANAGED_BY_TAG} {MANAGED_BY_US}, {environment})"


def _needed(held: Kept, stuck: list[Kept]) -> str:
    vault = next((other for other in stuck if other.kind == "vault"), None)
    return f"{vault.shown} still needs it" if held.kind == _ROLE and vault else ""
