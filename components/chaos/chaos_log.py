"""What experiments leave behind, and who hears of it: a log, failed actions with an alarm, and an event rule."""

import json
from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

from components.observability.notifications import RULE, TOPIC
from components.observability.run_markers import RUN_QUERIES
from components.place import Place
from components.roles import allow, role, service_trust
from contract.names import parameter_path

_FAILED = "ChaosActionFailed"
ALARM_ON_ACTIONS = "chaos-action-failed"
# FIS's records name their kind in `log_type`: https://docs.aws.amazon.com/fis/latest/userguide/monitoring-logging.html
FAILURES = '{ $.log_type = "action-error" }'


def log_group(place: Place) -> str:
    """Where FIS writes what it does."""
    return parameter_path(place.environment, "chaos")


@dataclass(frozen=True, kw_only=True)
class ChaosLogArgs:
    """How long the log is kept, where the metric goes, and who is told."""

    place: Place
    stage: int
    retention_days: int
    namespace: str
    topic_arn: pulumi.Input[str]


class ChaosLog(pulumi.ComponentResource):
    """FIS writes into the log group; every change of an experiment's state and every failed action is told."""

    group: cloudwatch.LogGroup
    group_name: str

    def __init__(self, name: str, args: ChaosLogArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:chaos:ChaosLog", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        self.group_name = log_group(args.place)
        self.group = cloudwatch.LogGroup(
            f"{name}-group",
            name=self.group_name,
            retention_in_days=args.retention_days,
            tags=args.place.tags(args.stage),
            opts=self._child,
        )
        self._count_failures()
        self._save_queries()
        self.register_outputs({"group_name": self.group_name})

    def _save_queries(self) -> None:
        for role_name, title, query in RUN_QUERIES:
            cloudwatch.QueryDefinition(
                f"{self._name}-query-{role_name}",
                name=f"{self._args.place.name('')}{role_name}: {title}",
                query_string=query,
                log_group_names=[self.group_name],
                opts=pulumi.ResourceOptions(parent=self, depends_on=[self.group]),
            )

    def _count_failures(self) -> None:
        args = self._args
        cloudwatch.LogMetricFilter(
            f"{self._name}-failed",
            name=args.place.name(ALARM_ON_ACTIONS),
            log_group_name=self.group_name,
            pattern=FAILURES,
            metric_transformation=cloudwatch.LogMetricFilterMetricTransformationArgs(
                namespace=args.namespace, name=_FAILED, value="1"
            ),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.group]),
        )
        cloudwatch.MetricAlarm(
            f"{self._name}-alarm",
            name=args.place.name(ALARM_ON_ACTIONS),
            alarm_description="An action of a chaos experiment failed: the experiment proves nothing. See its log",
            namespace=args.namespace,
            metric_name=_FAILED,
            statistic="Sum",
            period=300,
            evaluation_periods=1,
            datapoints_to_alarm=1,
            threshold=1,
            comparison_operator="GreaterThanOrEqualToThreshold",
            # Nothing is logged between experiments, and that is no failure.
            treat_missing_data="notBreaching",
            alarm_actions=[args.topic_arn],
            ok_actions=[args.topic_arn],
            tags=args.place.tags(args.stage),
            opts=self._child,
        )

    def tell_changes(self, template_ids: list[pulumi.Output[str]]) -> None:
        """Tells every change of state of these templates' experiments, and of nobody else's in the account."""
        args, place = self._args, self._args.place
        pattern = pulumi.Output.all(*template_ids).apply(event_pattern)
        rule = cloudwatch.EventRule(
            f"{self._name}-rule",
            name=place.name(RULE),
            description="Every change of an experiment's state",
            event_pattern=pattern,
            tags=args.place.tags(args.stage),
            opts=self._child,
        )
        # EventBridge honours no Condition in a topic's policy, so the topic does not name it: the target has a role.
        teller = role(
            f"{self._name}-teller",
            place,
            role_name="chaos-teller",
            stage=args.stage,
            trust=service_trust(place, "events", source=place.arn("events", f"rule/{place.name(RULE)}")),
            statements=[allow("TellAlerts", ["sns:Publish"], [place.arn("sns", place.name(TOPIC))])],
            parent=self,
        )
        cloudwatch.EventTarget(
            f"{self._name}-target",
            rule=rule.name,
            target_id="alerts",
            arn=args.topic_arn,
            role_arn=teller.arn,
            opts=self._child,
        )


def event_pattern(template_ids: list[str]) -> str:
    """The experiments of these templates (FIS user guide, monitoring-eventbridge)."""
    return json.dumps(
        {
            "source": ["aws.fis"],
            "detail-type": ["FIS Experiment State Change"],
            "detail": {"experiment-template-id": template_ids},
        }
    )
