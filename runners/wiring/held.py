"""Versions that a rollback holds, as whoever deploys meets them: told by previews, and a reason not to apply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

from contract.reading.json_text import read_json
from contract.reading.numbers import plain_number
from contract.rollback import holds_path
from runners.rollback.held_back import is_asked_for, told
from runners.runs.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pricing.resource import Resource
    from runners.rollback.hold import Hold, Holds
    from runners.wiring.opening import Ground

_CHAOS: Final = "ial:chaos"
_ENVIRONMENT: Final = "ial:environment"
NOT_ASKED: Final = "whether a rollback holds a version is not looked at without AWS; `ial up` does"
_RELEASE: Final = "give --release-hold if the cause is gone, or wait for the hold to end"


@dataclass(frozen=True, kw_only=True)
class Held:
    """The holds that have not ended. `obstacles` are those that the update would undo."""

    store: Holds | None = None
    holds: Sequence[Hold] = ()
    warnings: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()

    def release(self) -> None:
        """Ends them.

        Raises:
            AwsError: that was refused.
        """
        for hold in self.holds:
            if self.store is not None:
                self.store.release(hold)

    def without_obstacles(self) -> Self:
        """The same for who is going to release them."""
        return replace(self, obstacles=())

    def document(self) -> dict[str, Any]:
        """For machines."""
        return {
            "holds": [hold.document() for hold in self.holds],
            "obstacles": list(self.obstacles),
        }


def rolls_back(settings: Mapping[str, str]) -> bool:
    """Whether a stack's settings switch rollback on: others have no holds, and nobody is asked."""
    text = settings.get(_CHAOS)
    if not text:
        return False
    try:
        return is_asked_for(read_json(text, _CHAOS, plain_number).data)
    except ValueError:
        # The program refuses such settings by itself.
        return False


def held_versions(
    ground: Ground,
    settings: Mapping[str, str],
    resources: Iterable[Resource] = (),
    say: Callable[[str], object] = lambda _: None,
) -> Held:
    """What is held, and what of it these resources would undo; each hold is told as a warning.

    Raises:
        WrongAccountError: the credentials are not of the stack's account.
        AwsError: AWS could not be asked.
        InputError: a hold is not of the form that is known.
    """
    from runners.aws.holds import AwsHolds

    if not rolls_back(settings):
        return Held()
    environment = settings.get(_ENVIRONMENT) or ground.stack
    store = AwsHolds(ground.open(), holds_path(environment), environment)
    now = SystemClock().now()
    active = [hold for hold in store.all() if hold.active(now)]
    found = list(told(active, resources))
    for text, _ in found:
        say(f"warning: {text}")
    return Held(
        store=store,
        holds=active,
        warnings=tuple(text for text, _ in found),
        obstacles=tuple(f"{undone}; {_RELEASE}" for _, undone in found if undone is not None),
    )


def tell_holds(ground: Callable[[], Ground], settings: Mapping[str, str], say: Callable[[str], object]) -> None:
    """Tells a preview of them. One that cannot ask AWS, as that of a fork, goes on with a word."""
    from runners.errors import RunnerError

    if not rolls_back(settings):
        return
    try:
        held_versions(ground(), settings, say=say)
    except RunnerError as error:
        say(f"{NOT_ASKED} ({error})")
