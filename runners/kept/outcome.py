"""What became of what a stack keeps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, cast

from contract.parts import plain
from runners.exit_codes import ExitCode
from runners.kept.down_document import DownDocument, DownExit, KeptDocument, State
from runners.kept.kept import OTHER, Kept

_WIDTHS: Final = (10, 45, 22)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One resource: kept as by default, deleted, or not deleted although it was asked for. `why` says why it stays."""

    held: Kept
    state: State
    holds: str = ""
    size: int | None = None
    why: str = ""

    def line(self) -> str:
        """For people."""
        size = "" if self.size is None or not self.holds else f", {_size(self.size)}"
        cells = (self.held.kind, self.held.name, f"{self.holds}{size}")
        text = "  ".join(cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True)).rstrip()
        return f"  {text}  {self.why}" if self.why else f"  {text}"

    def told(self) -> KeptDocument:
        """For machines."""
        held = self.held
        return KeptDocument(
            kind=held.kind, name=held.name, state=self.state, holds=self.holds, bytes=self.size, why=self.why
        )


@dataclass(frozen=True, kw_only=True)
class TakenDown:
    """What was deleted, and what was not."""

    stack: str
    engine: str
    deleted: int
    outcomes: tuple[Outcome, ...] = ()
    done: bool = True

    @property
    def exit_code(self) -> ExitCode:
        """7 when something that was to be deleted is still there."""
        stuck = any(outcome.state == "not-deleted" for outcome in self.outcomes)
        return ExitCode.LEFT_BEHIND if stuck else ExitCode.OK

    def named(self, state: State) -> list[Outcome]:
        """Those of one state."""
        return [outcome for outcome in self.outcomes if outcome.state == state]

    def summary(self) -> list[str]:
        """For people."""
        if not self.done:
            return [f"stack {self.stack} was left as it is"]
        lines = [f"stack {self.stack} is down: {self.deleted} resources deleted"]
        lines += _listed("deleted with all that was in it:", self.named("deleted"))
        lines += _listed("not deleted:", self.named("not-deleted"))
        if self.named("not-deleted"):
            lines.append(f"mend that, and repeat: {self._command()}")
        kept = self.named("kept")
        lines += _listed("kept, because it holds data or data needs it:", kept)
        names = [outcome.held.name for outcome in kept if outcome.held.kind != OTHER]
        if names:
            lines.append(
                f"to take it back: ial up --stack {self.stack}; a bare `pulumi up` needs it in Pulumi's settings,"
            )
            lines.append(f"  ial:adopt: {json.dumps(names)}")
            lines.append(f"to delete it and all that is in it, for good: {self._command()}")
        return lines

    def document(self) -> dict[str, Any]:
        """The answer of `ial down --json`."""
        document = DownDocument(
            stack=self.stack,
            engine=self.engine,
            done=self.done,
            deleted=self.deleted,
            kept=tuple(outcome.told() for outcome in self.outcomes),
            exit_code=cast("DownExit", int(self.exit_code)),
        )
        return plain(document)

    def _command(self) -> str:
        return f"ial down --stack {self.stack} --delete-data {self.stack}"


def _listed(title: str, outcomes: list[Outcome]) -> list[str]:
    return [title, *(outcome.line() for outcome in outcomes)] if outcomes else []


def _size(number: int) -> str:
    size = float(number)
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
