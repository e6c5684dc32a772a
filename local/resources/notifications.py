"""SNS topics, their policies and subscriptions."""

from __future__ import annotations

from local.endpoint import Endpoint
from local.resources.kind import Kind, Made, Properties, tag_list, upsert


def _create_topic(endpoint: Endpoint, properties: Properties) -> Made:
    arn = endpoint.client("sns").create_topic(Name=properties["name"], Tags=tag_list(properties))["TopicArn"]
    return Made(arn, {"arn": arn, "owner": arn.split(":")[4]})


def _delete_topic(endpoint: Endpoint, arn: str, _: Properties) -> None:
    endpoint.client("sns").delete_topic(TopicArn=arn)


def _put_policy(endpoint: Endpoint, properties: Properties) -> Made:
    arn = properties["arn"]
    endpoint.client("sns").set_topic_attributes(
        TopicArn=arn, AttributeName="Policy", AttributeValue=properties["policy"]
    )
    return Made(arn)


def _keep(_: Endpoint, __: str, ___: Properties) -> None:
    """Nothing to undo of its own: it goes with what it belongs to."""


def _subscribe(endpoint: Endpoint, properties: Properties) -> Made:
    arn = endpoint.client("sns").subscribe(
        TopicArn=properties["topic"], Protocol=properties["protocol"], Endpoint=properties["endpoint"],
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]  # fmt: skip
    return Made(arn, {"arn": arn})


def _unsubscribe(endpoint: Endpoint, arn: str, _: Properties) -> None:
    endpoint.client("sns").unsubscribe(SubscriptionArn=arn)


KINDS: dict[str, Kind] = {
    "aws:sns/topic:Topic": upsert(_create_topic, _delete_topic, "name"),
    "aws:sns/topicPolicy:TopicPolicy": upsert(_put_policy, _keep, "arn"),
    "aws:sns/topicSubscription:TopicSubscription": Kind(create=_subscribe, delete=_unsubscribe),
}
