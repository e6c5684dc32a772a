"""What is said of each call that a role of FIS may make, word for word, and the call beside it that is fine."""

from __future__ import annotations

from typing import Any

import pytest

from policies.chaos_permissions import excess

ONE = "arn:aws:ec2:us-east-1:123456789012:instance/i-1"
ALL = "arn:aws:ec2:us-east-1:123456789012:instance/*"
TAGGED = {"StringEquals": {"aws:ResourceTag/chaos:enabled": "true"}}
MANY = "allows more than one fault needs; name the calls"
OFFER = "name the resources, or add StringEquals aws:ResourceTag/chaos:enabled = true"
STARTS = "belongs to what starts experiments, not to what they may do; remove it"
ACCESS = "changes who may do what, which is no fault; remove it"
UNDOES = "undoes the fault and has a condition, which may forbid the undoing; take it away"
PASSES = "may pass the role to any service; add StringEquals iam:PassedToService = the one service"


def hit(arn: str) -> str:
    return f"may hit what nobody offered ({arn}); {OFFER}"


def reach(arn: str) -> str:
    return f"may reach every resource ({arn}); name the kind of resource in its ARN"


def fault(action: str, resource: Any = ONE, condition: Any = None, **more: Any) -> str | None:
    """What is said of one call."""
    held = {"Condition": condition} if condition else {}
    found = list(excess({"Effect": "Allow", "Action": action, "Resource": resource, **held, **more}))
    assert all(text.startswith(f"`{action}` ") for text in found)
    assert len(found) <= 1
    return found[0].removeprefix(f"`{action}` ") if found else None


@pytest.mark.parametrize("part", ["NotAction", "NotResource"])
def test_everything_but_something(part: str) -> None:
    text = "a statement allows everything but something; name what it allows"
    assert list(excess({"Effect": "Allow", "Action": "ec2:RebootInstances", part: "x"})) == [text]
    assert list(excess({"Effect": "Allow", "Action": "ec2:*", "Resource": ONE, part: "x"})) == [text]


def test_each_call_of_a_statement_is_judged() -> None:
    found = excess({"Action": ["ec2:RebootInstances", "ec2:*", "sts:AssumeRole"], "Resource": ONE})
    assert list(found) == [f"`ec2:*` {MANY}", f"`sts:AssumeRole` {ACCESS}"]
    assert list(excess({"Resource": ONE})) == []


@pytest.mark.parametrize("action", ["*", "ec2", "ec2:", "ec2:*", "ec2:Reboot*", "ec2:Reboot?nstances", "*:Reboot"])
def test_calls_that_stand_for_many(action: str) -> None:
    assert fault(action) == MANY


@pytest.mark.parametrize("action", ["fis:StartExperiment", "FIS:startexperiment"])
def test_experiments_start_no_experiments(action: str) -> None:
    assert fault(action) == STARTS
    assert fault("fis:StopExperiment") is None


@pytest.mark.parametrize(
    ("action", "text"),
    [
        ("iam:PutRolePolicy", ACCESS),
        ("sts:AssumeRole", ACCESS),
        ("organizations:LeaveOrganization", ACCESS),
        ("account:CloseAccount", ACCESS),
        ("sso:CreateInstance", ACCESS),
        ("sts:GetCallerIdentity", ACCESS),
        ("sts:ListSomething", ACCESS),
        ("iam:GetRole", None),
        ("iam:ListRoles", None),
        ("iam:DescribeRole", None),
        ("ec2:GetRole", None),
    ],
)
def test_who_may_do_what_is_no_target(action: str, text: str | None) -> None:
    assert fault(action) == text


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ({"StringEquals": {"iam:PassedToService": "ssm.amazonaws.com"}}, None),
        ({"stringequals": {"IAM:passedtoservice": ["ssm.amazonaws.com"]}}, None),
        ({"StringEquals": {"iam:PassedToService": ["ssm.amazonaws.com", ""]}}, PASSES),
        ({"StringEquals": {"iam:PassedToService": ["ssm.amazonaws.com", "*"]}}, PASSES),
        ({"StringEquals": {"iam:PassedToService": []}}, PASSES),
        ({"StringLike": {"iam:PassedToService": "ssm.amazonaws.com"}}, PASSES),
        ({"StringEquals": {"iam:AssociatedResourceArn": "ssm.amazonaws.com"}}, PASSES),
        (None, PASSES),
    ],
)
def test_a_role_is_passed_to_one_service(condition: Any, text: str | None) -> None:
    assert fault("iam:PassRole", "arn:aws:iam::123456789012:role/r", condition) == text


