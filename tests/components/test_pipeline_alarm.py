from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from components.chaos.chaos import Chaos, ChaosArgs
from components.settings import Settings
from contract.names import PIPELINE_FAILED_METRIC
from tests.components.chaos.test_chaos import shipped
from tests.components.conftest import TOPIC

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


@pytest.fixture
def alarm(run: Any, settings: Callable[..., Settings]) -> Callable[..., dict[str, Any] | None]:
    def build(*, scheduled: bool = True, **chaos: str) -> dict[str, Any] | None:
        specs = tuple((stage, spec if scheduled else replace(spec, schedule=None)) for stage, spec in shipped())
        if chaos.get("starter") == "scheduler":
            specs = specs[:1]
        args = ChaosArgs(
            settings=settings(chaos=chaos), experiments=specs, topic_arn=TOPIC, records_table="ial-dev-records"
        )
        found: dict[str, Any] | None = run(lambda: Chaos("chaos", args)).of(ALARM).get("chaos-pipeline-failed")
        return found

    return build


def test_it_watches_what_the_pipeline_says_and_its_silence(alarm: Callable[..., dict[str, Any] | None]) -> None:
    found = alarm()
    assert found is not None
    assert (found["name"], found["namespace"], found["metricName"]) == (
        "ial-dev-pipeline",
        "ial/dev",
        PIPELINE_FAILED_METRIC,
    )
    assert (found["treatMissingData"], found["threshold"], found["period"]) == ("breaching", 1, 24 * 3600)
    assert found["alarmActions"] == found["okActions"] == [TOPIC]


@pytest.mark.parametrize("chaos", [{"starter": "none"}, {"starter": "scheduler"}])
def test_where_no_pipeline_starts_anything_there_is_none(
    alarm: Callable[..., dict[str, Any] | None], chaos: dict[str, str]
) -> None:
    assert alarm(**chaos) is None


def test_without_a_schedule_there_is_nothing_to_miss(alarm: Callable[..., dict[str, Any] | None]) -> None:
    assert alarm(scheduled=False) is None
