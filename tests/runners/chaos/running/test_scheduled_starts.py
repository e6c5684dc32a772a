"""Schedules that start experiments: all are switched, and those that are not are named."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from runners.chaos.running.scheduled_starts import ScheduledStarts
from runners.errors import AwsError


@dataclass
class Switches:
    """Schedules in memory, of which one cannot be switched."""

    stuck: str = ""
    on: dict[str, bool] = field(default_factory=dict)

    def switch(self, name: str, *, on: bool) -> None:
        if name == self.stuck:
            raise AwsError("denied", operation="scheduler:UpdateSchedule", code="AccessDenied")
        self.on[name] = on


@pytest.mark.parametrize("on", [True, False])
def test_one_that_cannot_be_switched_hinders_no_other(on: bool) -> None:
    schedules, said = Switches(stuck="b"), list[str]()
    left = ScheduledStarts(("a", "b", "c"), schedules, said.append).switch(on=on)
    assert schedules.on == {"a": on, "c": on}
    word = "enabled" if on else "disabled"
    assert said == [f"schedule a is {word}", f"schedule c is {word}"]
    assert len(left) == 1
    assert left[0].startswith(f"schedule b, which is to be {word}: ")


def test_without_schedules_nothing_is_done() -> None:
    said: list[str] = []
    assert ScheduledStarts((), Switches(), said.append).switch(on=False) == ()
    assert said == []
