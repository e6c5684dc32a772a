"""Roles that FIS takes on: nobody else's experiments, no more than the fault, and never less than its undoing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies.experiment import TEMPLATE
from policies.memory import Finding
from policies.stack import Stack
from pricing.resource import UNKNOWN, Graph, Plain, Resource

ROLE: Final = "aws:iam/role:Role"
ROLE_POLICY: Final = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_FIS: Final = "fis.amazonaws.com"
_AWS_MANAGED: Final = ":iam::aws:policy/"
_READING: Final = ("Describe", "List", "Get")
# AWS lets these be limited to no resource, or they only undo.
_UNLIMITED: Final = frozenset({"ssm:CancelCommand", "logs:CreateLogDelivery", "logs:PutResourcePolicy"})
_UNDO: Final = frozenset(
    {
        *("ssm:CancelCommand", "ssm:StopAutomationExecution", "ec2:StartInstances"),
        *("ec2:ReplaceNetworkAclAssociation", "arc-zonal-shift:CancelZonalShift"),
    }
)
_STARTS_RUNS: Final = "fis:StartExperiment"
_PASSES: Final = "iam:PassRole"

Statement = Mapping[str, Any]


def trusts_own_experiments(role: Resource) -> Iterator[str]:
    """FIS may take the role on for experiments of this account only."""
    for statement in _statements(role.get("assumeRolePolicy")) or []:
        if _FIS not in _principals(statement):
            continue
        asked = {name.lower() for test in statement.get("Condition", {}).values() for name in test}
        missing = [name for name in ("aws:SourceAccount", "aws:SourceArn") if name.lower() not in asked]
        if missing:
            yield (
                f"role {role.name} can be taken on for experiments of other accounts: its trust has no condition on "
                f"{' and '.join(missing)}; add them"
            )


def least_privilege(stack: Stack) -> Iterator[Finding]:
    """What FIS may do in a role is the fault and its undoing."""
    graph = stack.graph
    for template in graph.of_type(TEMPLATE):
        for role in _roles_of(template, graph):
            if _statements(role.get("assumeRolePolicy")) is None:
                text = f"role {role.name} of experiment {template.name} has a trust that is unknown at preview"
                yield Finding(f"{text}; write it out", role.urn)
    for role in graph.of_type(ROLE):
        if _is_of_fis(role):
            for fault in _faults(role, graph):
                yield Finding(f"role {role.name}: {fault}", role.urn)


def _roles_of(template: Resource, graph: Graph) -> Iterator[Resource]:
    arn = template.get("roleArn")
    for role in graph.of_type(ROLE):
        if role.urn in template.dependencies or (isinstance(arn, str) and role.get("arn") == arn):
            yield role


def _is_of_fis(role: Resource) -> bool:
    return any(_FIS in _principals(statement) for statement in _statements(role.get("assumeRolePolicy")) or [])


def _faults(role: Resource, graph: Graph) -> Iterator[str]:
    managed = role.get("managedPolicyArns")
    arns = list(managed) if isinstance(managed, list) else [managed] if managed is UNKNOWN else []
    arns += [held.get("policyArn") for held in graph.of_type(ATTACHMENT) if _belongs(held, role)]
    for arn in arns:
        if arn is UNKNOWN or _AWS_MANAGED in str(arn):
            shown = "unknown at preview" if arn is UNKNOWN else str(arn).rsplit("/", 1)[-1]
            yield f"a managed policy is attached ({shown}): it allows more than one fault; write a policy of its own"
    for text in _documents(role, graph):
        statements = _statements(text)
        if statements is None:
            yield "what it allows is unknown at preview; build the policy from known names"
            continue
        for statement in statements:
            if statement.get("Effect") == "Allow":
                yield from _excess(statement)


def _documents(role: Resource, graph: Graph) -> Iterator[Plain]:
    inline = role.get("inlinePolicies")
    if inline is UNKNOWN:
        yield UNKNOWN
    for entry in inline if isinstance(inline, list) else []:
        yield entry.get("policy") if isinstance(entry, dict) else UNKNOWN
    for held in graph.of_type(ROLE_POLICY):
        if _belongs(held, role):
            yield held.get("policy")


def _belongs(held: Resource, role: Resource) -> bool:
    named = held.get("role")
    if role.urn in held.dependencies:
        return True
    return isinstance(named, str) and named in (role.get("name"), role.get("arn"), role.name)


def _excess(statement: Statement) -> Iterator[str]:
    condition, everywhere = statement.get("Condition"), "*" in _texts(statement.get("Resource"))
    if "NotAction" in statement or "NotResource" in statement:
        yield "a statement allows everything but something; name what it allows"
        return
    for action in _texts(statement.get("Action")):
        verb = action.partition(":")[2]
        if not verb or (verb.endswith("*") and not verb.startswith(_READING)) or "*" in action.partition(":")[0]:
            yield f"`{action}` allows more than one fault needs; name the calls"
        elif action == _STARTS_RUNS:
            yield f"`{action}` belongs to what starts experiments, not to what they may do; remove it"
        elif action == _PASSES and "iam:PassedToService" not in json.dumps(condition or {}):
            yield f"`{action}` may pass the role to any service; add a condition on iam:PassedToService"
        elif action in _UNDO and condition:
            yield f"`{action}` undoes the fault and has a condition, which may forbid the undoing; take it away"
        elif everywhere and not condition and not verb.startswith(_READING) and action not in _UNLIMITED:
            yield f"`{action}` may hit every resource; name the resources, or add a condition on the tag chaos:enabled"


def _statements(text: Plain) -> list[Statement] | None:
    """The statements of a policy document; None when they can't be read."""
    try:
        document = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return None
    if not isinstance(document, dict):
        return None
    found = document.get("Statement", [])
    entries = found if isinstance(found, list) else [found]
    statements: list[Statement] = [entry for entry in entries if isinstance(entry, dict)]
    return statements if len(statements) == len(entries) else None


def _principals(statement: Statement) -> list[str]:
    principal = statement.get("Principal")
    return _texts(principal.get("Service")) if isinstance(principal, dict) else []


def _texts(value: object) -> list[str]:
    return [str(entry) for entry in value] if isinstance(value, list) else [str(value)] if value is not None else []
