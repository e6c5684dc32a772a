"""What of an experiment Chaos Toolkit's format can say, and what it is told that it cannot."""

from __future__ import annotations

from chaoslib.experiment import ensure_experiment_is_valid  # type: ignore[import-untyped]

from runners.chaos.toolkit_export import losses, toolkit_experiment
from runners.chaos_outputs import Hypothesis, Probe
from tests.runners.chaos.experiments import changed, errors_probe, experiment, metric_probe
from tests.runners.chaos.four_kinds import GONE, HEALTHY

FAST = metric_probe("p99", "TargetResponseTime", "p99", at_most=1)


def of(*probes: Probe, evidence: tuple[Probe, ...] = ()) -> tuple[dict[str, list[dict[str, str]]], list[str]]:
    """What each exported probe looks at, by its name, and what is said to be lost."""
    hypothesis = Hypothesis(kind="sustained", probes=probes, expectations=(), rto_seconds=60, stability_seconds=60)
    given = changed(experiment(), hypothesis=hypothesis, evidence=evidence)
    document = toolkit_experiment(given, "us-east-1")
    ensure_experiment_is_valid(document)
    exported = document["steady-state-hypothesis"]["probes"]
    return {held["name"]: held["provider"]["arguments"]["dimensions"] for held in exported}, losses(given)


def test_a_sum_becomes_a_probe_for_each_part() -> None:
    probes, lost = of(errors_probe(60), FAST)
    assert {name: [held["Name"] for held in found] for name, found in probes.items()} == {
        "errors": ["LoadBalancer", "TargetGroup"],
        "errors-HTTPCode_ELB_5XX_Count": ["LoadBalancer"],
        "p99": ["LoadBalancer", "TargetGroup"],
    }
    assert lost == ["errors becomes 2 probes: each must be in tolerance, not their sum"]


def test_what_is_left_out_is_told() -> None:
    probes, lost = of(HEALTHY, FAST, evidence=(GONE,))
    assert list(probes) == ["p99"]
    assert lost[0] == "healthy is left out: chaostoolkit-aws has no probe of type target-health"
    assert lost[1].startswith("gone: left out, ")


def test_nothing_is_said_where_nothing_is_lost() -> None:
    assert of(FAST)[1] == []
