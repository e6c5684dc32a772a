from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.alarms.composite_rule import CompositeRuleError, alarms_of, holds
from contract.alarms.evaluation import State

STATES = {"a": State.ALARM, "b": State.OK, "c": State.INSUFFICIENT_DATA}


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ('ALARM("a")', True),
        ("ALARM(a)", True),
        ("ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:a)", True),
        ('ALARM("b")', False),
        ('OK("b")', True),
        ('INSUFFICIENT_DATA("c")', True),
        ('INSUFFICIENT_DATA("unknown")', True),
        ('ALARM("a") AND ALARM("b")', False),
        ('ALARM("a") OR ALARM("b")', True),
        ('NOT ALARM("b")', True),
        ('NOT (ALARM("a") AND OK("b"))', False),
        ('ALARM("b") AND ALARM("b") OR ALARM("a")', True),
        ('ALARM("a") OR ALARM("b") AND ALARM("b")', True),
        ('(ALARM("a") OR ALARM("b")) AND ALARM("b")', False),
        ("TRUE", True),
        ("TRUE AND FALSE", False),
    ],
)
def test_rules(rule: str, value: bool) -> None:
    assert holds(rule, STATES) is value


@pytest.mark.parametrize(
    "rule", ["", "ALARM", "ALARM(", "ALARM()x", 'ALARM("a"', 'ALARM("a") ALARM("b")', "AND", 'alarm("a")', ")", "NOT"]
)
def test_what_cannot_be_read_is_refused(rule: str) -> None:
    with pytest.raises(CompositeRuleError, match="cannot be read; accepted: ALARM"):
        holds(rule, STATES)


def test_the_alarms_of_a_rule() -> None:
    assert alarms_of('ALARM("a") OR (NOT OK("b") AND ALARM(c))') == {"a", "b", "c"}


NAMES = st.sampled_from(["a", "b", "c"])
LEAVES = st.tuples(st.sampled_from(list(State)), NAMES)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.tuples(st.just("NOT"), inner), st.tuples(inner, st.sampled_from(["AND", "OR"]), inner)),
    max_leaves=8,
)


def written(tree: object) -> str:
    match tree:
        case (State() as state, str(name)):
            return f'{state.value}("{name}")'
        case ("NOT", inner):
            return f"NOT ({written(inner)})"
        case (left, word, right):
            return f"({written(left)} {word} {written(right)})"
    raise AssertionError(tree)


def meant(tree: object) -> bool:
    match tree:
        case (State() as state, str(name)):
            return STATES[name] is state
        case ("NOT", inner):
            return not meant(inner)
        case (left, word, right):
            return (meant(left) and meant(right)) if word == "AND" else (meant(left) or meant(right))
    raise AssertionError(tree)


@given(TREES)
def test_any_rule_means_what_it_says(tree: object) -> None:
    assert holds(written(tree), STATES) is meant(tree)
