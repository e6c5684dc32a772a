from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from preview.ial_program_host.unresolved_applies import Applies
from preview.program import record
from preview.project import Project

APPLIES = Applies(Path(__file__).parent)


def make(name: Any) -> Any:
    return aws.sqs.Queue(name)


def through_another(name: Any) -> Any:
    return make(name)


def importing(name: Any) -> Any:
    import pulumi_aws.sqs as queues

    return queues.Queue(name)


def importing_the_class(name: Any) -> Any:
    from pulumi_aws.sqs import Queue

    return Queue(name)


def nested(names: Any) -> Any:
    def one(name: str) -> Any:
        return aws.sqs.Queue(name)

    return [one(name) for name in names]


def closed_over(maker: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda name: maker(name)


class Site(pulumi.ComponentResource):
    pass


class Factory:
    def __call__(self, name: Any) -> Any:
        return self.build(name)

    def build(self, name: Any) -> Any:
        return aws.sqs.Queue(name)

    def text(self, name: Any) -> str:
        return json.dumps({"name": name})


class Wrapper:
    def __init__(self, name: Any) -> None:
        self.queue = aws.sqs.Queue(name)


MAKERS = {"queue": make}
FACTORY = Factory()


@pytest.mark.parametrize(
    "func",
    [
        make, through_another, importing, importing_the_class, nested, closed_over(make), Site, aws.sqs.Queue, Wrapper,
        FACTORY, FACTORY.build, functools.partial(make), functools.partial(aws.sqs.Queue, "q"),
        lambda name: FACTORY.build(name), lambda name: MAKERS["queue"](name), lambda name: Site("t", name),
        lambda name: getattr(aws.sqs, "Que" + "ue")(name), lambda name, kind=aws.sqs.Queue: kind(name),
        lambda name: pulumi.CustomResource("a:b:C", name),
    ],
)  # fmt: skip
def test_what_can_create_a_resource_is_found(func: Callable[..., Any]) -> None:
    assert APPLIES._creates(func)


@pytest.mark.parametrize(
    "func",
    [
        json.dumps, str, len, print, FACTORY.text, lambda arn: json.dumps({"Resource": arn}), lambda arn: f"{arn}/*",
        lambda arn: arn.split(":")[4], lambda arn: pulumi.log.info(arn), lambda arn: pulumi.Output.concat(arn, "/*"),
        lambda name: aws.sqs.Queue.get("theirs", name), lambda name: aws.sqs.get_queue_output(name=name),
        lambda name: aws.iam.get_policy_document(statements=[]), lambda name: pulumi.StackReference(name),
        lambda size: aws.cloudwatch.MetricAlarmMetricQueryArgs(id=size), closed_over(json.dumps),
    ],
)  # fmt: skip
def test_what_only_reckons_or_reads_is_not_listed(func: Callable[..., Any]) -> None:
    assert APPLIES._creates(func) is None


PROGRAM = """
    import json
    import pulumi
    import pulumi_aws as aws

    topic = aws.sns.Topic("small")
    other = aws.sns.Topic("other", name="known")


    def big(arn):
        aws.ec2.Instance("hidden", instance_type="m5.4xlarge", ami="ami-1")
        return arn


    topic.arn.apply(big)
    for _ in range(3):
        topic.arn.apply(lambda arn: aws.sqs.Queue("q"))
    topic.arn.apply(lambda arn: json.dumps({"arn": arn}))
    other.name.apply(lambda name: aws.sqs.Queue(name))
    topic.arn.apply(lambda arn: aws.sqs.Queue("seen"), run_with_unknowns=True)
"""


def test_only_what_did_not_run_is_told_once_with_file_and_line(load: Callable[..., Project]) -> None:
    found = record(load(PROGRAM))
    first, second = found.unseen
    assert "apply at __main__.py:15 " in first
    assert "`big` (__main__.py:10) can create resources (pulumi_aws:Instance)" in first
    assert "apply at __main__.py:17 " in second
    assert found.diagnostics == ()
    assert {entry.name for entry in found.graph} >= {"known", "seen"}
