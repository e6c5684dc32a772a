"""Probes as an experiment's file describes them, and what becomes of them in the outputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from components.chaos.experiment_file import experiments_folder, read_file
from components.chaos.probe_spec import ProbeSpec
from components.late import plain
from components.reading import Reader, SettingsError
from components.settings import Settings

BALANCER = {"LoadBalancer": "app/shop/50dc6c495c0c9188"}
OWN = {"source": "loadBalancerOnly", "metric": "HTTPCode_ELB_5XX_Count"}
ERRORS: dict[str, Any] = {
    **{"name": "errors", "source": "loadBalancer", "metric": "HTTPCode_Target_5XX_Count", "plus": [OWN]},
    **{"stat": "Sum", "missing": "zero", "atMost": 60},
}


def read(**changes: Any) -> ProbeSpec:
    given = {key: value for key, value in (ERRORS | changes).items() if value is not None}
    reader = Reader(given, "p.")
    found = ProbeSpec.read(reader)
    reader.close()
    return found


def test_a_sum_of_metrics(settings: Callable[..., Settings]) -> None:
    assert plain(read().document(settings()).metric) == {
        "namespace": "AWS/ApplicationELB",
        "name": "HTTPCode_Target_5XX_Count",
        "dimensions": BALANCER | {"TargetGroup": "targetgroup/shop-web/6d0ecf831eec9f09"},
        "plus": [{"namespace": "AWS/ApplicationELB", "name": "HTTPCode_ELB_5XX_Count", "dimensions": BALANCER}],
        "stat": "Sum",
        "period_seconds": 60,
        "missing": "zero",
    }


def test_what_looks_at_no_metric_has_none(settings: Callable[..., Settings]) -> None:
    given = dict.fromkeys(("source", "metric", "plus", "missing"))
    assert read(type="target-health", **given).document(settings()).metric is None


def test_each_part_of_a_sum_must_be_there(settings: Callable[..., Settings], workload: dict[str, Any]) -> None:
    probe = read(source="logs", metric="ServerErrors")
    without = {key: value for key, value in workload.items() if key not in ("loadBalancer", "targetGroup")}
    assert probe.lacks(settings()) is None
    assert probe.lacks(settings(workload=without)) == "workload.loadBalancer"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"source": None}, "p.source is null; accepted: loadBalancer, loadBalancerOnly, service"),
        ({"metric": None}, "p.metric is not set"),
        ({"plus": [{"metric": "A"}]}, "p.plus[0].source is null; accepted: loadBalancer, "),
        ({"plus": [OWN | {"stat": "Sum"}]}, "p.plus[0].stat is not a setting; accepted: metric, source"),
        ({"stat": "p99"}, 'p.stat is "p99"; accepted: Sum or SampleCount beside plus'),
        ({"stat": "Maximum"}, 'p.stat is "Maximum"; accepted: Sum or SampleCount beside plus'),
        ({"type": "http"}, "p.source is not a setting"),
        # With these dimensions CloudWatch has no such metric, and a zero would stand for it.
        (
            {"metric": "HTTPCode_ELB_504_Count"},
            'p.source is "loadBalancer"; accepted: loadBalancerOnly for HTTPCode_ELB_504_Count',
        ),
        (
            {"source": "loadBalancerOnly", "metric": "UnHealthyHostCount"},
            'p.source is "loadBalancerOnly"; accepted: loadBalancer for UnHealthyHostCount',
        ),
    ],
)
def test_what_cannot_be_meant(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(**changes)
    assert str(refused.value).startswith(said), str(refused.value)


@pytest.mark.parametrize("category", ["network", "infrastructure", "application"])
def test_shipped_probes_of_errors_see_what_users_get(category: Any, settings: Callable[..., Settings]) -> None:
    for spec in read_file(experiments_folder() / f"{category}.yaml", category):
        expected = [held.probe for held in spec.hypothesis.expectations]
        probes = [probe.document(settings()) for probe in (*spec.hypothesis.probes, *expected, *spec.evidence)]
        errors = [probe.metric for probe in probes if probe.metric is not None and "5XX" in str(probe.metric)]
        assert errors, spec.name
        for metric in errors:
            own = [part for part in (metric, *metric.plus) if part.name == "HTTPCode_ELB_5XX_Count"]
            assert [part.dimensions for part in own] == [BALANCER]
