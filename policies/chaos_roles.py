"""Roles of experiments: roles of the stack, with no more than the fault, and never less than its undoing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.chaos_permissions import excess
from policies.chaos_trust import FIS, is_of_fis
from policies.experiment import TEMPLATE
from policies.iam_document import allows, statements
from policies.memory import Finding
from policies.stack import Stack
from pricing.resource import UNKNOWN, Graph, Plain, Resource

ROLE: Final = "aws:iam/role:Role"
ROLE_POLICY: Final = "aws:iam/rolePolicy:RolePolicy"
# What attaches policies that stand elsewhere: the type, and its properties for the role and the policy.
_ATTACHING: Final = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ("role", "policyArn"),
    "aws:iam/policyAttachment:PolicyAttachment": ("roles", "policyArn"),
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": ("roleName", "policyArns"),
}
_FIRST: Final = "{} it first, and refresh the stack"


def least_privilege(stack: Stack) -> Iterator[Finding]:
    """What FIS may do in a role is the fault and its undoing; a role that nobody can judge is refused."""
    graph = stack.graph
    judged = {role.urn: role for role in graph.of_type(ROLE) if is_of_fis(role)}
    for template in graph.of_type(TEMPLATE):
        roles = list(_roles_of(template, stack))
        judged |= {role.urn: role for role in roles}
        if not roles:
            yield Finding(f"experiment {template.name}: {_strange(template)}", template.urn)
        for role in roles:
            if not is_of_fis(role):
                yield Finding(f"role {role.name} of experiment {template.name} {_untrusting(role)}", role.urn)
    for role in judged.values():
        for fault in _faults(role, graph):
            yield Finding(f"role {role.name}: {fault}", role.urn)


def _roles_of(template: Resource, stack: Stack) -> Iterator[Resource]:
    arn = template.get("roleArn")
    for role in stack.graph.of_type(ROLE):
        if role.urn in template.dependencies if arn is UNKNOWN else _is_named(role, arn, stack):
            yield role


def _is_named(role: Resource, arn: Plain, stack: Stack) -> bool:
    known = role.get("arn")
    if isinstance(known, str):
        return known == arn
    path, account = role.get("path", "/"), stack.terms.account
    of_role, _, name = str(arn).partition(":role")
    return of_role.endswith(f":iam::{account}") and name == f"{path}{role.get('name')}"


def _strange(template: Resource) -> str:
    arn = template.get("roleArn")
    shown = "unknown at preview" if arn is UNKNOWN else f"`{arn}`"
    return (
        f"its `roleArn` is {shown} and no role of this stack, so that nobody judges what it may do; make the role in "
        "this stack and set `roleArn` to its `arn`"
    )


def _untrusting(role: Resource) -> str:
    if statements(role.get("assumeRolePolicy")) is None:
        return "has a trust that is unknown at preview; write it out"
    return f"has a trust that does not name {FIS}; name it"


def _faults(role: Resource, graph: Graph) -> Iterator[str]:
    yield from _managed(role, graph)
    for text in _declared_documents(role, graph):
        yield from _excesses(text)
    for entry in _left_over(role, graph):
        name, text = (entry.get("name"), entry.get("policy")) if isinstance(entry, dict) else (UNKNOWN, UNKNOWN)
        for fault in _excesses(text):
            yield f"inline policy `{name}`, which the program does not declare: {fault}; {_FIRST.format('delete')}"


def _excesses(document: Plain) -> Iterator[str]:
    found = statements(document)
    if found is None:
        yield "what it allows is unknown at preview; build the policy from known names"
        return
    for statement in filter(allows, found):
        yield from excess(statement)


def _managed(role: Resource, graph: Graph) -> Iterator[str]:
    declared = list(_attached(role, graph))
    for arn in declared:
        shown = "unknown at preview" if arn is UNKNOWN else str(arn)
        yield f"a managed policy is attached ({shown}), which is not judged; write a policy of its own (RolePolicy)"
    for arn in _of_state(role, "managedPolicyArns"):
        if arn not in declared:
            yield f"a managed policy is still attached ({arn}), which is not judged; {_FIRST.format('detach')}"


def _attached(role: Resource, graph: Graph) -> Iterator[Plain]:
    yield from _of_program(role, "managedPolicyArns")
    for token, (to, policy) in _ATTACHING.items():
        for held in graph.of_type(token):
            if _belongs(held, to, role, graph):
                yield from _entries(held.get(policy))


def _declared_documents(role: Resource, graph: Graph) -> Iterator[Plain]:
    for entry in _of_program(role, "inlinePolicies"):
        yield entry.get("policy") if isinstance(entry, dict) else UNKNOWN
    for held in graph.of_type(ROLE_POLICY):
        if _belongs(held, "role", role, graph):
            yield held.get("policy")


def _left_over(role: Resource, graph: Graph) -> Iterator[Plain]:
    """The inline policies that the role has and that no policy of the stack, which is judged instead, replaces."""
    replaced = [held.get("name") for held in graph.of_type(ROLE_POLICY) if _is_surely_of(held, role, graph)]
    for entry in _of_state(role, "inlinePolicies"):
        name = entry.get("name") if isinstance(entry, dict) else UNKNOWN
        if not isinstance(name, str) or name not in replaced:
            yield entry


def _of_program(role: Resource, key: str) -> list[Plain]:
    return [] if key in role.undeclared else _entries(role.get(key))


def _of_state(role: Resource, key: str) -> list[Plain]:
    return _entries(role.get(key)) if key in role.undeclared else []


def _is_surely_of(policy: Resource, role: Resource, graph: Graph) -> bool:
    """Whether a policy can be nobody else's; what only may be the role's replaces nothing."""
    named = policy.get("role")
    if named is UNKNOWN:
        return [other.urn for other in graph.of_type(ROLE) if other.urn in policy.dependencies] == [role.urn]
    return isinstance(named, str) and named == role.get("name")


def _belongs(held: Resource, to: str, role: Resource, graph: Graph) -> bool:
    """Whether it is the role's. What names a role that is unknown, and not in the stack, may be."""
    if role.urn in held.dependencies:
        return True
    named = _entries(held.get(to))
    if UNKNOWN in named and not any(other.urn in held.dependencies for other in graph.of_type(ROLE)):
        return True
    return any(name in (role.get("name"), role.get("arn"), role.name) for name in named if isinstance(name, str))


def _entries(value: Plain) -> list[Plain]:
    return value if isinstance(value, list) else [] if value is None else [value]
