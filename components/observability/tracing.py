"""X-Ray sampling that a small budget survives."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import xray

from components.place import Place
from components.service_level import Tracing as TracingSettings


@dataclass(frozen=True, kw_only=True)
class TracingArgs:
    """How much to sample of which service, and which traces the group shows; no service, no rules."""

    place: Place
    stage: int
    tracing: TracingSettings
    service: str | None
    latency_seconds: float


class Tracing(pulumi.ComponentResource):
    """Two sampling rules of one service and a group of the traces worth reading.

    X-Ray's rules are the account's: one for `*` would change what every other service samples.

    Health checks are excluded: with the default rule two targets alone bring 350,000 traces a month.
    """

    group_name: str

    def __init__(self, name: str, args: TracingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:observability:Tracing", name, None, opts)
        self._tags, self._place = args.place.tags(args.stage), args.place
        tracing = args.tracing
        if args.service:
            self._rule(f"{name}-health", "health", args.service, tracing.health_check_path, 100, rate=0, reservoir=0)
            rate, reservoir = tracing.sampling_rate, tracing.reservoir
            self._rule(f"{name}-requests", "served", args.service, "*", 1000, rate=rate, reservoir=reservoir)
        worth = f"fault = true OR error = true OR responsetime >= {args.latency_seconds:g}"
        self.group_name = args.place.name("faults")
        xray.Group(
            f"{name}-group",
            group_name=self.group_name,
            filter_expression=f'service("{args.service}") AND ({worth})' if args.service else worth,
            tags=self._tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"group_name": self.group_name})

    def _rule(
        self, name: str, role: str, service: str, path: str, priority: int, *, rate: float, reservoir: int
    ) -> None:
        xray.SamplingRule(
            name,
            # X-Ray accepts 32 characters: the role has at most seven.
            rule_name=self._place.name(role),
            priority=priority,
            fixed_rate=rate,
            reservoir_size=reservoir,
            url_path=path,
            host="*",
            http_method="*",
            service_name=service,
            service_type="*",
            resource_arn="*",
            version=1,
            tags=self._tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