def test_one_role_is_passed_whatever_tag_it_has() -> None:
    condition = {"StringEquals": {"iam:PassedToService": "ssm.amazonaws.com", "aws:ResourceTag/chaos:enabled": "true"}}
    assert fault("iam:PassRole", "arn:aws:iam::123456789012:role/*", condition) == hit(
        "arn:aws:iam::123456789012:role/*"
    )


UNLIMITED = ["ssm:CancelCommand", "logs:CreateLogDelivery", "logs:PutResourcePolicy", "tag:GetResources"]


@pytest.mark.parametrize("action", [*UNLIMITED, "ec2:DescribeInstances", "ssm:ListCommands"])
@pytest.mark.parametrize("resource", ["*", ALL, ONE, None])
def test_what_aws_limits_to_no_resource(action: str, resource: str | None) -> None:
    assert fault(action, resource) is None


UNDOING = {
    "ssm:StopAutomationExecution": "arn:aws:ssm:us-east-1:123456789012:automation-execution/*",
    "ec2:StartInstances": ALL,
    "arc-zonal-shift:CancelZonalShift": "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/*",
    "ec2:DeleteNetworkAcl": "arn:aws:ec2:us-east-1:123456789012:network-acl/*",
}
READING = {
    "ec2:GetManagedPrefixListEntries": "arn:aws:ec2:us-east-1:123456789012:prefix-list/*",
    "arc-zonal-shift:GetManagedResource": "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/*",
    "ssm:GetAutomationExecution": "arn:aws:ssm:us-east-1:123456789012:automation-execution/*",
    "ssm:GetCommandInvocation": "arn:aws:ssm:us-east-1:123456789012:command/*",
    "dynamodb:GetResourcePolicy": "arn:aws:dynamodb:us-east-1:123456789012:table/*",
}


@pytest.mark.parametrize(("action", "kind"), (UNDOING | READING).items())
def test_what_undoes_and_what_reads_is_held_to_a_kind_of_resource(action: str, kind: str) -> None:
    assert fault(action, kind) is None
    assert fault(action, [ONE, kind]) is None
    assert fault(action, [kind, "*"]) == reach("*")
    assert fault(action, None) == reach("*")
    assert fault(action, "arn:aws:ec2:us-east-1:123456789012:*") == reach("arn:aws:ec2:us-east-1:123456789012:*")
    assert fault(action, "arn:aws:*:us-east-1:123456789012:a/b") == reach("arn:aws:*:us-east-1:123456789012:a/b")


@pytest.mark.parametrize("action", [*UNDOING, "ssm:CancelCommand", "ec2:ReplaceNetworkAclAssociation"])
def test_an_undoing_has_no_condition(action: str) -> None:
    assert fault(action, ONE, TAGGED) == UNDOES
    assert fault(action.lower(), ONE, TAGGED) == UNDOES
    assert fault(action, ONE, {}) is None


@pytest.mark.parametrize("action", READING)
def test_a_reading_may_have_one(action: str) -> None:
    assert fault(action, ONE, TAGGED) is None


@pytest.mark.parametrize("action", ["ec2:GetPasswordData", "secretsmanager:GetSecretValue", "ssm:GetParameter"])
def test_what_else_is_read_may_tell_secrets(action: str) -> None:
    assert fault(action, "*") == hit("*")


BESIDE = {
    "ec2:CreateNetworkAcl": "arn:aws-cn:ec2:cn-north-1:123456789012:vpc/*",
    "ec2:ReplaceNetworkAclAssociation": "arn:aws:ec2:us-east-1:123456789012:network-acl/*",
    "ssm:SendCommand": "arn:aws:ssm:us-east-1::document/AWSFIS-Run-*",
}


