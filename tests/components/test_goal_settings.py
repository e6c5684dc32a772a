"""`ial:goals`: what a team wants, with defaults, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from components.reading import SettingsError
from contract.goals import Goals


def test_without_goals_there_are_the_plan_s(settings: Any) -> None:
    assert settings().goals == Goals()
    given = {"availabilityPercent": "99.5", "scoreBelow": 70, "billIsWorkload": True}
    assert settings(goals=given).goals == Goals(availability_percent="99.5", score_below=70, bill_is_workload=True)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("availabilityPercent", "101"),
        ("availabilityPercent", "nearly all"),
        ("detectionSeconds", 0),
        ("monthlyUsd", -1),
        ("scoreBelow", 101),
        ("billIsWorkload", "mostly"),
        ("uptime", "99.9"),
    ],
)
def test_what_is_no_goal_is_refused(settings: Any, key: str, value: object) -> None:
    with pytest.raises(SettingsError, match=f"ial:goals.{key} is"):
        settings(goals={key: value})
