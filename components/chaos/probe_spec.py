"""A probe as an experiment's file describes it, and what it looks at in a given workload."""

from dataclasses import dataclass
from typing import Any

from components.observability.critical_signals import load_balancer_dimensions
from components.reading import Reader
from components.settings import Settings

_SOURCES = ("loadBalancer", "service", "group", "database", "table", "logs")
_TYPES = ("metric", "alarm", "target-health", "group", "service", "http", "database", "instances", "replaced")


@dataclass(frozen=True, kw_only=True)
class ProbeSpec:
    """One probe. `source` says which part of the workload a metric belongs to."""

    name: str
    type: str
    target: str | None
    source: str | None
    metric: str | None
    stat: str
    period_seconds: int
    zero_when_missing: bool
    at_least: float | None
    at_most: float | None

    @classmethod
    def read(cls, reader: Reader) -> "ProbeSpec":
        """From one entry of `probes` or `evidence`."""
        limits = [key for key in ("atLeast", "atMost") if reader.has(key)]
        probe = cls(
            name=reader.text("name", r"[\w .-]{1,64}", "a name of 1 to 64 characters"),
            type=reader.choice("type", {kind: kind for kind in _TYPES}, "metric"),
            target=reader.maybe_text("target", r"\S{1,256}", "a name without spaces"),
            source=reader.choice("source", {source: source for source in _SOURCES}, "")
            if reader.has("source")
            else None,
            metric=reader.maybe_text("metric", r"\w{1,255}", "a metric's name"),
            stat=reader.text(
                "stat", r"Sum|Average|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d+)?", "Sum, p99, ...", "Sum"
            ),
            period_seconds=reader.whole("periodSeconds", 60, 3600, 60),
            zero_when_missing=reader.choice("missing", {"zero": True, "none": False}, default=False),
            at_least=reader.number("atLeast", -1e12, 1e12, 0) if "atLeast" in limits else None,
            at_most=reader.number("atMost", -1e12, 1e12, 0) if "atMost" in limits else None,
        )
        if not limits:
            raise reader.refuse("name", "a probe with atLeast or atMost")
        if probe.type == "metric" and not (probe.source and probe.metric):
            raise reader.refuse("type", "a metric with source and metric")
        return probe

    def lacks(self, settings: Settings) -> str | None:
        """The part of the workload that the probe needs and the stack does not have; None when all is there."""
        work = settings.workload
        needed = {
            "target-health": ("targetGroup", work.target_group),
            "group": ("autoScalingGroup", work.auto_scaling_group),
            "replaced": ("autoScalingGroup", work.auto_scaling_group),
            "service": ("ecsService", work.ecs_service),
            "database": ("database", work.database),
            "http": ("loadBalancer", work.load_balancer),
            "loadBalancer": ("loadBalancer", work.load_balancer),
            "table": ("tables", work.tables),
            "logs": ("logGroups", work.log_groups),
        }
        key, value = needed.get(self.source or self.type, ("", "there"))
        return None if value else f"workload.{key}"

    def document(self, settings: Settings) -> dict[str, Any]:
        """The probe in the stack's outputs."""
        work, place = settings.workload, settings.place
        targets = {
            "alarm": place.name(self.target or ""),
            "target-health": self.target or work.target_group or "",
            "group": self.target or work.auto_scaling_group or "",
            "replaced": work.auto_scaling_group or "",
            "service": self.target or f"{work.ecs_cluster}/{work.ecs_service}",
            "database": self.target or work.database or "",
            "http": self.target or "/",
        }
        return {
            "name": self.name,
            "type": self.type,
            "target": targets.get(self.type, ""),
            "metric": self._metric(settings) if self.type == "metric" else None,
            "at_least": self.at_least,
            "at_most": self.at_most,
        }

    def _metric(self, settings: Settings) -> dict[str, Any]:
        work = settings.workload
        places: dict[str, tuple[str, dict[str, str | None]]] = {
            "loadBalancer": ("AWS/ApplicationELB", {**load_balancer_dimensions(work)}),
            "service": ("AWS/ECS", {"ClusterName": work.ecs_cluster, "ServiceName": work.ecs_service}),
            "group": ("AWS/EC2", {"AutoScalingGroupName": work.auto_scaling_group}),
            "database": ("AWS/RDS", {"DBInstanceIdentifier": work.database}),
            "table": ("AWS/DynamoDB", {"TableName": work.tables[0].name if work.tables else None}),
            "logs": (settings.namespace, {}),
        }
        namespace, dimensions = places[self.source or "logs"]
        return {
            "namespace": namespace,
            "name": self.metric,
            "dimensions": dimensions,
            "stat": self.stat,
            "period_seconds": self.period_seconds,
            "missing": "zero" if self.zero_when_missing else "none",
        }
