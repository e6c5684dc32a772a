"""What was sent and answered against what was asked for."""

from __future__ import annotations

import pytest

from contract.experiments import Load
from runners.chaos.evidence.delivered_load import load_missing
from runners.chaos.running.open_loop import MOST_REQUESTS

TEN: Load = Load(requests_per_second=10, seconds=120, path="/")


def told(load: Load | None, sent: int, answered: int, failed: int, fault: float = 120, **more: int) -> str | None:
    return load_missing(
        load, {"sent": sent, "answered": answered, "failed": failed, "redirected": 0, "unanswered": 0, **more}, fault
    )


@pytest.mark.parametrize(
    ("sent", "answered", "failed", "missing"),
    [
        (1200, 1200, 0, None),
        (960, 960, 0, None),
        (959, 959, 0, "the load was not there: 959 requests were sent, 1200 were wanted"),
        (0, 0, 0, "the load was not there: 0 requests were sent, 1200 were wanted"),
        (1200, 960, 240, None),
        (1200, 959, 0, "the load did not arrive: 959 of 1200 requests got to the service"),
        # Whatever the answers were, they were answers; but not one that was good is none.
        (1200, 1200, 1199, None),
        (1200, 1200, 1200, "the load did not arrive: none of 1200 requests was answered without an error"),
    ],
)
def test_delivered(sent: int, answered: int, failed: int, missing: str | None) -> None:
    assert told(TEN, sent, answered, failed) == missing


def test_a_redirect_is_no_answer() -> None:
    found = told(TEN, 1200, 0, 1200, redirected=1200)
    assert found == "the load did not arrive: 0 of 1200 requests got to the service, 1200 were redirected"


@pytest.mark.parametrize(
    ("answered", "unanswered", "missing"),
    [
        (600, 600, None),
        (600, 360, None),
        (600, 359, "the load did not arrive: 959 of 1200 requests got to the service"),
        (1, 1199, None),
        # Nobody answered any of them: that there is a service at all is not shown.
        (0, 1200, "the load did not arrive: none of 1200 requests was answered without an error"),
    ],
)
def test_what_the_service_leaves_unanswered_has_arrived(answered: int, unanswered: int, missing: str | None) -> None:
    assert told(TEN, 1200, answered, 1200 - answered, unanswered=unanswered) == missing


def test_a_journal_of_before_does_not_know_what_was_unanswered() -> None:
    report = {"sent": 1200, "answered": 600, "failed": 600, "redirected": 0}
    assert load_missing(TEN, report, 120) == "the load did not arrive: 600 of 1200 requests got to the service"


def test_the_load_ends_with_the_fault() -> None:
    assert told(TEN, 600, 600, 0, fault=60) is None
    assert told(TEN, 600, 600, 0, fault=300) is not None


def test_more_than_the_most_is_never_sent() -> None:
    many = Load(requests_per_second=500, seconds=900, path="/")
    assert told(many, MOST_REQUESTS, MOST_REQUESTS, 0, fault=900) is None


def test_without_load_nothing_is_missing() -> None:
    assert told(None, 0, 0, 0) is None
    assert load_missing(TEN, None, 120) is None
