"""The four kinds of experiments, each with the action of its template."""

from __future__ import annotations

from typing import Any

from contract.experiments import Experiment, Load
from contract.probes import Hypothesis, Probe
from tests.runners.chaos.conftest import ERRORS, UNHEALTHY, command
from tests.runners.chaos.experiments import changed, errors_probe, experiment, metric_probe, radius

FEW_ERRORS = errors_probe(60)
FAST = metric_probe("p99", "TargetResponseTime", "p99", at_most=1)
HEALTHY = Probe(
    name="healthy",
    type="target-health",
    target="targetgroup/shop-web/6d0ecf831eec9f09",
    metric=None,
    at_least=2,
    at_most=None,
)
GONE = Probe(name="gone", type="instances", target="", metric=None, at_least=1, at_most=None)

LATENCY = experiment(
    name="network-latency",
    kind="network-latency",
    category="network",
    duration_seconds=300,
    action_minutes=5,
    usd_per_run="0.50",
    blast_radius=radius(wanted=2, most_percent=100, min_healthy=0),
    hypothesis=Hypothesis(
        kind="sustained", probes=(FEW_ERRORS, FAST), rto_seconds=300, stability_seconds=120, expectations=()
    ),
    evidence=(metric_probe("database calls", "DatabaseLatency", "Average", logs=True, at_least=100),),
    stop_alarms=(ERRORS,),
)
TERMINATION = experiment(
    hypothesis=Hypothesis(
        kind="recovery", probes=(HEALTHY, FEW_ERRORS), rto_seconds=300, stability_seconds=120, expectations=()
    ),
    evidence=(GONE,),
    stop_alarms=(ERRORS,),
)
HIDDEN = experiment(
    name="alb-health-check",
    kind="alb-stress",
    duration_seconds=120,
    hypothesis=Hypothesis(
        kind="recovery", probes=(HEALTHY, FEW_ERRORS), rto_seconds=300, stability_seconds=120, expectations=()
    ),
    evidence=(metric_probe("unhealthy", "UnHealthyHostCount", "Maximum", at_least=1),),
    expected_alarms=(UNHEALTHY,),
    stop_alarms=(ERRORS,),
    load=Load(requests_per_second=10, seconds=120, path="/"),
)
HIDDEN_UNNOTICED = changed(
    HIDDEN,
    name="alb-health-check-unnoticed",
    hypothesis=Hypothesis(
        kind="sustained", probes=(FEW_ERRORS,), rto_seconds=300, stability_seconds=120, expectations=()
    ),
)
CUT_OFF = experiment(
    name="database-connection-failure",
    kind="database-connection-failure",
    category="application",
    duration_seconds=180,
    action_minutes=3,
    usd_per_run="0.30",
    blast_radius=radius(wanted=2, most_percent=100, min_healthy=0),
    hypothesis=Hypothesis(
        kind="sustained",
        probes=(errors_probe(600), FAST),
        rto_seconds=300,
        stability_seconds=120,
        expectations=(),
    ),
    evidence=(metric_probe("breaker", "DatabaseErrors", "Sum", logs=True, at_least=20),),
    stop_alarms=(ERRORS,),
    needs_recovery_point=True,
)
KINDS: dict[str, tuple[Experiment, dict[str, Any]]] = {
    "latency": (
        LATENCY,
        command("AWSFIS-Run-Network-Latency-Sources", 240, DelayMilliseconds="200", Sources="10.0.2.0/24"),
    ),
    "termination": (TERMINATION, {"actionId": "aws:ec2:terminate-instances", "targets": {"Instances": "app"}}),
    "hidden": (
        HIDDEN,
        command("AWSFIS-Run-Network-Blackhole-Port", 60, Port="8080", Protocol="tcp", TrafficType="ingress"),
    ),
    "unnoticed": (
        HIDDEN_UNNOTICED,
        command("AWSFIS-Run-Network-Blackhole-Port", 60, Port="8080", Protocol="tcp", TrafficType="ingress"),
    ),
    "cut-off": (
        CUT_OFF,
        command("AWSFIS-Run-Network-Blackhole-Port", 120, Port="5432", Protocol="tcp", TrafficType="egress"),
    ),
}
