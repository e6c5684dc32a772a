"""What a job's document says of each thing that ran, and what it does not say."""

from __future__ import annotations

from typing import Any

import pytest

from runners.pull_requests.pipeline_results import results_of
from runners.rollback.cause import failed_in

FAILED: dict[str, Any] = {
    "experiment": "network-latency",
    "run": "20261125-1",
    "verdict": "failed",
    "reasons": ["users saw errors"],
    "exitCode": 1,
}
PASSED = {**FAILED, "verdict": "passed", "reasons": [], "exitCode": 0}
STEP: dict[str, Any] = {"kind": "experiment", "name": "network-latency", "run": "20261125-2", "verdict": "passed"}
SUITE: dict[str, Any] = {
    "suite": "post-deploy",
    "run": "20261125-3",
    "verdict": "failed",
    "reasons": ["infrastructure: failed"],
    "exitCode": 1,
    "steps": [
        {"kind": "control", "name": None, "run": "20261125-0", "verdict": "passed", "exitCode": 0},
        {**STEP, "exitCode": 0},
        {**STEP, "name": "task-stop", "run": "20261125-4", "verdict": "failed", "exitCode": 1},
        {**STEP, "name": "cpu", "run": None, "verdict": None, "exitCode": None},
    ],
}
DRILLS = {"records": [{"resource": "orders", "verdict": "failed"}, {"resource": "shop", "verdict": "passed"}]}
NOTHING: dict[str, Any] = {"due": [], "record": None, "exitCode": 0}


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (FAILED, [("experiment network-latency", False, "failed: users saw errors")]),
        (PASSED, [("experiment network-latency", True, "passed")]),
        (
            {**NOTHING, "record": FAILED, "exitCode": 1},
            [("experiment network-latency", False, "failed: users saw errors")],
        ),
        ({**DRILLS, "exitCode": 1}, [("the recovery test", False, "orders: failed")]),
        ({"records": [], "exitCode": 5}, [("the recovery test", False, "nothing was restored")]),
        (
            SUITE,
            [
                ("suite post-deploy", False, "failed: infrastructure: failed"),
                ("experiment network-latency", True, ""),
            ],
        ),
        # Nothing was due: what failed before has not passed by that.
        (NOTHING, []),
    ],
)
def test_each_thing_that_ran_is_told(document: object, found: list[tuple[str, bool, str]]) -> None:
    job, *rest = results_of("chaos", document)
    assert (job.subject, job.well) == ("the chaos job", True)
    assert [(held.subject, held.well, held.said) for held in rest] == found


@pytest.mark.parametrize("document", [None, [], "x", {}, {"exitCode": "0"}])
def test_without_a_document_it_is_the_job_that_failed(document: object) -> None:
    [job] = results_of("drill", document)
    assert (job.subject, job.well) == ("the drill job", False)


@pytest.mark.parametrize(
    ("document", "run"),
    [
        (FAILED, "20261125-1"),
        (PASSED, None),
        ({**FAILED, "verdict": "aborted-by-alarm"}, "20261125-1"),
        ({**NOTHING, "record": FAILED}, "20261125-1"),
        (SUITE, "20261125-4"),
        ({**SUITE, "steps": SUITE["steps"][:1]}, None),
        (NOTHING, None),
        ({**FAILED, "verdict": "aborted-by-operator"}, None),
        (None, None),
    ],
)
def test_the_run_that_speaks_against_a_version(document: object, run: str | None) -> None:
    assert failed_in(document) == run
