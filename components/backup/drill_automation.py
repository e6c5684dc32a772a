"""What watches over restore drills: an alarm on one that failed, and one that rings when none has passed for long."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pulumi
from pulumi_aws import cloudwatch, scheduler

from components.drill_settings import DrillSettings
from components.place import Place
from components.roles import allow, role, service_trust
from contract.names import DRILL_FAILED_METRIC

_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_PUT_METRIC = "arn:aws:scheduler:::aws-sdk:cloudwatch:putMetricData"


@dataclass(frozen=True, kw_only=True)
class DrillAutomationArgs:
    """Where the metric is published, and who is told."""

    place: Place
    stage: int
    settings: DrillSettings
    namespace: str
    topic_arn: pulumi.Input[str]


class DrillAutomation(pulumi.ComponentResource):
    """A metric that drills publish, its alarm, and a schedule that publishes it too unless drills keep passing.

    After each full test that passed, the runner moves the schedule's start `overdueDays` ahead. When it doesn't, the
    schedule says what a failed drill says. Nothing has to be running for that.
    """

    alarm_name: str
    schedule_name: str

    def __init__(self, name: str, args: DrillAutomationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:backup:DrillAutomation", name, None, opts)
        self._name, self._args = name, args
        self.alarm_name, self.schedule_name = args.place.name("restore-drill"), args.place.name("drill-overdue")
        self._alarm()
        self._overdue()
        self.register_outputs({"alarm_name": self.alarm_name, "schedule_name": self.schedule_name})

    def _alarm(self) -> None:
        args = self._args
        cloudwatch.MetricAlarm(
            f"{self._name}-failed",
            name=self.alarm_name,
            alarm_description=(
                "Recovery is not proven: a restore drill failed, or none has passed for "
                f"{args.settings.overdue_days} days. What to do: docs/RECOVERY_PROCEDURES.md"
            ),
            namespace=args.namespace,
            metric_name=DRILL_FAILED_METRIC,
            statistic="Maximum",
            period=300,
            evaluation_periods=1,
            datapoints_to_alarm=1,
            threshold=1,
            comparison_operator="GreaterThanOrEqualToThreshold",
            # Drills are rare: between them the alarm stays as the last one left it.
            treat_missing_data="ignore",
            alarm_actions=[args.topic_arn],
            ok_actions=[args.topic_arn],
            tags=args.place.tags(args.stage),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _overdue(self) -> None:
        args, place = self._args, self._args.place
        publisher = role(
            f"{self._name}-scheduler",
            place,
            role_name="drill-scheduler",
            stage=args.stage,
            trust=service_trust(place, "scheduler"),
            statements=[
                allow(
                    "SayOverdue",
                    ["cloudwatch:PutMetricData"],
                    ["*"],
                    StringEquals={"cloudwatch:namespace": args.namespace},
                )
            ],
            parent=self,
        )
        data = {"Namespace": args.namespace, "MetricData": [{"MetricName": DRILL_FAILED_METRIC, "Value": 1}]}
        days = args.settings.overdue_days
        scheduler.Schedule(
            f"{self._name}-overdue",
            name=self.schedule_name,
            description="Raises the alarm when no restore drill has passed; each passed test moves its start",
            schedule_expression=f"rate({days} {'day' if days == 1 else 'days'})",
            # Without a start, a rate begins at once: the first `up` would raise the alarm. When the role was made is
            # the same in every preview.
            start_date=publisher.create_date.apply(lambda made: first_overdue(made, args.settings.overdue_days)),
            flexible_time_window=scheduler.ScheduleFlexibleTimeWindowArgs(mode="OFF"),
            target=scheduler.ScheduleTargetArgs(
                arn=_PUT_METRIC.replace("arn:aws:", f"arn:{place.partition}:"),
                role_arn=publisher.arn,
                input=json.dumps(data),
            ),
            # From then on the start is the runner's: an update of the stack must not take a passed drill back.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["startDate"]),
        )


def first_overdue(made: str, days: int, now: datetime | None = None) -> str:
    """When a drill is overdue in a stack whose watch was made at `made` (RFC 3339, UTC): that many days later.

    A schedule that is made again much later gets the next such moment, as Scheduler takes no start that is past.
    Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html (rate-based schedules)
    """
    began = datetime.strptime(made, _MOMENT).replace(tzinfo=UTC)
    waited = max((now or datetime.now(UTC)) - began, timedelta(0))
    return f"{began + timedelta(days=days) * (waited // timedelta(days=days) + 1):{_MOMENT}}"
