"""What Chaos Toolkit gets of an experiment, and what people are told that it does not get."""

from __future__ import annotations

import pytest
from chaoslib.experiment import ensure_experiment_is_valid  # type: ignore[import-untyped]

from contract.experiments import Experiment
from contract.probes import Hypothesis, Probe
from runners.chaos.record.toolkit_export import left_out, toolkit_experiment
from tests.runners.chaos.experiments import changed, errors_probe, experiment, metric_probe
from tests.runners.chaos.four_kinds import CUT_OFF, HEALTHY, HIDDEN, LATENCY, TERMINATION

FAST = metric_probe("p99", "TargetResponseTime", "p99", at_most=1)
ALONE = changed(TERMINATION, hypothesis=changed(TERMINATION.hypothesis, probes=(HEALTHY,)))


@pytest.mark.parametrize("experiment", [CUT_OFF, HIDDEN, LATENCY, TERMINATION, ALONE])
def test_each_probe_is_carried_or_named(experiment: Experiment) -> None:
    document, told = toolkit_experiment(experiment, "us-east-1"), "\n".join(left_out(experiment))
    ensure_experiment_is_valid(document)
    carried = {held["name"] for held in document.get("steady-state-hypothesis", {}).get("probes", [])}
    for probe in experiment.hypothesis.probes:
        assert (probe.name.replace(" ", "-") in carried) != (f"cannot ask: {probe.name}" in told), probe.name
    assert "evidence that the fault happened: " in told


def test_without_a_probe_there_is_no_hypothesis_and_that_is_told() -> None:
    assert "steady-state-hypothesis" not in toolkit_experiment(ALONE, "us-east-1")
    assert any(
        "no probe is left: Chaos Toolkit starts the fault and judges nothing" in line for line in left_out(ALONE)
    )
    assert not any("no probe is left" in line for line in left_out(TERMINATION))


def test_what_runs_do_besides_is_told() -> None:
    told = list(left_out(HIDDEN))
    assert "that it may be broken for 300 s: Chaos Toolkit looks once, before and after" in told
    assert "the load of 10 requests a second" in told
    assert "that it holds during the fault: Chaos Toolkit looks once, before and after" in list(left_out(LATENCY))


def of(*probes: Probe, evidence: tuple[Probe, ...] = ()) -> tuple[dict[str, list[dict[str, str]]], list[str]]:
    """What each exported probe looks at, by its name, and what is said to be lost."""
    hypothesis = Hypothesis(kind="sustained", probes=probes, expectations=(), rto_seconds=60, stability_seconds=60)
    given = changed(experiment(), hypothesis=hypothesis, evidence=evidence)
    document = toolkit_experiment(given, "us-east-1")
    ensure_experiment_is_valid(document)
    exported = document["steady-state-hypothesis"]["probes"]
    return {held["name"]: held["provider"]["arguments"]["dimensions"] for held in exported}, list(left_out(given))


def test_a_sum_becomes_a_probe_for_each_part() -> None:
    probes, lost = of(errors_probe(60), FAST)
    assert {name: [held["Name"] for held in found] for name, found in probes.items()} == {
        "errors": ["LoadBalancer", "TargetGroup"],
        "errors-HTTPCode_ELB_5XX_Count": ["LoadBalancer"],
        "p99": ["LoadBalancer", "TargetGroup"],
    }
    assert "the sum errors: each of its 2 parts becomes a probe with the tolerance of the whole" in lost
