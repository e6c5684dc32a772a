"""What preflight looks at, as it was read. None is "could not be told"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from runners.chaos.before.alarm_limit import AlarmLimit
from runners.chaos.before.mute_rule import MuteRule
from runners.chaos.before.service_address import ServiceAddress
from runners.chaos.running.cloud_time import TimeComparison


@dataclass(frozen=True, kw_only=True)
class ZoneSituation:
    """The zones around an impairment. None is "could not be told".

    `healthy` counts the healthy targets by the id of their zone, `subnets` has the zone of each subnet that would be
    cut off; `shifts` is whether the load balancer takes part in zonal shifts, `runner_inside` whether this runner
    would cut itself off. `unread` says why something is None, by these names.
    """

    healthy: Mapping[str, int] | None
    subnets: Mapping[str, str] | None
    shifts: bool | None
    runner_inside: bool | None
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class DatabaseSituation:
    """The database whose connections are taken, and the document that takes them. None is "could not be told".

    `limit` is its max_connections and `parameters` whether its parameter group is in force, as RDS calls it;
    `unfinished_logins` is MySQL's max_connect_errors, after which a host is blocked, and has no meaning elsewhere.
    `document_sha256` is empty when there is none. `unread` says why something is None, by these names.
    """

    status: str | None
    host: str | None
    port: int | None
    engine: str | None
    parameters: str | None
    limit: int | None
    unfinished_logins: int | None
    document_sha256: str | None
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class AlarmSituation:
    """An alarm as it is: its state, how many of the last periods had data (None: unknown), its metrics and its limit.

    `limit` is None where the alarm does not compare one metric, or a sum of metrics, with a number.
    """

    state: str
    recent_data: int | None
    metrics: tuple[str, ...] = ()
    limit: AlarmLimit | None = None


@dataclass(frozen=True, kw_only=True)
class TargetSituation:
    """What would be hit: candidates by id with their tags, and the group around them.

    `suspended` are the group's processes without which it does not heal, `warm` the running instances of its warm pool.
    None is "could not be told"; `unread` says why: of `candidates`, `group` and `agent`.
    """

    candidates: Mapping[str, Mapping[str, str]] | None
    group_size: int | None
    healthy: int | None
    scaling: bool | None = False
    offline: tuple[str, ...] | None = ()
    can_fail_over: bool | None = None
    suspended: tuple[str, ...] = ()
    warm: tuple[str, ...] = ()
    zone: ZoneSituation | None = None
    database: DatabaseSituation | None = None
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Everything preflight looks at. None means that it could not be read, which refuses; for the mute, which warns.

    `unread` says why, by the names of what was read. `halt` is the mark of a halt, `template_sha256` is empty when
    there is no such template; mute and recovery point may be None because there is none.
    """

    lever_engaged: bool | None
    halted: bool | None
    halt: Mapping[str, Any] = field(default_factory=dict)
    active_own: tuple[str, ...] | None
    active_all: int | None
    alarms: Mapping[str, AlarmSituation | None]
    incidents: tuple[str, ...] | None
    targets: TargetSituation
    service: ServiceAddress | None = None
    template_sha256: str | None
    spent_usd: Decimal | None
    budget_usd: Decimal
    allowed_now: bool | None
    window_text: str
    recovery_point: datetime | None
    drilled: datetime | None = None
    mute: MuteRule | None
    now: datetime
    times: TimeComparison | None
    confirmed: bool
    stack: str
    unread: Mapping[str, str] = field(default_factory=dict)
