"""Everything that AWS tells of a table is compared, or is excepted with a reason: walked over botocore's own shapes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from botocore.model import ListShape, Shape, StructureShape
from botocore.session import get_session

from runners.backup.tables.table_description import ITSELF, TableDescription, policy_text
from runners.backup.tables.table_differences import differences
from runners.backup.tables.table_exceptions import EXCEPTIONS, TOLD, exception_for, told_for
from runners.backup.tables.table_parts import OTHER, PARTS, part_of

NAME, ARN = "orders", "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
COPY, COPY_ARN = "orders-back", ARN + "-back"
# Where each answer's shape stands in botocore's models.
SHAPES: Final = {
    "Table": ("dynamodb", "TableDescription", False),
    "ContinuousBackups": ("dynamodb", "ContinuousBackupsDescription", False),
    "TimeToLive": ("dynamodb", "TimeToLiveDescription", False),
    "Tags": ("dynamodb", "Tag", True),
    "KinesisDestinations": ("dynamodb", "KinesisDataStreamDestination", True),
    "ContributorInsights": ("dynamodb", "DescribeContributorInsightsOutput", True),
    "ResourcePolicy": ("dynamodb", "GetResourcePolicyOutput", False),
    "ScalableTargets": ("application-autoscaling", "ScalableTarget", True),
    "ScalingPolicies": ("application-autoscaling", "ScalingPolicy", True),
    "ScheduledActions": ("application-autoscaling", "ScheduledAction", True),
}
# What an answer must say besides, so that what it tells is switched on.
ON: Final[dict[str, dict[str, Any]]] = {
    "ContinuousBackups": {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}},
    "TimeToLive": {"TimeToLiveStatus": "ENABLED"},
    "KinesisDestinations": {"StreamArn": "arn:stream", "DestinationStatus": "ACTIVE"},
    "ContributorInsights": {"IndexName": "table", "ContributorInsightsStatus": "ENABLED"},
    "ScalableTargets": {
        "ResourceId": "table/orders/index/by-who",
        "ScalableDimension": "dynamodb:index:ReadCapacityUnits",
    },
    "ScalingPolicies": {
        "ResourceId": "table/orders",
        "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
        "PolicyName": "p",
    },
    "ScheduledActions": {
        "ResourceId": "table/orders",
        "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
        "ScheduledActionName": "a",
    },
}
WITHIN: Final[dict[str, dict[str, Any]]] = {
    "SSEDescription": {"Status": "ENABLED"},
    "StreamSpecification": {"StreamEnabled": True},
}
# Members that say whether something is on, and are said by ON and WITHIN themselves.
SWITCHES: Final = frozenset(
    {
        *("PointInTimeRecoveryStatus", "TimeToLiveStatus", "DestinationStatus", "ContributorInsightsStatus"),
        *("ResourceId", "ScalableDimension", "PolicyName", "ScheduledActionName", "StreamArn", "IndexName"),
        *("StreamEnabled", "Status"),
    }
)


def leaves(shape: Shape, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every member that holds a value; entries of lists are `[]`."""
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            yield from leaves(member, (*path, name))
    elif isinstance(shape, ListShape):
        yield from leaves(shape.member, (*path, "[]"))
    else:
        yield path


def value_at(path: tuple[str, ...]) -> Any:
    """An answer in which one leaf is set, to something that no default is."""
    if not path:
        return "7"
    if path[0] == "[]":
        return [value_at(path[1:])]
    inner = value_at(path[1:])
    if path[0] in WITHIN and isinstance(inner, dict):
        inner = {**WITHIN[path[0]], **inner}
    return {path[0]: inner}


