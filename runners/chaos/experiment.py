"""An experiment as runners see it: what the stack's outputs say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from runners.chaos.hypothesis import HypothesisKind, Tolerance


@dataclass(frozen=True, kw_only=True)
class ProbeSpec:
    """One probe: its type (metric, alarm, ecs-service, target-health, http, database), where to look, what is fine."""

    name: str
    type: str
    parameters: Mapping[str, Any]
    tolerance: Tolerance


@dataclass(frozen=True, kw_only=True)
class BlastRadius:
    """What may be hit. `group` is the Auto Scaling group, service or database that must survive it."""

    resource_type: str
    wanted: int
    tags: Mapping[str, str]
    group: str | None
    most: int
    most_percent: int
    min_healthy: int


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """One FIS template, and what is expected of the workload while it runs."""

    name: str
    kind: str
    category: str
    template_id: str
    content_sha256: str
    duration: timedelta
    action_minutes: int
    usd_per_run: Decimal
    blast_radius: BlastRadius
    hypothesis: HypothesisKind
    probes: tuple[ProbeSpec, ...]
    rto: timedelta
    stability: timedelta
    expected_alarms: tuple[str, ...]
    stop_alarms: tuple[str, ...]
    weight: Decimal = Decimal(1)
    required: bool = True
    allow_outage: bool = False
    needs_recovery_point: bool = False
    perturbed_metrics: tuple[str, ...] = ()
    load: Mapping[str, Any] | None = None
    description: str = ""
    schedule: str | None = field(default=None)
