"""Policy documents as IAM reads them; what it would not take, or nobody knows, is read by nobody."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.iam_document import allows, asked, is_wide, keys, services, statements, texts, trusts_anybody
from pricing.resource import UNKNOWN

PARTS = ("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
ONE: dict[str, Any] = {"Effect": "Allow", "Action": "ec2:RebootInstances"}


@pytest.mark.parametrize(
    ("document", "read"),
    [
        ({"Statement": [ONE]}, [ONE]),
        ({"Statement": ONE}, [ONE]),
        ({"Version": "2012-10-17", "Id": "x", "Statement": [ONE, ONE]}, [ONE, ONE]),
        ({"Statement": []}, []),
        ({"Statement": [dict.fromkeys(PARTS, "x")]}, [dict.fromkeys(PARTS, "x")]),
        *(({"Statement": [{part: "x"}]}, [{part: "x"}]) for part in PARTS),
        ({"Statement": [ONE | {"action": "x"}]}, None),
        ({"Statement": [dict.fromkeys((*PARTS, "More"), "x")]}, None),
        ({"Statement": [ONE, "text"]}, None),
        ({"Statement": "text"}, None),
        ({"Version": "2012-10-17"}, None),
        ([ONE], None),
        ("text", None),
    ],
)
def test_statements(document: Any, read: list[Any] | None) -> None:
    assert statements(json.dumps(document)) == read
    if isinstance(document, dict):
        assert statements(document) == read


@pytest.mark.parametrize("text", ["{", "", None, UNKNOWN, '{"Statement": [], "Statement": []}'])
def test_what_is_no_document(text: Any) -> None:
    assert statements(text) is None


@pytest.mark.parametrize(
    "held", [UNKNOWN, ["a", UNKNOWN], [UNKNOWN, "a"], {"a": UNKNOWN, "b": "c"}, {"a": "b", "c": ["d", UNKNOWN]}]
)
def test_a_document_with_something_unknown_anywhere(held: Any) -> None:
    assert statements({"Statement": [ONE, ONE | {"Resource": held}]}) is None
    assert statements({"Id": held, "Statement": ONE}) is None


@pytest.mark.parametrize(("effect", "allowed"), [("Allow", True), ("Deny", False), ("deny", True), (None, True)])
def test_only_a_plain_deny_denies(effect: str | None, allowed: bool) -> None:
    assert allows({"Effect": effect}) is allowed
    assert allows({}) is True


@pytest.mark.parametrize(
    ("principal", "named", "anybody"),
    [
        ({"Service": "FIS.amazonaws.com"}, ["fis.amazonaws.com"], False),
        ({"Service": ["fis.amazonaws.com", "Ssm.amazonaws.com"]}, ["fis.amazonaws.com", "ssm.amazonaws.com"], False),
        ({"AWS": "arn:aws:iam::123456789012:root"}, [], False),
        ({"AWS": "*"}, [], True),
        ({"AWS": ["a", "*"]}, [], True),
        ({"AWS": "a", "Federated": "*"}, [], True),
        ({"Service": "*"}, ["*"], True),
        ("*", [], True),
        ("a*", [], False),
        (None, [], False),
    ],
)
def test_whom_a_trust_names(principal: Any, named: list[str], anybody: bool) -> None:
    assert services({"Principal": principal}) == named
    assert trusts_anybody({"Principal": principal}) is anybody
    assert trusts_anybody({"NotPrincipal": principal}) is True


@pytest.mark.parametrize(
    ("text", "wide"), [("a", False), ("$a", False), ("{a}", False), ("a*", True), ("a?c", True), ("${aws:a}", True)]
)
def test_names_that_stand_for_many(text: str, wide: bool) -> None:
    assert is_wide(text) is wide


CONDITION: dict[str, Any] = {
    "StringEquals": {"aws:SourceAccount": ["1", 2], "aws:Other": "x"},
    "StringLike": {"aws:sourceaccount": "3"},
    "stringequals": "no test",
    "Bool": {"aws:SourceAccount": True},
}


@pytest.mark.parametrize(
    ("operators", "given", "named"),
    [
        ({"stringequals"}, ["1", "2"], ["aws:sourceaccount", "aws:other"]),
        ({"stringlike"}, ["3"], ["aws:sourceaccount"]),
        ({"stringequals", "stringlike"}, ["1", "2", "3"], ["aws:sourceaccount", "aws:other", "aws:sourceaccount"]),
        ({"arnlike"}, [], []),
    ],
)
def test_what_a_condition_asks(operators: set[str], given: list[str], named: list[str]) -> None:
    statement = {"Condition": CONDITION}
    assert asked(statement, "AWS:SourceAccount", operators) == given
    assert asked(statement, "aws:Nothing", operators) == []
    assert keys(statement, operators) == named


@pytest.mark.parametrize("condition", [None, "text", []])
def test_what_is_no_condition_asks_nothing(condition: Any) -> None:
    assert asked({"Condition": condition}, "a", {"stringequals"}) == keys({"Condition": condition}, {"text"}) == []


@pytest.mark.parametrize(("value", "read"), [(None, []), ("a", ["a"]), (["a", 1], ["a", "1"]), ([], []), ("", [""])])
def test_one_text_or_several(value: Any, read: list[str]) -> None:
    assert texts(value) == read
