"""X-Ray sampling that a small budget survives."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import xray

from components.place import Place
from components.service_level import Tracing as TracingSettings


@dataclass(frozen=True, kw_only=True)
class TracingArgs:
    """How much to sample, and which traces the group shows."""

    place: Place
    stage: int
    tracing: TracingSettings
    latency_seconds: float


class Tracing(pulumi.ComponentResource):
    """Two sampling rules and a group of the traces worth reading.

    Health checks are excluded: with the default rule two targets alone bring 350,000 traces a month.
    """

    group_name: str

    def __init__(self, name: str, args: TracingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:observability:Tracing", name, None, opts)
        self._tags, self._place = args.place.tags(args.stage), args.place
        self._rule(f"{name}-health", "health", args.tracing.health_check_path, priority=100, rate=0, reservoir=0)
        self._rule(
            f"{name}-requests",
            "served",
            "*",
            priority=1000,
            rate=args.tracing.sampling_rate,
            reservoir=args.tracing.reservoir,
        )
        self.group_name = args.place.name("faults")
        xray.Group(
            f"{name}-group",
            group_name=self.group_name,
            filter_expression=f"fault = true OR error = true OR responsetime >= {args.latency_seconds:g}",
            tags=self._tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"group_name": self.group_name})

    def _rule(self, name: str, role: str, path: str, *, priority: int, rate: float, reservoir: int) -> None:
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
            service_name="*",
            service_type="*",
            resource_arn="*",
            version=1,
            tags=self._tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