@pytest.mark.parametrize("action", BESIDE)
def test_what_may_be_many_beside_what_is_held(action: str) -> None:
    for of, arn in BESIDE.items():
        assert fault(action, arn) == (None if of == action else hit(arn))
        assert fault(action, [ONE, arn]) == (None if of == action else hit(arn))
    assert fault(action, [BESIDE[action], ALL]) == hit(ALL)


@pytest.mark.parametrize(
    "wide", ["*", ALL, ALL.replace("*", "i-?"), "arn:aws:ec2:*:123456789012:instance/${aws:username}"]
)
def test_many_resources_are_held_by_nothing(wide: str) -> None:
    assert fault("ec2:RebootInstances", ONE) is None
    assert fault("ec2:RebootInstances", wide) == hit(wide)
    assert fault("ec2:RebootInstances", [ONE, wide, "*"]) == hit(wide)
    assert fault("ec2:RebootInstances", wide, TAGGED) is None


def test_no_resource_is_every_resource() -> None:
    nones: list[Any] = [None, []]
    for none in nones:
        assert fault("ec2:RebootInstances", none) == hit("*")


CREATES = {"ec2:CreateAction": "CreateNetworkAcl"}
REQUEST = {"aws:RequestTag/managedByFIS": "true"}
ARNS = {"ec2:FisTargetArns": ["arn:aws:autoscaling:a", "arn:aws:autoscaling:b"]}


@pytest.mark.parametrize(
    ("action", "condition", "held"),
    [
        ("ec2:RebootInstances", TAGGED, True),
        ("ec2:RebootInstances", {"StringEquals": {"ec2:ResourceTag/a": "b"}}, True),
        ("ec2:RebootInstances", {"StringEquals": {"aws:ResourceTag/a": ["b", "c"]}}, True),
        ("ec2:RebootInstances", {"StringEquals": {"aws:SourceAccount": "1", "aws:ResourceTag/a": "b"}}, True),
        ("ec2:RebootInstances", {"StringEquals": {"aws:ResourceTag/a": ["b", "*"]}}, False),
        ("ec2:RebootInstances", {"StringEquals": {"aws:ResourceTag/a": ""}}, False),
        ("ec2:RebootInstances", {"StringEquals": {"aws:ResourceTag/a": []}}, False),
        ("ec2:RebootInstances", {"StringEqualsIgnoreCase": {"aws:ResourceTag/a": "b"}}, False),
        ("ec2:RebootInstances", {"StringEquals": REQUEST}, False),
        ("ec2:RebootInstances", {"StringEquals": ARNS}, False),
        ("ec2:CreateNetworkAcl", {"StringEquals": REQUEST}, True),
        ("ec2:CreateNetworkAcl", {"StringEquals": {"aws:RequestTag/managedByFIS": "*"}}, False),
        ("ec2:CreateNetworkAcl", {"StringLike": REQUEST}, False),
        ("ec2:CreateTags", {"StringEquals": REQUEST}, False),
        ("ec2:CreateTags", {"StringEquals": CREATES}, False),
        ("ec2:CreateTags", {"StringEquals": CREATES | REQUEST}, True),
        ("ec2:CreateTags", {"StringEquals": REQUEST, "StringLike": CREATES}, False),
        *(
            (action, {operator: {key: "arn:aws:a"}}, True)
            for action in ("ec2:InjectApiError", "fis:InjectApiThrottleError")
            for operator in ("StringEquals", "ForAllValues:StringEquals")
            for key in ("ec2:FisTargetArns", "fis:Targets")
        ),
        ("ec2:InjectApiError", {"StringEquals": ARNS}, True),
        ("ec2:InjectApiError", {"StringEquals": {"ec2:FisTargetArns": ["arn:aws:a", "arn:aws:*"]}}, False),
        ("ec2:InjectApiError", {"StringEquals": {"ec2:FisTargetArns": "arn:aws:a", "fis:Targets": "*"}}, False),
        ("ec2:InjectApiError", {"StringLike": ARNS}, False),
        ("ec2:InjectApiError", {"StringEquals": {"ec2:FisTargetArns": []}}, False),
        ("ec2:InjectApiError", {"StringEquals": REQUEST}, False),
    ],
)
def test_what_a_condition_holds(action: str, condition: dict[str, Any], held: bool) -> None:
    assert fault(action, "*", condition) == (None if held else hit("*"))
