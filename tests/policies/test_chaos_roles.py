"""Roles of experiments: who may take them on, whose they are, and what they may do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.experiment import TEMPLATE
from tests.policies.conftest import ENVIRONMENT, UNKNOWN_TEXT, Declared, Servicer, configure, urn_of
from tests.policies.test_chaos import said, template

ROLE, POLICY = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
ATTACHED = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
CONDITIONS: dict[str, Any] = {
    "StringEquals": {"aws:SourceAccount": "123456789012"},
    "ArnLike": {"aws:SourceArn": "arn:aws:fis:us-east-1:123456789012:experiment/*"},
}
BOTH = "aws:SourceAccount and aws:SourceArn"


def trust(service: Any = "fis.amazonaws.com", condition: Any = CONDITIONS, **more: Any) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
        "Condition": condition,
        **more,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def account(operator: str, value: Any, key: str = "aws:SourceAccount") -> dict[str, Any]:
    return {operator: {key: value}, "ArnLike": CONDITIONS["ArnLike"]}


def source(operator: str, value: Any) -> dict[str, Any]:
    return {"StringEquals": CONDITIONS["StringEquals"], operator: {"aws:SourceArn": value}}


OTHERS = "arn:aws:fis:us-east-1:999999999999:experiment/*"


@pytest.mark.parametrize(
    ("document", "refused"),
    [
        (trust(), None),
        (trust(condition={}), BOTH),
        (trust(condition={"StringEquals": CONDITIONS["StringEquals"]}), "aws:SourceArn"),
        (trust(condition={"ArnLike": CONDITIONS["ArnLike"]}), "aws:SourceAccount"),
        (trust(condition=account("stringequals", "123456789012", "AWS:sourceaccount")), None),
        (trust(condition=account("StringEquals", ["123456789012"])), None),
        (trust(condition=account("StringLike", "123456789012")), None),
        (trust(condition=account("StringEquals", "1")), "aws:SourceAccount"),
        (trust(condition=account("StringEquals", "999999999999")), "aws:SourceAccount"),
        (trust(condition=account("StringEquals", ["123456789012", "999999999999"])), "aws:SourceAccount"),
        (trust(condition=account("StringLike", "*")), "aws:SourceAccount"),
        (trust(condition=account("StringNotEquals", "123456789012")), "aws:SourceAccount"),
        (trust(condition=account("StringEqualsIfExists", "123456789012")), "aws:SourceAccount"),
        (trust(condition=account("ForAllValues:StringEquals", "123456789012")), "aws:SourceAccount"),
        (trust(condition=source("ArnEquals", "arn:aws:fis:*:123456789012:experiment/*")), None),
        (trust(condition=source("ArnLike", "*")), "aws:SourceArn"),
        (trust(condition=source("ArnLike", "arn:aws:fis:*:*:experiment/*")), "aws:SourceArn"),
        (trust(condition=source("ArnLike", OTHERS)), "aws:SourceArn"),
        (trust(condition=source("ArnLike", [CONDITIONS["ArnLike"]["aws:SourceArn"], OTHERS])), "aws:SourceArn"),
        (trust(condition=source("ArnNotLike", CONDITIONS["ArnLike"]["aws:SourceArn"])), "aws:SourceArn"),
        (trust(condition=source("ArnLikeIfExists", CONDITIONS["ArnLike"]["aws:SourceArn"])), "aws:SourceArn"),
        (trust(service=["fis.amazonaws.com"]), None),
        (trust(service="FIS.amazonaws.com", condition={}), BOTH),
        (trust(service="ssm.amazonaws.com", condition={}), None),
        (trust(condition={}, Effect="Deny"), None),
        (UNKNOWN_TEXT, None),
    ],
)
def test_who_may_take_a_role_on(pack: Servicer, document: str, refused: str | None) -> None:
    found = said(pack, {"name": "fis", "assumeRolePolicy": document}, token=ROLE)
    assert [name for name, _ in found] == (["chaos-role-trust"] if refused else [])
    assert all(f"does not hold {refused} to this account; add StringEquals" in message for _, message in found)


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["arn:aws:iam::123456789012:root", "*"]}, None])
def test_what_fis_takes_on_nobody_else_may(pack: Servicer, principal: Any) -> None:
    opened: dict[str, Any] = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    opened |= {"NotPrincipal": {"AWS": "x"}} if principal is None else {"Principal": principal}
    document = json.loads(trust())
    document["Statement"].append(opened)
    [(policy, message)] = said(pack, {"name": "fis", "assumeRolePolicy": json.dumps(document)}, token=ROLE)
    assert policy == "chaos-role-trust"
    assert "can be taken on by anybody" in message


ELSEWHERE = "arn:aws:iam::999999999999:root"


@pytest.mark.parametrize(
    ("principal", "named"),
    [
        ({"AWS": ELSEWHERE}, ELSEWHERE),
        ({"AWS": ["arn:aws:iam::123456789012:root", ELSEWHERE]}, f"arn:aws:iam::123456789012:root, {ELSEWHERE}"),
        ({"Federated": "cognito-identity.amazonaws.com"}, "cognito-identity.amazonaws.com"),
        ({"CanonicalUser": "79a5"}, "79a5"),
        ({"Service": "lambda.amazonaws.com"}, "lambda.amazonaws.com"),
        ({"Service": ["fis.amazonaws.com", "Lambda.amazonaws.com"]}, "Lambda.amazonaws.com"),
        ({"Service": "fis.amazonaws.com", "AWS": ELSEWHERE}, ELSEWHERE),
        ({"AWS": "fis.amazonaws.com"}, "fis.amazonaws.com"),
        (ELSEWHERE, ELSEWHERE),
        ({}, "nobody that can be read"),
        ({"Service": []}, "nobody that can be read"),
        (None, "nobody that can be read"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_fis_takes_on_no_other_may(pack: Servicer, principal: Any, named: str, first: bool) -> None:
    opened = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": CONDITIONS}
    document = json.loads(trust())
    document["Statement"].insert(0 if first else 1, opened)
    [(policy, message)] = said(pack, {"name": "fis", "assumeRolePolicy": json.dumps(document)}, token=ROLE)
    assert policy == "chaos-role-trust"
    assert f"can be taken on by others than FIS: its trust names {named}; name fis.amazonaws.com alone" in message


def test_others_and_a_missing_account_are_both_said(pack: Servicer) -> None:
    document = trust(service=["ssm.amazonaws.com", "fis.amazonaws.com"], condition={})
    others, missing = said(pack, {"name": "fis", "assumeRolePolicy": document}, token=ROLE)
    assert "its trust names ssm.amazonaws.com; name" in others[1]
    assert f"does not hold {BOTH} to this account" in missing[1]


def test_others_that_are_denied_and_a_second_statement_for_fis_are_fine(pack: Servicer) -> None:
    document = json.loads(trust())
    document["Statement"] += [
        {"Effect": "Deny", "Principal": {"AWS": ELSEWHERE}, "Action": "sts:AssumeRole"},
        {**document["Statement"][0], "Action": "sts:TagSession"},
    ]
    assert said(pack, {"name": "fis", "assumeRolePolicy": json.dumps(document)}, token=ROLE) == []


OWN_SOURCE = CONDITIONS["ArnLike"]["aws:SourceArn"]


@pytest.mark.parametrize(
    ("number", "arn", "refused"),
    [
        ("123456789012", OWN_SOURCE, None),
        ("111111111111", OWN_SOURCE, "aws:SourceArn"),
        ("*", OWN_SOURCE, "aws:SourceAccount"),
        ("123456789012", "*", "aws:SourceArn"),
        ("*", "*", BOTH),
    ],
)
def test_without_a_known_account_both_must_name_the_same(
    pack: Servicer, monkeypatch: pytest.MonkeyPatch, number: str, arn: str, refused: str | None
) -> None:
    configure(monkeypatch, {"ial:accountId": ""})
    condition = {"StringLike": {"aws:SourceAccount": number, "aws:SourceArn": arn}}
    found = said(pack, {"name": "fis", "assumeRolePolicy": trust(condition=condition)}, token=ROLE)
    assert len(found) == (1 if refused else 0)
    assert all(f"does not hold {refused} to this account" in message for _, message in found)


def allowed(action: Any, resource: Any = "arn:aws:ec2:us-east-1:123456789012:instance/i-1", **more: Any) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


INSTANCES = "arn:aws:ec2:us-east-1:123456789012:instance/*"
ACLS = "arn:aws:ec2:us-east-1:123456789012:network-acl/*"
AWS_DOCUMENTS = "arn:aws:ssm:us-east-1::document/AWSFIS-Run-*"
TAGGED = {"StringEquals": {"aws:ResourceTag/chaos:enabled": "true"}}
REQUESTED = {"StringEquals": {"aws:RequestTag/managedByFIS": "true"}}
TO_SSM = {"StringEquals": {"iam:PassedToService": "ssm.amazonaws.com"}}


def judged(
    pack: Servicer, *others: Declared, trust_policy: str | None = None, used: Declared | None = None, **role: Any
) -> list[str]:
    """What the stack policy says of a role of FIS with these policies beside it."""
    given = {"name": "fis", "assumeRolePolicy": trust() if trust_policy is None else trust_policy, **role}
    user = used or Declared(TEMPLATE, "latency", template(), dependencies=(urn_of(ROLE, "role"),))
    found = pack.stack(Declared(ROLE, "role", given), *others, user)
    kept = [item for item in found if item.policy == "chaos-role-permissions"]
    assert all(item.level == 1 for item in kept)
    return [item.message for item in kept]


LIMITS = [
    (allowed("ec2:TerminateInstances"), None),
    (allowed(["ec2:TerminateInstances"], INSTANCES, Condition=TAGGED), None),
    (allowed(["ec2:TerminateInstances"], "*", Condition=TAGGED), None),
    (allowed(["ec2:DescribeInstances", "ssm:ListCommands", "tag:GetResources"], "*"), None),
    (allowed(["ssm:CancelCommand", "logs:CreateLogDelivery", "logs:PutResourcePolicy"], "*"), None),
    (allowed("iam:PassRole", "arn:aws:iam::123456789012:role/r", Condition=TO_SSM), None),
    (allowed("ssm:SendCommand", AWS_DOCUMENTS), None),
    (allowed("ec2:CreateNetworkAcl", ACLS, Condition=REQUESTED), None),
    (allowed("ec2:CreateNetworkAcl", "arn:aws:ec2:us-east-1:123456789012:vpc/*"), None),
    (allowed("ec2:ReplaceNetworkAclAssociation", ["arn:aws:ec2:us-east-1:1:subnet/subnet-1", ACLS]), None),
    (allowed("ec2:DeleteNetworkAcl", ACLS), None),
    (allowed("ec2:StartInstances", INSTANCES), None),
    (
        allowed(
            "ec2:CreateTags",
            ACLS,
            Condition={"StringEquals": {"ec2:CreateAction": "CreateNetworkAcl", "aws:RequestTag/a": "b"}},
        ),
        None,
    ),
    (
        allowed(
            "ec2:InjectApiError",
            "*",
            Condition={"ForAllValues:StringEquals": {"ec2:FisTargetArns": ["arn:aws:autoscaling:g"]}},
        ),
        None,
    ),
    (allowed("ec2:TerminateInstances", "*"), "`ec2:TerminateInstances` may hit what nobody offered (*)"),
    (allowed("EC2:terminateinstances", "*"), "may hit what nobody offered (*)"),
    (allowed("ec2:TerminateInstances", INSTANCES), f"may hit what nobody offered ({INSTANCES})"),
    (allowed("ec2:TerminateInstances", "arn:aws:ec2:*:*:instance/*"), "may hit what nobody offered"),
    (allowed("ec2:TerminateInstances", "arn:aws:*"), "may hit what nobody offered (arn:aws:*)"),
    (allowed("ec2:TerminateInstances", INSTANCES.replace("*", "i-?")), "may hit what nobody offered"),
    (allowed("ec2:TerminateInstances", INSTANCES, Condition=REQUESTED), "may hit what nobody offered"),
    (
        allowed("ec2:TerminateInstances", INSTANCES, Condition={"StringNotEquals": TAGGED["StringEquals"]}),
        "may hit what nobody offered",
    ),
    (
        allowed("ec2:TerminateInstances", INSTANCES, Condition={"StringEqualsIfExists": TAGGED["StringEquals"]}),
        "may hit what nobody offered",
    ),
    (
        allowed("ec2:TerminateInstances", "*", Condition={"StringLike": {"aws:ResourceTag/chaos:enabled": "*"}}),
        "may hit what nobody offered",
    ),
    (
        allowed("ec2:TerminateInstances", "*", Condition={"StringEquals": {"aws:SourceAccount": "123456789012"}}),
        "may hit what nobody offered",
    ),
    (json.dumps({"Statement": {"Effect": "Allow", "Action": "ec2:RebootInstances"}}), "may hit what nobody offered"),
    (allowed("ec2:CreateTags", "*", Condition=REQUESTED), "may hit what nobody offered"),
    (allowed("ec2:InjectApiError", "*"), "may hit what nobody offered"),
    (allowed("ssm:SendCommand", "arn:aws:ssm:us-east-1::document/*"), "may hit what nobody offered"),
    (allowed("ssm:SendCommand", "arn:aws:ssm:*:123456789012:managed-instance/*"), "may hit what nobody offered"),
    (allowed("ec2:ReplaceNetworkAclAssociation", [ACLS, "*"]), "may hit what nobody offered (*)"),
    (allowed("secretsmanager:GetSecretValue", "*"), "may hit what nobody offered"),
    (allowed("iam:PassRole", "*", Condition=TO_SSM), "may hit what nobody offered (*)"),
    (
        allowed("iam:PassRole", "*", Condition={"StringEquals": TO_SSM["StringEquals"] | TAGGED["StringEquals"]}),
        "may hit what nobody offered (*)",
    ),
    (allowed("ec2:GetManagedPrefixListEntries", "*"), "may reach every resource (*)"),
    (allowed("arc-zonal-shift:CancelZonalShift", "*"), "may reach every resource (*)"),
    (allowed("ec2:*"), "`ec2:*` allows more than one fault needs"),
    (allowed("ec2:*Instances"), "`ec2:*Instances` allows more than one fault needs"),
    (allowed("ec2:Terminate?nstances"), "allows more than one fault needs"),
    (allowed("ec2:Get*"), "`ec2:Get*` allows more than one fault needs"),
    (allowed("*"), "`*` allows more than one fault needs"),
    (allowed("ssm:Send*"), "`ssm:Send*` allows more than one fault needs"),
    (allowed("ssm:CancelCommand", "*", Condition=TAGGED), "undoes the fault and has a condition"),
    (allowed("ec2:StartInstances", Condition=TAGGED), "undoes the fault and has a condition"),
    (allowed("EC2:deletenetworkacl", ACLS, Condition=TAGGED), "undoes the fault and has a condition"),
    (allowed("fis:StartExperiment"), "belongs to what starts experiments"),
    (allowed("fis:startexperiment"), "belongs to what starts experiments"),
    (allowed("iam:PassRole", "r"), "may pass the role to any service"),
    (
        allowed("iam:passrole", "r", Condition={"StringNotEquals": TO_SSM["StringEquals"]}),
        "may pass the role to any service",
    ),
    (
        allowed("iam:PassRole", "r", Condition={"StringLike": {"iam:PassedToService": "*"}}),
        "may pass the role to any service",
    ),
    (allowed("iam:PutRolePolicy", "arn:aws:iam::123456789012:role/r"), "changes who may do what"),
    (allowed("sts:AssumeRole", "arn:aws:iam::123456789012:role/r"), "changes who may do what"),
    (json.dumps({"Statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}}), "everything but"),
    (json.dumps({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}), None),
    (UNKNOWN_TEXT, "what it allows is unknown at preview"),
    ("nonsense", "what it allows is unknown at preview"),
    ("{}", "what it allows is unknown at preview"),
    ('{"statement": []}', "what it allows is unknown at preview"),
    (allowed("ec2:RebootInstances", **{"resource ": "*"}), "what it allows is unknown at preview"),
]


@pytest.mark.parametrize(("document", "refused"), LIMITS)
def test_what_a_role_of_fis_may_do(pack: Servicer, document: str, refused: str | None) -> None:
    found = judged(pack, Declared(POLICY, "policy", {"role": "fis", "policy": document}))
    assert len(found) == (1 if refused else 0), found
    assert all(str(refused) in message for message in found)


@pytest.mark.parametrize(("document", "refused"), [(allowed("ec2:*"), True), (allowed("ec2:RebootInstances"), False)])
def test_policies_of_a_role_are_found_however_they_hang_on_it(pack: Servicer, document: str, refused: bool) -> None:
    role = urn_of(ROLE, "role")
    inline: dict[str, Any] = {"inlinePolicies": [{"name": "it", "policy": document}]}
    depending = Declared(POLICY, "policy", {"role": UNKNOWN_TEXT, "policy": document}, dependencies=(role,))
    unknown = Declared(POLICY, "policy", {"role": UNKNOWN_TEXT, "policy": document})
    assert bool(judged(pack, **inline)) is refused
    assert bool(judged(pack, depending)) is refused
    assert bool(judged(pack, unknown)) is refused
    other = Declared(ROLE, "other", {"name": "other", "assumeRolePolicy": trust(service="ec2.amazonaws.com")})
    of_other = Declared(POLICY, "policy", {"role": UNKNOWN_TEXT, "policy": document}, dependencies=(other.urn,))
    assert judged(pack, other, of_other) == []


def test_a_document_with_something_unknown_inside_is_not_judged(pack: Servicer) -> None:
    document = {"Statement": [{"Effect": "Allow", "Action": "ec2:RebootInstances", "Resource": [UNKNOWN_TEXT]}]}
    [message] = judged(pack, Declared(POLICY, "policy", {"role": "fis", "policy": document}))
    assert "what it allows is unknown at preview" in message


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::aws:policy/service-role/AWSFaultInjectionSimulatorEC2Access",
        "arn:aws:iam::aws:policy/AdministratorAccess",
        "arn:aws:iam::123456789012:policy/own",
        UNKNOWN_TEXT,
    ],
)
@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        (ATTACHED, {"role": "fis", "policyArn": "{}"}),
        ("aws:iam/policyAttachment:PolicyAttachment", {"roles": ["web", "fis"], "policyArn": "{}"}),
        ("aws:iam/policyAttachment:PolicyAttachment", {"roles": [UNKNOWN_TEXT], "policyArn": "{}"}),
        ("aws:iam/policyAttachment:PolicyAttachment", {"roles": UNKNOWN_TEXT, "policyArn": "{}"}),
        (
            "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
            {"roleName": "fis", "policyArns": ["{}"]},
        ),
    ],
)
def test_managed_policies_are_not_judged(pack: Servicer, arn: str, token: str, inputs: dict[str, Any]) -> None:
    given = json.loads(json.dumps(inputs).replace("{}", arn))
    [message] = judged(pack, Declared(token, "attached", given))
    assert "a managed policy is attached" in message
    assert message.endswith("write a policy of its own (RolePolicy)")
    assert judged(pack, Declared(token, "attached", json.loads(json.dumps(given).replace('"fis"', '"web"')))) == (
        [message] if UNKNOWN_TEXT in json.dumps(inputs) else []
    )


@pytest.mark.parametrize("arns", [["arn:aws:iam::123456789012:policy/own"], UNKNOWN_TEXT, [UNKNOWN_TEXT]])
def test_managed_policies_on_the_role_itself(pack: Servicer, arns: Any) -> None:
    [message] = judged(pack, managedPolicyArns=arns)
    assert "a managed policy is attached" in message


def test_a_role_of_another_service_is_not_judged(pack: Servicer) -> None:
    web = Declared(ROLE, "web", {"name": "web", "assumeRolePolicy": trust(service="ec2.amazonaws.com")})
    policy = Declared(POLICY, "policy", {"role": "web", "policy": allowed("ec2:*", "*")})
    assert judged(pack, web, policy) == []


@pytest.mark.parametrize(
    ("document", "text"),
    [(UNKNOWN_TEXT, "has a trust that is unknown at preview"), (trust("ec2.amazonaws.com"), "does not name fis")],
)
def test_a_role_that_fis_is_not_known_to_take_on_is_refused_where_an_experiment_uses_it(
    pack: Servicer, document: str, text: str
) -> None:
    policy = Declared(POLICY, "policy", {"role": "fis", "policy": allowed("ec2:*", "*")})
    first, second = judged(pack, policy, trust_policy=document)
    assert first.startswith("role role of experiment latency ")
    assert text in first
    assert "`ec2:*` allows more" in second


OWN = "arn:aws:iam::123456789012:role/fis"


@pytest.mark.parametrize(
    ("arn", "role", "refused"),
    [
        (OWN, {}, False),
        (OWN, {"arn": OWN}, False),
        (OWN.replace("fis", "chaos/fis"), {"path": "/chaos/"}, False),
        (OWN, {"path": "/chaos/"}, True),
        (OWN, {"arn": OWN.replace("123456789012", "999999999999")}, True),
        (OWN.replace("fis", "Admin"), {}, True),
        (OWN.replace("123456789012", "999999999999"), {}, True),
        (OWN, {"name": UNKNOWN_TEXT}, True),
        (UNKNOWN_TEXT, {}, True),
    ],
)
def test_the_role_of_an_experiment_is_the_stack_s_own(
    pack: Servicer, arn: str, role: dict[str, Any], refused: bool
) -> None:
    found = judged(pack, used=Declared(TEMPLATE, "latency", template(roleArn=arn)), **role)
    assert len(found) == refused
    assert all("no role of this stack" in message for message in found)
    assert all("unknown at preview" in message or f"`{arn}`" in message for message in found)


def test_depending_on_a_role_makes_it_not_the_experiment_s(pack: Servicer) -> None:
    other = template(roleArn=OWN.replace("fis", "Admin"))
    [message] = judged(pack, used=Declared(TEMPLATE, "latency", other, dependencies=(urn_of(ROLE, "role"),)))
    assert "role/Admin` and no role of this stack" in message


def test_a_role_by_arn_needs_a_known_account(
    pack: Servicer, monkeypatch: pytest.MonkeyPatch, surroundings: Any
) -> None:
    configure(monkeypatch, {"ial:accountId": ""})
    used = Declared(TEMPLATE, "latency", template(roleArn=OWN))
    assert len(judged(pack, used=used)) == 1
    from policies import environments

    (surroundings / "dev.yaml").write_text(f'accountId: "123456789012"\n{ENVIRONMENT}')
    environments._terms.cache_clear()
    assert judged(pack, used=used) == []


WIDE, NARROW = allowed("ec2:*", "*"), allowed("ec2:RebootInstances")
IN_STATE: dict[str, Any] = {"inlinePolicies": [{"name": "ial", "policy": WIDE}]}


def of_role(**inputs: Any) -> Declared:
    """The policy that the stack declares for the role."""
    return Declared(POLICY, "policy", {"name": "ial", "role": "fis", "policy": NARROW} | inputs)


def after(pack: Servicer, state: dict[str, Any], *others: Declared, **role: Any) -> list[str]:
    """What is said of a role whose state holds more than the program declares."""
    given = {"name": "fis", "assumeRolePolicy": trust(), **role}
    held = Declared(ROLE, "role", given, outputs=state | given)
    found = pack.of("chaos-role-permissions", held, *others)
    return [item.message for item in found]


def test_a_policy_that_is_put_in_the_place_of_another_repairs_its_role(pack: Servicer) -> None:
    assert after(pack, IN_STATE, of_role()) == []
    role = urn_of(ROLE, "role")
    inputs = {"name": "ial", "role": UNKNOWN_TEXT, "policy": NARROW}
    assert after(pack, IN_STATE, Declared(POLICY, "policy", inputs, dependencies=(role,))) == []
    [message] = after(pack, IN_STATE, of_role(policy=WIDE))
    assert message.startswith("role role: `ec2:*` allows more than one fault needs")


OTHER = Declared(ROLE, "other", {"name": "other", "assumeRolePolicy": trust()})
OF_UNKNOWN = {"name": "ial", "role": UNKNOWN_TEXT, "policy": NARROW}


@pytest.mark.parametrize(
    "others",
    [
        (),
        (of_role(name="another"),),
        (of_role(name=UNKNOWN_TEXT),),
        (OTHER, of_role(role="other")),
        (OTHER, Declared(POLICY, "policy", of_role(role="other").inputs, dependencies=(urn_of(ROLE, "role"),))),
        (of_role(role=UNKNOWN_TEXT),),
        (OTHER, Declared(POLICY, "policy", OF_UNKNOWN, dependencies=(urn_of(ROLE, "role"), OTHER.urn))),
    ],
)
def test_what_no_policy_of_the_role_replaces_is_judged_as_it_stands(
    pack: Servicer, others: tuple[Declared, ...]
) -> None:
    [message] = after(pack, IN_STATE, *others)
    assert message.startswith("role role: inline policy `ial`, which the program does not declare: `ec2:*` allows more")
    assert message.endswith("; delete it first, and refresh the stack")


def test_what_the_role_declares_itself_is_judged_beside_its_policies(pack: Servicer) -> None:
    [message] = after(pack, {}, of_role(), **IN_STATE)
    assert message.startswith("role role: `ec2:*` allows more than one fault needs")


def test_without_the_inputs_nothing_is_taken_for_undeclared(pack: Servicer) -> None:
    [message] = judged(pack, of_role(), **IN_STATE)
    assert message.startswith("role role: `ec2:*` allows more than one fault needs")


ARN = "arn:aws:iam::aws:policy/AdministratorAccess"


def test_a_managed_policy_that_nobody_declares_is_still_attached(pack: Servicer) -> None:
    [message] = after(pack, {"managedPolicyArns": [ARN]}, of_role())
    assert message == (
        f"role role: a managed policy is still attached ({ARN}), which is not judged; detach it first, and refresh the "
        "stack"
    )
    attached = Declared(ATTACHED, "attached", {"role": "fis", "policyArn": ARN})
    [message] = after(pack, {"managedPolicyArns": [ARN]}, of_role(), attached)
    assert message.endswith("write a policy of its own (RolePolicy)")
    assert after(pack, {"managedPolicyArns": []}, of_role()) == []
    assert after(pack, {"managedPolicyArns": [ARN]}, of_role(), managedPolicyArns=[]) == []


@pytest.mark.parametrize(("arn", "shown"), [(ARN, ARN), (UNKNOWN_TEXT, "unknown at preview")])
def test_what_is_attached_is_named(pack: Servicer, arn: str, shown: str) -> None:
    of = "arn:aws:iam::123456789012:role/fis"
    for named in ("fis", "role", of):
        attached = Declared(ATTACHED, "attached", {"role": named, "policyArn": arn})
        [message] = judged(
            pack, attached, arn=of, trust_policy=trust(), used=Declared(TEMPLATE, "x", template(roleArn=of))
        )
        assert message == (
            f"role role: a managed policy is attached ({shown}), which is not judged; write a policy of its own "
            "(RolePolicy)"
        )
