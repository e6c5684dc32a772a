"""An experiment as a stack's outputs describe it, for tests to change."""

from __future__ import annotations

from typing import Any, TypeVar

from msgspec.structs import replace

from contract.experiments import BlastRadius, Experiment
from contract.parts import Part
from contract.probes import Hypothesis, Metric, Probe, Series
from runners.chaos.judging.hypothesis import Outcome
from runners.chaos.judging.verdict import Evidence, Judgement, Verdict
from runners.chaos.record.chaos_record import ChaosRecord

Model = TypeVar("Model", bound=Part)
BALANCER = {"LoadBalancer": "app/shop/50dc6c495c0c9188", "TargetGroup": "targetgroup/shop-web/6d0ecf831eec9f09"}
OFFERED = {"chaos:enabled": "true"}


def metric_probe(name: str, metric: str, stat: str, *, logs: bool = False, **limits: float | None) -> Probe:
    """A probe of a metric of the load balancer, or of the service's logs."""
    seen = Metric(
        namespace="ial/dev" if logs else "AWS/ApplicationELB",
        name=metric,
        dimensions={} if logs else BALANCER,
        stat=stat,
        period_seconds=60,
        missing="zero" if stat == "Sum" else "none",
    )
    bounds = {"at_least": None, "at_most": None} | limits
    return Probe(name=name, type="metric", target="", metric=seen, **bounds)


def errors_probe(at_most: float) -> Probe:
    """What users get: the errors of targets and those of the load balancer itself."""
    probe = metric_probe("errors", "HTTPCode_Target_5XX_Count", "Sum", at_most=at_most)
    assert probe.metric is not None
    own = Series(
        namespace="AWS/ApplicationELB",
        name="HTTPCode_ELB_5XX_Count",
        dimensions={"LoadBalancer": BALANCER["LoadBalancer"]},
    )
    return changed(probe, metric=changed(probe.metric, plus=(own,)))


def radius(**changes: Any) -> BlastRadius:
    """One instance of the workload's group of two."""
    given: dict[str, Any] = {
        "resource_type": "aws:ec2:instance",
        "wanted": 1,
        "tags": OFFERED,
        "group_kind": "auto-scaling-group",
        "group": "shop-web",
        "most": 2,
        "most_percent": 50,
        "min_healthy": 1,
    }
    return BlastRadius(**given | changes)


def experiment(**changes: Any) -> Experiment:
    """The termination of an instance; keywords replace fields."""
    given: dict[str, Any] = {
        "name": "instance-termination",
        "kind": "instance-termination",
        "category": "infrastructure",
        "description": "One instance goes.",
        "template_id": "EXT1",
        "template_sha256": "abc",
        "role_arn": "arn:aws:iam::123456789012:role/ial-dev-chaos-instance-termination",
        "duration_seconds": 60,
        "action_minutes": 2,
        "usd_per_run": "0.20",
        "schedule": None,
        "blast_radius": radius(),
        "hypothesis": Hypothesis(
            kind="recovery",
            probes=(errors_probe(60),),
            rto_seconds=300,
            stability_seconds=60,
            expectations=(),
        ),
        "evidence": (),
        "expected_alarms": (),
        "stop_alarms": (),
        "mute_rule": None,
        "perturbed_metrics": (),
        "load": None,
        "weight": "1",
        "required": True,
        "allow_outage": False,
        "needs_recovery_point": False,
        "undo": "the group replaces the instance",
    }
    return Experiment(**given | changes)


def changed(model: Model, **fields: Any) -> Model:
    """The model with other values."""
    return replace(model, **fields)


def passed() -> ChaosRecord:
    """The record of a run that passed and was not noticed by anybody."""
    moments = ("planned", "locked", "started", "injected", "lifted", "verified", "ended")
    return ChaosRecord(
        run="20261125-083000-a1b2",
        stack="dev",
        operator="tests",
        experiment=experiment(),
        judgement=Judgement(Verdict.PASSED),
        evidence=Evidence(status="completed", actions={"fault": "completed"}, injected=True, hypothesis=True),
        outcome=Outcome(holds=True, reasons=(), ok_ratio=1.0, unseen=0.0, degraded_seconds=0.0, recovered_after=0.0),
        alerts=None,
        times={name: f"2026-11-25T08:3{number}:00Z" for number, name in enumerate(moments)},
        shown=(),
        samples=(),
        expectations=(),
        recovered={},
        launches=(("i-1", "2026-11-25T08:33:30Z", "2026-11-25T08:34:30Z"),),
        hit=("arn:aws:ec2:us-east-1:123456789012:instance/i-0",),
        load=None,
        left=(),
        cleaned=True,
    )
