"""IAM's evaluation of identity policies and trusts, from AWS's documents; what it does not know is an error.

Sources, all of https://docs.aws.amazon.com/IAM/latest/UserGuide/:
- reference_policies_evaluation-logic_policy-eval-basics: an explicit Deny wins, and nothing is allowed but what is
- reference_policies_elements_condition_operators: wildcards, IfExists, Null; others are false when their key is absent
- reference_policies_condition-logic: all operators and keys must hold, and one of a key's values suffices
- reference_policies_condition-single-vs-multi-valued-context-keys: ForAllValues is true of no values
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

Statement = Mapping[str, Any]
_PARTS: Final = {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}
_SEGMENTS: Final = 6


class UnknownPartError(Exception):
    """A policy has something that this evaluator does not know."""


@dataclass(frozen=True)
class Call:
    """One request: the action, the resource that IAM asks about, and the context of the request.

    `principal` is for trusts: its kind (`Service`, `AWS`) and its name.
    """

    action: str
    resource: str = "*"
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    principal: tuple[str, str] | None = None

    def values(self, key: str) -> list[str] | None:
        """The values of a context key, whose case does not count; None when the request has no such key."""
        found = next((value for name, value in self.context.items() if name.lower() == key.lower()), None)
        return [found] if isinstance(found, str) else None if found is None else list(found)


def is_allowed(statements: Sequence[Statement], call: Call) -> bool:
    """Whether the request may be made."""
    effects = [statements[number]["Effect"] for number in matching(statements, call)]
    return "Deny" not in effects and "Allow" in effects


def matching(statements: Sequence[Statement], call: Call) -> Iterator[int]:
    """The numbers of the statements that speak of the request."""
    for number, statement in enumerate(statements):
        unknown = statement.keys() - _PARTS
        if unknown or statement["Effect"] not in ("Allow", "Deny"):
            msg = f"{sorted(unknown) or statement['Effect']} in {statement.get('Sid')}"
            raise UnknownPartError(msg)
        if _is_named(statement, call) and _holds(statement.get("Condition", {}), call):
            yield number


def _is_named(statement: Statement, call: Call) -> bool:
    if not any(like(action, call.action, fold=True) for action in listed(statement["Action"])):
        return False
    if "Principal" in statement:
        return call.principal is not None and _is_trusted(statement["Principal"], *call.principal)
    return any(arn_like(pattern, call.resource) for pattern in listed(statement["Resource"]))


def _is_trusted(principal: Any, kind: str, name: str) -> bool:
    if not isinstance(principal, dict):
        return bool(principal == "*")
    for named in listed(principal.get(kind, [])):
        # The account's root stands for all of its principals, whom their own policies must let as well.
        account = re.fullmatch(r"arn:aws[a-z-]*:iam::(\d{12}):root", named)
        if named in ("*", name) or (account and f"::{account[1]}:" in name):
            return True
    return False


def listed(value: Any) -> list[str]:
    """One text or a list of them."""
    return [value] if isinstance(value, str) else list(value)


def like(pattern: str, text: str, *, fold: bool = False) -> bool:
    """IAM's wildcards: `*` for any text, `?` for one character; nothing else is special."""
    if "${" in pattern:
        msg = f"variable in {pattern}"
        raise UnknownPartError(msg)
    parts = {"*": ".*", "?": "."}
    regex = "".join(parts.get(letter) or re.escape(letter) for letter in pattern)
    return re.fullmatch(regex, text, re.DOTALL | (re.IGNORECASE if fold else 0)) is not None


def arn_like(pattern: str, arn: str) -> bool:
    """ARNs are compared part by part; the last part may itself hold colons."""
    like(pattern, "")
    if pattern == "*" or arn == "*":
        return pattern == "*"
    wanted, given = pattern.split(":", _SEGMENTS - 1), arn.split(":", _SEGMENTS - 1)
    return len(wanted) == len(given) and all(like(*pair) for pair in zip(wanted, given, strict=True))


_TESTS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "StringEquals": lambda wanted, given: wanted == given,
    "StringLike": lambda wanted, given: like(wanted, given),
    "ArnLike": arn_like,
    "ArnEquals": arn_like,
    "Bool": lambda wanted, given: wanted.lower() == given.lower(),
}


def _holds(condition: Mapping[str, Mapping[str, Any]], call: Call) -> bool:
    return all(
        _one_holds(operator, listed(wanted), call.values(key))
        for operator, tests in condition.items()
        for key, wanted in tests.items()
    )


def _one_holds(operator: str, wanted: list[str], given: list[str] | None) -> bool:
    if operator == "Null":
        return any((given is None) == (value.lower() == "true") for value in wanted)
    of_all = operator.startswith("ForAllValues:")
    name = operator.removeprefix("ForAllValues:")
    if_exists, name = name.endswith("IfExists"), name.removesuffix("IfExists")
    if name not in _TESTS:
        msg = f"operator {operator}"
        raise UnknownPartError(msg)
    if given is None:
        return of_all or if_exists
    if not of_all and len(given) > 1:
        msg = f"several values for {operator}"
        raise UnknownPartError(msg)
    return all(any(_TESTS[name](value, text) for value in wanted) for text in given)
