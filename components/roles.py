"""IAM roles with the policies written out: who may assume them, and what they may do."""

import json
from collections.abc import Mapping, Sequence

import pulumi
from pulumi_aws import iam

from components.keeping import kept
from components.place import Place
from contract.names import RUNS_PREFIX, configuration_bucket

Statement = Mapping[str, object]
# A restore drill of a large table takes hours: as long as the longest session that a workflow asks for.
LONGEST_SESSION_SECONDS = 4 * 3600


def allow(sid: str, actions: Sequence[str], resources: Sequence[str], **condition: object) -> Statement:
    """A statement that allows actions on resources."""
    statement: dict[str, object] = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": list(resources),
    }
    return {**statement, "Condition": condition} if condition else statement


def archive_permissions(place: Place) -> list[Statement]:
    """Reads and writes of what came of runs, and of nothing else in the configuration bucket.

    A write on condition of what was read asks for `s3:GetObject`, too; who may not list is answered 403 where there is
    no object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    """
    arn = place.bucket_arn(configuration_bucket(place.environment, place.account))
    return [
        allow("FindRuns", ["s3:ListBucket"], [arn], StringLike={"s3:prefix": [f"{RUNS_PREFIX}*"]}),
        allow("KeepRuns", ["s3:GetObject", "s3:PutObject"], [f"{arn}/{RUNS_PREFIX}*"]),
    ]


def document(statements: Sequence[Statement]) -> str:
    """A policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def service_trust(place: Place, service: str, source: str | None = None) -> str:
    """Lets an AWS service assume a role, only on behalf of this account; `source` narrows it to resources."""
    condition: dict[str, object] = {"StringEquals": {"aws:SourceAccount": place.account}}
    if source is not None:
        condition["ArnLike"] = {"aws:SourceArn": source}
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": condition,
    }
    return document([statement])


def account_trust(place: Place, principals: Sequence[str]) -> str:
    """Lets named principals assume a role; without any, whoever the account's own policies let: the gate says so."""
    arns = list(principals) or [place.global_arn("iam", "root")]
    return document([{"Effect": "Allow", "Principal": {"AWS": arns}, "Action": "sts:AssumeRole"}])


def role(
    name: str,
    place: Place,
    *,
    role_name: str,
    stage: int,
    trust: str,
    statements: Sequence[Statement],
    parent: pulumi.Resource,
    keep: bool = False,
) -> iam.Role:
    """A role with one inline policy; `keep` is for one that data still needs when the stack is gone."""
    full = place.name(role_name)
    child = pulumi.ResourceOptions(parent=parent)
    created = iam.Role(
        name,
        name=full,
        assume_role_policy=trust,
        max_session_duration=LONGEST_SESSION_SECONDS,
        tags=place.tags(stage),
        opts=kept(place, full, parent) if keep else child,
    )
    below = kept(place, None, parent) if keep else child
    iam.RolePolicy(f"{name}-policy", name="ial", role=created.name, policy=document(statements), opts=below)
    return created
