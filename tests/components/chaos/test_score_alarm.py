"""The alarm on the score: there where it is asked for, and priced with its metric."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from components.chaos.chaos import Chaos, ChaosArgs
from components.chaos.experiment_file import experiments_folder, read_experiments
from contract.names import PIPELINE_FAILED_METRIC, SCORE_METRIC
from pricing.estimate import estimate
from pricing.price_book import PriceBook
from pricing.resource import Graph, Resource
from pricing.usage import Usage
from tests.components.conftest import TOPIC

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"


def monthly(**properties: Any) -> str:
    resource = Resource(urn="urn:pulumi:dev::ial::x", type=ALARM, name="x", properties=properties)
    found = estimate(Graph([resource]), Usage(), PriceBook.load(), region="us-east-1", today=date(2026, 11, 26))
    assert not found.problems
    return f"{found.total.maximum:.2f}"


def test_a_metric_that_is_there_for_its_alarm_is_priced_with_it() -> None:
    assert monthly(metricName=SCORE_METRIC, namespace="ial/dev", period=3600) == "0.40"
    assert monthly(metricName=PIPELINE_FAILED_METRIC, namespace="ial/dev", period=86400) == "0.40"
    assert monthly(metricName="RestoreDrillFailed", namespace="ial/dev", period=3600) == "0.10"


@pytest.mark.parametrize(
    ("values", "there"),
    [({"goals": {"scoreBelow": 60}}, True), ({}, False), ({"goals": {"scoreBelow": 60}, "stage": 4}, False)],
)
def test_it_is_there_where_it_is_asked_for(run: Any, settings: Any, values: dict[str, Any], there: bool) -> None:
    given = settings(**values)
    held = read_experiments(experiments_folder(), given.stage)
    args = ChaosArgs(settings=given, experiments=held, topic_arn=TOPIC, records_table="ial-dev-records")
    recorder = run(lambda: Chaos("chaos", args))
    alarms = [held for held in recorder.of(ALARM).values() if held["metricName"] == SCORE_METRIC]
    assert [(alarm["name"], alarm["threshold"], alarm["treatMissingData"]) for alarm in alarms] == (
        [("ial-dev-score-drop", 60, "ignore")] if there else []
    )
