"""The evaluator against what AWS's documents say, sentence by sentence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.iam_evaluator import Call, UnknownPartError, arn_like, is_allowed, like

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
KEY = "dynamodb:LeadingKeys"


def allow(condition: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    held = {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": TABLE, **parts}
    return held if condition is None else {**held, "Condition": condition}


def call(**context: str | list[str]) -> Call:
    return Call("dynamodb:PutItem", TABLE, {name.replace("__", ":"): value for name, value in context.items()})


MINE, OURS = {"ForAllValues:StringLike": {KEY: ["ial-*"]}}, {"Null": {KEY: "false"}}


@pytest.mark.parametrize(
    ("condition", "context", "holds"),
    [
        # "The ForAllValues qualifier returns true if there are no context keys in the request."
        (MINE, {}, True),
        (MINE | OURS, {}, False),
        (MINE | OURS, {"dynamodb__LeadingKeys": ["ial-1", "ial-2"]}, True),
        (MINE | OURS, {"dynamodb__LeadingKeys": ["ial-1", "order-7"]}, False),
        ({"StringEquals": {"a:Tag": "x"}}, {}, False),
        ({"StringEquals": {"a:Tag": ["x", "y"]}}, {"A__tag": "y"}, True),
        ({"StringEquals": {"a:Tag": "x"}}, {"a__Tag": "X"}, False),
        ({"StringEqualsIfExists": {"a:Tag": "x"}}, {}, True),
        ({"StringEqualsIfExists": {"a:Tag": "x"}}, {"a__Tag": "y"}, False),
        ({"StringEquals": {"a:Tag": "x", "a:Other": "y"}}, {"a__Tag": "x"}, False),
        ({"StringEquals": {"a:Tag": "x*"}}, {"a__Tag": "xy"}, False),
        ({"StringLike": {"a:Tag": "x?"}}, {"a__Tag": "xy"}, True),
        ({"Bool": {"a:Tag": "true"}}, {"a__Tag": "True"}, True),
        ({"Null": {"a:Tag": "true"}}, {}, True),
        ({"ArnLike": {"a:Arn": "arn:aws:ecs:*:1:task/shop/*"}}, {"a__Arn": "arn:aws:ecs:eu:1:task/shop/7"}, True),
        ({"ArnLike": {"a:Arn": "arn:aws:ecs:*:1:task/shop/*"}}, {"a__Arn": "arn:aws:ecs:eu:2:task/shop/7"}, False),
    ],
)
def test_conditions(condition: dict[str, Any], context: dict[str, Any], holds: bool) -> None:
    assert is_allowed([allow(condition)], call(**context)) is holds


@pytest.mark.parametrize(
    "statement",
    [
        allow({"StringNotEquals": {"a": "b"}}),
        allow({"ForAnyValue:StringLike": {"a": "b"}}),
        allow({"DateLessThan": {"a": "b"}}),
        allow(NotAction="x:*"),
        allow(Effect="Permit"),
        allow(Resource="arn:aws:s3:::${aws:username}"),
    ],
)
def test_what_it_does_not_know_is_no_answer(statement: dict[str, Any]) -> None:
    with pytest.raises(UnknownPartError):
        is_allowed([statement], call(a="b"))


@given(st.permutations([allow(), allow(Effect="Deny"), allow(Action="dynamodb:*"), allow(Action="s3:*", Resource="*")]))
def test_a_denial_wins_in_any_order(statements: list[dict[str, Any]]) -> None:
    assert not is_allowed(statements, call())
    assert is_allowed([held for held in statements if held["Effect"] == "Allow"], call())


@pytest.mark.parametrize(
    ("pattern", "arn", "matches"),
    [
        ("*", TABLE, True),
        (TABLE, "*", False),
        (f"{TABLE}-drill-????", f"{TABLE}-drill-1234", True),
        (f"{TABLE}-drill-????", f"{TABLE}-drill-12345", False),
        ("arn:aws:dynamodb:*:table/orders", TABLE, False),
        ("arn:aws:logs:us-east-1:1:log-group:*", "arn:aws:logs:us-east-1:1:log-group:a:*", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/a/b", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::bb/a", False),
    ],
)
def test_resources(pattern: str, arn: str, matches: bool) -> None:
    assert arn_like(pattern, arn) is matches


@given(st.text(alphabet="ab*?.[]", max_size=6), st.text(alphabet="ab.[]", max_size=6))
def test_only_two_characters_are_special(pattern: str, text: str) -> None:
    assert like(text, text)
    assert like("*" + text, pattern.replace("*", "").replace("?", "") + text)
    if not {"*", "?"} & set(pattern):
        assert like(pattern, text) is (pattern == text)


@pytest.mark.parametrize(
    ("principal", "who", "trusted"),
    [
        ({"AWS": "arn:aws:iam::123456789012:root"}, ("AWS", "arn:aws:iam::123456789012:role/any"), True),
        ({"AWS": "arn:aws:iam::123456789012:root"}, ("AWS", "arn:aws:iam::210987654321:role/any"), False),
        ({"AWS": ["arn:aws:iam::123456789012:role/ci"]}, ("AWS", "arn:aws:iam::123456789012:role/any"), False),
        ({"Service": "fis.amazonaws.com"}, ("Service", "fis.amazonaws.com"), True),
        ({"Service": "fis.amazonaws.com"}, ("AWS", "fis.amazonaws.com"), False),
        ("*", ("AWS", "arn:aws:iam::210987654321:role/any"), True),
    ],
)
def test_trusts(principal: Any, who: tuple[str, str], trusted: bool) -> None:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    assert is_allowed([statement], Call("sts:AssumeRole", principal=who)) is trusted
