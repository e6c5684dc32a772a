"""Alarms that page somebody, and that stop chaos experiments."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

from components.observability.alarm_spec import AlarmSpec
from components.observability.metric_query import metric_query
from components.place import Place


@dataclass(frozen=True, kw_only=True)
class CriticalAlarmsArgs:
    """The signals to watch, and where to say so."""

    place: Place
    stage: int
    signals: tuple[AlarmSpec, ...]
    topic_arn: pulumi.Input[str]
    runbooks: str


class CriticalAlarms(pulumi.ComponentResource):
    """One metric alarm a signal; each notifies on alarm and on recovery and links its runbook."""

    alarms: dict[str, cloudwatch.MetricAlarm]

    def __init__(self, name: str, args: CriticalAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:observability:CriticalAlarms", name, None, opts)
        self.alarms = {spec.signal: self._alarm(f"{name}-{spec.signal}", spec, args) for spec in args.signals}
        self.register_outputs({"arns": [alarm.arn for alarm in self.alarms.values()]})

    def _alarm(self, name: str, spec: AlarmSpec, args: CriticalAlarmsArgs) -> cloudwatch.MetricAlarm:
        what = cloudwatch.MetricAlarmArgs(
            name=args.place.name(spec.signal),
            alarm_description=f"{spec.summary}. Runbook: {args.runbooks}/{_runbook(spec.signal)}.md",
            comparison_operator=spec.comparison,
            threshold=spec.threshold,
            evaluation_periods=spec.evaluations,
            datapoints_to_alarm=spec.datapoints,
            treat_missing_data=spec.missing,
            alarm_actions=[args.topic_arn],
            ok_actions=[args.topic_arn],
            tags=args.place.tags(args.stage),
        )
        measured = _expression(what, spec) if spec.expression else _single(what, spec)
        return cloudwatch.MetricAlarm(name, measured, opts=pulumi.ResourceOptions(parent=self))


def _runbook(signal: str) -> str:
    return "instance" if signal.startswith("instance-") else signal


def _single(what: cloudwatch.MetricAlarmArgs, spec: AlarmSpec) -> cloudwatch.MetricAlarmArgs:
    metric = spec.metrics[0]
    what.namespace, what.metric_name = metric.namespace, metric.name
    what.dimensions, what.period = metric.dimensions, spec.period
    if metric.is_percentile:
        what.extended_statistic = metric.stat
        # With few requests a percentile is one request: such minutes keep the state as it is.
        what.evaluate_low_sample_count_percentiles = "ignore"
    else:
        what.statistic = metric.stat
    return what


def _expression(what: cloudwatch.MetricAlarmArgs, spec: AlarmSpec) -> cloudwatch.MetricAlarmArgs:
    what.metric_queries = [
        cloudwatch.MetricAlarmMetricQueryArgs(
            id="e1", expression=spec.expression, label=spec.summary, return_data=True
        ),
        *(metric_query(f"m{number}", metric, spec.period) for number, metric in enumerate(spec.metrics, 1)),
    ]
    return what
