from __future__ import annotations

from collections.abc import Callable

import pytest

from runners.backup.arrival import ask_once
from runners.errors import AwsError

REFUSED = AwsError("rds:Restore: 400", operation="rds:Restore", code="400")


def asked(there: list[bool], answer: Callable[[], str]) -> tuple[str | None, int]:
    """What came of it, and how often it was asked for; `there` is what is seen, look by look."""
    times: list[int] = []

    def ask() -> str:
        times.append(1)
        return answer()

    return ask_once(ask, lambda: there.pop(0)), len(times)


def refuse() -> str:
    raise REFUSED


def test_what_is_not_there_is_asked_for_once() -> None:
    assert asked([False], lambda: "begun") == ("begun", 1)


def test_what_is_there_is_not_asked_for_again() -> None:
    assert asked([True], refuse) == (None, 0)


def test_a_refusal_of_what_came_about_all_the_same_is_none() -> None:
    assert asked([False, True], refuse) == (None, 1)


def test_a_refusal_of_what_is_not_there_is_told() -> None:
    with pytest.raises(AwsError, match="rds:Restore: 400"):
        asked([False, False], refuse)
