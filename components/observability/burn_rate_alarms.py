"""Alarms on how fast an objective's error budget burns, in three tiers."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

from components.observability.alarm_spec import MetricRef
from components.observability.metric_query import metric_query
from components.place import Place
from components.service_level import Slo


@dataclass(frozen=True, kw_only=True)
class Tier:
    """A long and a short window, in seconds, that must both burn at this rate."""

    name: str
    long: int
    short: int
    burn: float


# CloudWatch evaluates at most a day here, so the slow tier is 24 hours and not three days.
TIERS = (
    Tier(name="fast", long=3600, short=300, burn=14.4),
    Tier(name="medium", long=6 * 3600, short=1800, burn=6),
    Tier(name="slow", long=24 * 3600, short=2 * 3600, burn=3),
)
_SUPPRESSOR_WAIT_SECONDS = 120


@dataclass(frozen=True, kw_only=True)
class BurnRateAlarmsArgs:
    """The objective and the load balancer that it is measured at; `errors` is what users get."""

    place: Place
    stage: int
    slo: Slo
    requests: MetricRef
    errors: tuple[MetricRef, ...]
    topic_arn: pulumi.Input[str]
    runbooks: str


class BurnRateAlarms(pulumi.ComponentResource):
    """Three composite alarms over six metric alarms of three metrics each: 3.30 USD a month.

    Only the composites notify; a slower tier stays silent while a faster one is in alarm.
    """

    alarm_names: list[str]

    def __init__(self, name: str, args: BurnRateAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:observability:BurnRateAlarms", name, None, opts)
        self.alarm_names = []
        faster: cloudwatch.CompositeAlarm | None = None
        for tier in TIERS:
            faster = self._tier(f"{name}-{tier.name}", tier, args, faster)
            self.alarm_names.append(args.place.name(f"burn-{tier.name}"))
        self.register_outputs({"alarm_names": self.alarm_names})

    def _tier(
        self, name: str, tier: Tier, args: BurnRateAlarmsArgs, faster: cloudwatch.CompositeAlarm | None
    ) -> cloudwatch.CompositeAlarm:
        windows = {"long": tier.long, "short": tier.short}
        children = {
            role: self._window(f"{name}-{role}", f"burn-{tier.name}-{role}", seconds, tier, args)
            for role, seconds in windows.items()
        }
        rule = " AND ".join(f'ALARM("{args.place.name(f"burn-{tier.name}-{role}")}")' for role in windows)
        suppressor = None
        if faster:
            suppressor = cloudwatch.CompositeAlarmActionsSuppressorArgs(
                alarm=faster.alarm_name, wait_period=_SUPPRESSOR_WAIT_SECONDS, extension_period=tier.short
            )
        return cloudwatch.CompositeAlarm(
            name,
            alarm_name=args.place.name(f"burn-{tier.name}"),
            alarm_description=(
                f"The error budget of {args.slo.target:.2%} in {args.slo.window_days} days burns "
                f"{tier.burn:g} times too fast. Runbook: {args.runbooks}/burn-rate.md"
            ),
            alarm_rule=rule,
            actions_suppressor=suppressor,
            alarm_actions=[args.topic_arn],
            ok_actions=[args.topic_arn],
            tags=args.place.tags(args.stage),
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(children.values())),
        )

    def _window(
        self, name: str, role: str, seconds: int, tier: Tier, args: BurnRateAlarmsArgs
    ) -> cloudwatch.MetricAlarm:
        bad = " + ".join(f"FILL(bad{number}, 0)" for number, _ in enumerate(args.errors, 1))
        # Requests without a target are not in RequestCount: with no target at all, there are errors only.
        least = args.slo.minimum_requests
        expression = f"IF(FILL(valid, 0) > {least}, ({bad}) / valid, IF(({bad}) > {least}, 1, 0))"
        metrics = {"valid": args.requests, **{f"bad{number}": held for number, held in enumerate(args.errors, 1)}}
        return cloudwatch.MetricAlarm(
            name,
            name=args.place.name(role),
            alarm_description=f"Part of {args.place.name(f'burn-{tier.name}')}, which notifies.",
            comparison_operator="GreaterThanThreshold",
            threshold=round(tier.burn * (1 - args.slo.target), 6),
            evaluation_periods=1,
            datapoints_to_alarm=1,
            treat_missing_data="notBreaching",
            metric_queries=[
                cloudwatch.MetricAlarmMetricQueryArgs(
                    id="burn", expression=expression, label="share of bad requests", return_data=True
                ),
                *(metric_query(key, metric, seconds) for key, metric in metrics.items()),
            ],
            tags=args.place.tags(args.stage),
            opts=pulumi.ResourceOptions(parent=self),
        )