def merged(held: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return {
        key: merged(held[key], more[key])
        if isinstance(held.get(key), dict) and isinstance(more.get(key), dict)
        else more.get(key, held.get(key))
        for key in {**held, **more}
    }


def described(**answers: Any) -> TableDescription:
    return TableDescription(table=NAME, arn=ARN, answers={"Table": {"TableName": NAME, "TableArn": ARN}, **answers})


def copied(**answers: Any) -> TableDescription:
    told = {"TableName": COPY, "TableArn": COPY_ARN, **answers.pop("Table", {})}
    return TableDescription(table=COPY, arn=COPY_ARN, answers={"Table": told, **answers})


def cases() -> Iterator[tuple[str, tuple[str, ...]]]:
    session = get_session()
    for answer, (service, name, _) in SHAPES.items():
        for path in leaves(session.get_service_model(service).shape_for(name)):
            yield answer, path


CASES: Final = list(cases())


@pytest.mark.parametrize("answer", SHAPES)
def test_each_member_that_botocore_knows_is_compared_or_excepted(answer: str) -> None:
    """The source has it and the copy does not: that is a difference, unless the list of exceptions says why not."""
    listed = SHAPES[answer][2]
    base = ON.get(answer, {})
    silent = []
    for name, path in CASES:
        if name != answer or path[-1] in SWITCHES:
            continue
        there = merged(base, value_at(path))
        there, without = ([there], [base]) if listed else (there, base)  # type: ignore[assignment]
        found = differences(described(**{answer: there}), copied(**{answer: without} if without else {}))
        if not any(held.differing for held in found.parts) and not found.told:
            silent.append(f"{answer}{'[]' if listed else ''}." + ".".join(path).replace(".[]", "[]"))
    assert [path for path in silent if not excepted(path)] == []
    assert len(silent) < sum(name == answer for name, _ in CASES)


def excepted(path: str) -> bool:
    """Whether the list has it, or something above it."""
    return any(path == name or path.startswith((f"{name}.", f"{name}[")) for name in EXCEPTIONS)


@pytest.mark.parametrize("name", [*EXCEPTIONS, *TOLD])
def test_every_exception_is_about_something_that_aws_tells(name: str) -> None:
    """Nothing stays in the list that is not told any more, and nothing is excepted twice."""
    known = {
        f"{answer}{'[]' if SHAPES[answer][2] else ''}." + ".".join(path).replace(".[]", "[]") for answer, path in CASES
    }
    known |= {"Tags[ial:drill-run]", "Tags[ial:stack]", "SystemTags"}
    assert any(path == name or path.startswith((f"{name}.", f"{name}[")) for path in known)
    assert len({**EXCEPTIONS, **TOLD}[name]) > 10
    assert (name in EXCEPTIONS) != (name in TOLD)


def test_what_aws_begins_to_tell_tomorrow_is_a_difference() -> None:
    for answer, path in (("Table", ("Lifespan",)), ("Table", ("GlobalSecondaryIndexes", "[by-who]", "Lifespan"))):
        assert exception_for((answer, *path)) is None
        assert told_for((answer, *path)) is None
    assert part_of(("Table", "Lifespan")).name == OTHER
    found = differences(described(Table={"Lifespan": {"Days": 7}}), copied())
    [other] = [held for held in found.parts if held.part.name == OTHER]
    assert other.check().ok is False
    assert other.check().detail.startswith("Table.Lifespan.Days is none, not 7; this version of ial does not know how")


def test_the_order_of_lists_and_the_name_of_the_table_say_nothing() -> None:
    indexes = [{"IndexName": name, "Projection": {"NonKeyAttributes": ["b", "a"]}} for name in ("x", "y")]
    turned = [{"IndexName": name, "Projection": {"NonKeyAttributes": ["a", "b"]}} for name in ("y", "x")]
    policy = json.dumps({"Statement": [{"Resource": [ARN, f"{ARN}/index/x"]}]}, indent=2)
    other = json.dumps({"Statement": [{"Resource": [COPY_ARN, f"{COPY_ARN}/index/x"]}]})
    target = {"ScalableDimension": "dynamodb:index:ReadCapacityUnits", "MinCapacity": 5}
    found = differences(
        described(
            Table={"GlobalSecondaryIndexes": indexes},
            ResourcePolicy={"Policy": policy, "RevisionId": "1"},
            ScalableTargets=[{**target, "ResourceId": "table/orders/index/x"}],
        ),
        copied(
            Table={"GlobalSecondaryIndexes": turned},
            ResourcePolicy={"Policy": other, "RevisionId": "2"},
            ScalableTargets=[{**target, "ResourceId": "table/orders-back/index/x"}],
        ),
    )
    assert [held.part.name for held in found.parts if not held.same] == []


def test_a_policy_about_another_table_stays_about_it() -> None:
    policy = json.dumps({"Statement": [{"Resource": [ARN, f"{ARN}-archive"]}]})
    assert json.loads(policy_text({"Policy": policy}, ARN)) == {"Statement": [{"Resource": [ITSELF, f"{ARN}-archive"]}]}
    assert policy_text({"Policy": "no JSON"}, ARN) == "no JSON"


@pytest.mark.parametrize(
    ("told", "left_out"),
    [
        ({"DeletionProtectionEnabled": False}, {}),
        ({"BillingModeSummary": {"BillingMode": "PROVISIONED"}}, {}),
        ({"TableClassSummary": {"TableClass": "STANDARD"}}, {}),
        ({"StreamSpecification": {"StreamEnabled": False}}, {}),
        ({"SSEDescription": {"Status": "DISABLED"}}, {}),
        (
            {"SSEDescription": {"Status": "UPDATING", "SSEType": "KMS"}},
            {"SSEDescription": {"Status": "ENABLED", "SSEType": "KMS"}},
        ),
        ({"OnDemandThroughput": {"MaxReadRequestUnits": -1}}, {}),
        ({"ProvisionedThroughput": {"ReadCapacityUnits": 0}}, {}),
    ],
)
def test_off_is_off_however_it_is_said(told: dict[str, Any], left_out: dict[str, Any]) -> None:
    found = differences(described(Table=told), copied(Table=left_out))
    assert [held.part.name for held in found.parts if not held.same] == []


def test_units_that_auto_scaling_moves_are_not_compared_and_its_bounds_are() -> None:
    def units(read: int) -> dict[str, Any]:
        return {"ProvisionedThroughput": {"ReadCapacityUnits": read, "WriteCapacityUnits": 5}}

    target = {
        "ResourceId": "table/orders",
        "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
        "MinCapacity": 5,
        "MaxCapacity": 50,
    }
    of_copy = {**target, "ResourceId": "table/orders-back"}
    scaled = described(Table=units(5), ScalableTargets=[target])
    for copy, differing in (
        (copied(Table=units(40), ScalableTargets=[of_copy]), []),
        (copied(Table=units(40), ScalableTargets=[{**of_copy, "MaxCapacity": 51}]), ["autoscaling"]),
        (
            copied(Table={"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6}}),
            ["billing", "autoscaling"],
        ),
    ):
        assert [held.part.name for held in differences(scaled, copy).parts if not held.same] == differing
    unscaled = differences(described(Table=units(5)), copied(Table=units(40)))
    assert [held.part.name for held in unscaled.parts if not held.same] == ["billing"]


def test_what_could_not_be_asked_is_unknown_and_never_none() -> None:
    source = TableDescription(
        table=NAME, arn=ARN, answers={"Table": {}}, unknown={"KinesisDestinations": "dynamodb:X: AccessDeniedException"}
    )
    found = differences(source, copied(KinesisDestinations=[]))
    part = found.of("kinesis-destinations")
    assert part is not None
    assert part.check().ok is None
    assert "not known: dynamodb:X: AccessDeniedException" in part.check().observed
    assert "is not known" in part.finding(NAME).what
    assert found.to_put == ()


def test_what_is_put_back_is_what_differs_and_can_be() -> None:
    source = described(
        Table={
            "DeletionProtectionEnabled": True,
            "Replicas": [{"RegionName": "eu-west-1"}],
            "TableClassSummary": {"TableClass": "X"},
        },
        Tags=[{"Key": "team", "Value": "pay"}],
        SystemTags=[{"Key": "aws:cloudformation:stack-name", "Value": "shop"}],
        TimeToLive={"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"},
    )
    found = differences(source, copied(TimeToLive={"TimeToLiveStatus": "ENABLING", "AttributeName": "expires"}))
    assert found.to_put == ("table-class", "tags", "deletion-protection")
    replicas = found.of("replicas")
    assert replicas is not None
    assert replicas.check().ok is False
    assert "each is billed" in replicas.check().detail
    assert [finding.what for finding in found.told] == [
        "not as in the source: SystemTags[aws:cloudformation:stack-name] is missing"
    ]


def test_every_part_has_a_way_back_or_a_reason() -> None:
    for part in PARTS:
        assert part.put or part.restored or part.why_not


def test_a_journal_holds_it_all() -> None:
    source = described(Tags=[{"Key": "team", "Value": ""}])
    assert TableDescription.read(json.loads(json.dumps(source.document()))) == source
    assert source.facts["Tags", "[team]", "Value"] == ""
