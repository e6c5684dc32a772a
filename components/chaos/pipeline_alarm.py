"""What watches over the pipeline: planned experiments that were missed, suites that failed, nobody who looks."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

from components.place import Place
from contract.names import PIPELINE_FAILED_METRIC

ALARM = "pipeline"
# A metric is billed for each hour in which it is published, so that runners publish once in twenty hours, and at once
# what is new; one that has not for a day is away. It is the longest period of an alarm:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
_PERIOD_SECONDS = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class PipelineAlarmArgs:
    """Where the metric is published, and who is told."""

    place: Place
    stage: int
    namespace: str
    topic_arn: pulumi.Input[str]


class PipelineAlarm(pulumi.ComponentResource):
    """An alarm on what the pipeline publishes each time it asks what is due, and on its silence.

    No critical alarm: one that stopped experiments would keep the run from starting that ends it.
    """

    alarm_name: str

    def __init__(self, name: str, args: PipelineAlarmArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:chaos:PipelineAlarm", name, None, opts)
        self.alarm_name = args.place.name(ALARM)
        cloudwatch.MetricAlarm(
            f"{name}-failed",
            name=self.alarm_name,
            alarm_description=(
                "A planned experiment was missed, a suite failed, or nobody has asked for a day what is due. "
                "`ial chaos due` says which. Runbook: docs/runbooks/pipeline.md"
            ),
            namespace=args.namespace,
            metric_name=PIPELINE_FAILED_METRIC,
            statistic="Maximum",
            period=_PERIOD_SECONDS,
            evaluation_periods=1,
            datapoints_to_alarm=1,
            threshold=1,
            comparison_operator="GreaterThanOrEqualToThreshold",
            treat_missing_data="breaching",
            alarm_actions=[args.topic_arn],
            ok_actions=[args.topic_arn],
            tags=args.place.tags(args.stage),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"alarm_name": self.alarm_name})
