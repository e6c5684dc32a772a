"""What a statement allows a role of FIS beyond a fault and its undoing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from contract.names import OPT_IN
from policies.iam_document import Statement, asked, is_wide, keys, texts

_EQUALS: Final = frozenset({"stringequals"})
_STARTS_RUNS: Final = "fis:startexperiment"
_PASSES: Final = "iam:passrole"
# Who may do what is no target of a fault.
_OF_ACCESS: Final = frozenset({"iam", "sts", "organizations", "account", "sso"})
# AWS lets these be limited to no resource.
_UNLIMITED: Final = frozenset(
    {"ssm:cancelcommand", "logs:createlogdelivery", "logs:putresourcepolicy", "tag:getresources"}
)
_ANYWHERE: Final = ("describe", "list")
_UNDO: Final = frozenset(
    {
        *("ssm:cancelcommand", "ssm:stopautomationexecution", "ec2:startinstances"),
        *("ec2:replacenetworkaclassociation", "ec2:deletenetworkacl", "arc-zonal-shift:cancelzonalshift"),
    }
)
# What else FIS reads. Other calls that begin with Get may tell secrets, and count as changes.
_READS: Final = frozenset(
    {
        *("ec2:getmanagedprefixlistentries", "arc-zonal-shift:getmanagedresource"),
        *("ssm:getautomationexecution", "ssm:getcommandinvocation", "dynamodb:getresourcepolicy"),
    }
)
# AWS asks for each kind of resource of a call separately: these may be many where another kind is held.
_BESIDE: Final = {
    "ec2:createnetworkacl": re.compile(r"arn:aws[a-z-]*:ec2:[^:]+:[^:]+:vpc/.+"),
    "ec2:replacenetworkaclassociation": re.compile(r"arn:aws[a-z-]*:ec2:[^:]+:[^:]+:network-acl/.+"),
    # AWS's own documents that inject faults; nobody else may name one so.
    "ssm:sendcommand": re.compile(r"arn:aws[a-z-]*:ssm:[^:]+::document/AWSFIS-.+"),
}
# Calls that fail as FIS says, for those that a condition names.
_INJECTS: Final = ("ec2:injectapierror", "fis:injectapi")
_KIND: Final = re.compile(r"arn:[^:*?]+:[^:*?]+:[^:]*:[^:]*:[^*?:/]+[:/].+")


def excess(statement: Statement) -> Iterator[str]:
    """What is wrong with a statement that allows something, each as a line that ends with what to do."""
    if "NotAction" in statement or "NotResource" in statement:
        yield "a statement allows everything but something; name what it allows"
        return
    for action in texts(statement.get("Action")):
        fault = _fault(action, action.lower(), statement)
        if fault:
            yield f"`{action}` {fault}"


def _fault(action: str, known: str, statement: Statement) -> str | None:
    service, _, verb = known.partition(":")
    if not verb or is_wide(action):
        return "allows more than one fault needs; name the calls"
    if known == _STARTS_RUNS:
        return "belongs to what starts experiments, not to what they may do; remove it"
    if known == _PASSES and not _is_passed_on_to_one(statement):
        return "may pass the role to any service; add StringEquals iam:PassedToService = the one service"
    if known != _PASSES and service in _OF_ACCESS and not (service == "iam" and verb.startswith((*_ANYWHERE, "get"))):
        return "changes who may do what, which is no fault; remove it"
    if known in _UNDO and statement.get("Condition"):
        return "undoes the fault and has a condition, which may forbid the undoing; take it away"
    return _reach(known, verb, statement)


def _reach(known: str, verb: str, statement: Statement) -> str | None:
    if known in _UNLIMITED or verb.startswith(_ANYWHERE):
        return None
    resources = texts(statement.get("Resource")) or ["*"]
    if known in _READS or (known in _UNDO and known not in _BESIDE):
        wide = [arn for arn in resources if not _KIND.fullmatch(arn)]
        return f"may reach every resource ({wide[0]}); name the kind of resource in its ARN" if wide else None
    wide = _held_by_nothing(known, resources)
    if not wide or (known != _PASSES and _is_held(known, statement)):
        return None
    return (
        f"may hit what nobody offered ({wide[0]}); name the resources, or add StringEquals "
        f"aws:ResourceTag/{' = '.join(OPT_IN)}"
    )


def _held_by_nothing(known: str, resources: Sequence[str]) -> list[str]:
    beside = _BESIDE.get(known)
    return [arn for arn in resources if is_wide(arn) and not (beside and beside.fullmatch(arn))]


def _is_held(known: str, statement: Statement) -> bool:
    """Whether a condition holds the call to what carries a tag, gets one as it is made, or is named."""
    tests = [key for key in keys(statement, _EQUALS) if _is_exact(statement, key)]
    if any(":resourcetag/" in key for key in tests):
        return True
    if known.startswith(_INJECTS):
        named = asked(statement, "ec2:FisTargetArns", {*_EQUALS, "forallvalues:stringequals"})
        named += asked(statement, "fis:Targets", {*_EQUALS, "forallvalues:stringequals"})
        return bool(named) and not any(map(is_wide, named))
    made = known.partition(":")[2].startswith("create")
    # Tags may be set on what is being made; else a role could offer whatever it likes.
    if known == "ec2:createtags" and "ec2:createaction" not in tests:
        return False
    return made and any(":requesttag/" in key for key in tests)


def _is_exact(statement: Statement, key: str) -> bool:
    values = asked(statement, key, _EQUALS)
    return bool(values) and all(value and not is_wide(value) for value in values)


def _is_passed_on_to_one(statement: Statement) -> bool:
    return _is_exact(statement, "iam:passedtoservice")
