"""IAM policy documents as plain statements: who, what, on what, and under which conditions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from contract.reading.json_text import read_json
from contract.reading.numbers import plain_number
from pricing.resource import UNKNOWN, Plain

Statement = Mapping[str, Any]
ANYBODY: Final = "*"
_PARTS: Final = frozenset(
    {
        *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
        *("Resource", "NotResource", "Condition"),
    }
)


def statements(text: Plain) -> list[Statement] | None:
    """The statements of a policy document; None when they can't be read, or hold something unknown.

    IAM's grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
    """
    try:
        document = read_json(text, "policy", plain_number).data if isinstance(text, str) else text
    except ValueError:
        return None
    if not isinstance(document, dict) or "Statement" not in document or _holds_unknown(document):
        return None
    found = document["Statement"]
    entries = found if isinstance(found, list) else [found]
    kept: list[Statement] = [entry for entry in entries if isinstance(entry, dict) and entry.keys() <= _PARTS]
    return kept if len(kept) == len(entries) else None


def allows(statement: Statement) -> bool:
    """Whether it allows; what is neither allowed nor denied is no statement that IAM takes."""
    return statement.get("Effect") != "Deny"


def services(statement: Statement) -> list[str]:
    """The services that a trust names, in lower case."""
    principal = statement.get("Principal")
    return [name.lower() for name in texts(principal.get("Service"))] if isinstance(principal, dict) else []


def trusts_anybody(statement: Statement) -> bool:
    """Whether a trust leaves open who it trusts."""
    principal = statement.get("Principal")
    named = principal.values() if isinstance(principal, dict) else [principal]
    return "NotPrincipal" in statement or any(ANYBODY in texts(value) for value in named)


def is_wide(text: str) -> bool:
    """Whether a name stands for many: by wildcards, or by a variable that is filled in when it is used."""
    return any(part in text for part in ("*", "?", "${"))


def asked(statement: Statement, key: str, operators: Collection[str]) -> list[str]:
    """The values that a condition asks of a key with one of these operators; IAM ignores the case of both."""
    return [text for name, value in _tests(statement, operators) if name == key.lower() for text in texts(value)]


def keys(statement: Statement, operators: Collection[str]) -> list[str]:
    """The keys of which a condition asks something with one of these operators, in lower case."""
    return [name for name, _ in _tests(statement, operators)]


def texts(value: object) -> list[str]:
    """One text or a list of them as a list."""
    return [str(entry) for entry in value] if isinstance(value, list) else [str(value)] if value is not None else []


def _tests(statement: Statement, operators: Collection[str]) -> Iterator[tuple[str, object]]:
    """What a condition asks with one of these operators: the key in lower case, and its value or values."""
    condition = statement.get("Condition")
    for operator, test in condition.items() if isinstance(condition, dict) else ():
        if operator.lower() in operators and isinstance(test, dict):
            yield from ((name.lower(), value) for name, value in test.items())


def _holds_unknown(value: Plain) -> bool:
    if isinstance(value, dict):
        return any(_holds_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(_holds_unknown(item) for item in value)
    return value is UNKNOWN
