"""The alarm on a resilience score that has dropped: runners publish the score, once it is worth watching."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

from components.place import Place
from contract.names import SCORE_METRIC

STAGE = 5
ALARM = "score-drop"


@dataclass(frozen=True, kw_only=True)
class ScoreAlarmArgs:
    """Below which score it rings, where the metric is published, and who is told."""

    place: Place
    below: int
    namespace: str
    topic_arn: pulumi.Input[str]


class ScoreAlarm(pulumi.ComponentResource):
    """Rings when the newest published score is below the goal. It stops no experiment: those that pass end it."""

    alarm_name: str

    def __init__(self, name: str, args: ScoreAlarmArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:chaos:ScoreAlarm", name, None, opts)
        self.alarm_name = args.place.name(ALARM)
        cloudwatch.MetricAlarm(
            f"{name}-alarm",
            name=self.alarm_name,
            alarm_description=(
                f"The resilience score is below {args.below}. `ial score` says which points are lost, and why. "
                "Runbook: docs/runbooks/score-drop.md"
            ),
            namespace=args.namespace,
            metric_name=SCORE_METRIC,
            statistic="Minimum",
            period=3600,
            evaluation_periods=1,
            datapoints_to_alarm=1,
            threshold=args.below,
            comparison_operator="LessThanThreshold",
            # Scores are published now and then: between them the alarm stays as the last one left it.
            treat_missing_data="ignore",
            alarm_actions=[args.topic_arn],
            ok_actions=[args.topic_arn],
            tags=args.place.tags(STAGE),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"alarm_name": self.alarm_name})
