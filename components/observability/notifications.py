"""One topic for everything a person should know."""

import hashlib
import json
from dataclasses import dataclass

import pulumi
from pulumi_aws import sns

from components.place import Place

# EventBridge is not among them: it publishes with a role of its target, for it heeds no Condition here.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
_PUBLISHERS = ("cloudwatch", "budgets")
TOPIC = "alerts"
# The rule that tells of experiments, whose failed deliveries the dashboard shows.
RULE = "chaos-states"


@dataclass(frozen=True, kw_only=True)
class NotificationsArgs:
    """Who is told."""

    place: Place
    stage: int
    emails: tuple[str, ...]


class Notifications(pulumi.ComponentResource):
    """An SNS topic that CloudWatch and Budgets of this account may publish to, and its subscribers.

    The topic is not encrypted with `alias/aws/sns`: CloudWatch could not publish to it, and a key of our own would
    cost 1.00 USD a month.
    """

    topic_arn: pulumi.Output[str]

    def __init__(self, name: str, args: NotificationsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:observability:Notifications", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        physical = args.place.name(TOPIC)
        topic = sns.Topic(f"{name}-topic", name=physical, tags=args.place.tags(args.stage), opts=child)
        policy = sns.TopicPolicy(
            f"{name}-policy",
            arn=topic.arn,
            policy=json.dumps(publishing_policy(args.place, args.place.arn("sns", physical))),
            opts=child,
        )
        for email in args.emails:
            subscriber = f"{name}-email-{_mark(email)}"
            sns.TopicSubscription(subscriber, topic=topic.arn, protocol="email", endpoint=email, opts=child)
        self.topic_arn, self.policy = topic.arn, policy
        self.register_outputs({"topic_arn": topic.arn})


def _mark(email: str) -> str:
    """A stable short name for an address: resource names reach public reports, addresses must not."""
    return hashlib.sha256(email.encode()).hexdigest()[:8]


def publishing_policy(place: Place, topic_arn: str) -> dict[str, object]:
    """Lets AWS's services publish, and only on behalf of this account."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": f"{service.capitalize()}Publishes",
                "Effect": "Allow",
                "Principal": {"Service": f"{service}.amazonaws.com"},
                "Action": "sns:Publish",
                "Resource": topic_arn,
                "Condition": {"StringEquals": {"aws:SourceAccount": place.account}},
            }
            for service in _PUBLISHERS
        ],
    }
