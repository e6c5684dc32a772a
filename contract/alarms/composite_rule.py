"""The rule of a composite alarm: states of other alarms, joined by AND, OR and NOT."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from contract.alarms.evaluation import State

ACCEPTED: Final = 'ALARM("name"), OK("name"), INSUFFICIENT_DATA("name"), TRUE, FALSE, AND, OR, NOT and parentheses'
_TOKEN: Final = re.compile(r'\s*(?:([A-Z_]+)|("[^"]*"|[^\s()"]+)|([()]))')
_NAME_OF_ARN: Final = re.compile(r"arn:[^:]+:cloudwatch:[^:]*:[^:]*:alarm:(.+)")


class CompositeRuleError(ValueError):
    """The rule cannot be read; the message quotes it."""


def holds(rule: str, states: Mapping[str, State]) -> bool:
    """Whether the rule is true of these states. An alarm that does not exist has no data.

    Raises:
        CompositeRuleError: it cannot be read.
    """
    return _Reading(rule, lambda name: states.get(name, State.INSUFFICIENT_DATA)).whole()


def alarms_of(rule: str) -> frozenset[str]:
    """The alarms that a rule asks for.

    Raises:
        CompositeRuleError: it cannot be read.
    """
    seen: set[str] = set()

    def noted(name: str) -> State:
        seen.add(name)
        return State.OK

    _Reading(rule, noted).whole()
    return frozenset(seen)


class _Reading:
    """A recursive descent over the rule; NOT binds most, then AND, then OR."""

    def __init__(self, rule: str, state_of: Callable[[str], State]) -> None:
        self._rule, self._state_of = rule, state_of
        self._tokens = self._split()

    def _split(self) -> list[str]:
        tokens, place = [], 0
        text = self._rule.rstrip()
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None:
                raise self._refused()
            tokens.append(next(group for group in found.groups() if group is not None))
            place = found.end()
        return tokens

    def whole(self) -> bool:
        value = self._either()
        if self._tokens:
            raise self._refused()
        return value

    def _either(self) -> bool:
        value = self._both()
        while self._next("OR"):
            other = self._both()
            value = value or other
        return value

    def _both(self) -> bool:
        value = self._single()
        while self._next("AND"):
            other = self._single()
            value = value and other
        return value

    def _single(self) -> bool:
        if self._next("NOT"):
            return not self._single()
        if self._next("("):
            value = self._either()
            self._expect(")")
            return value
        word = self._tokens.pop(0) if self._tokens else ""
        if word in ("TRUE", "FALSE"):
            return word == "TRUE"
        if word not in State.__members__:
            raise self._refused()
        return self._asked(State(word))

    def _asked(self, wanted: State) -> bool:
        self._expect("(")
        name = self._tokens.pop(0).strip('"') if self._tokens else ""
        self._expect(")")
        found = _NAME_OF_ARN.fullmatch(name)
        return self._state_of(found[1] if found else name) is wanted

    def _next(self, token: str) -> bool:
        if self._tokens and self._tokens[0] == token:
            del self._tokens[0]
            return True
        return False

    def _expect(self, token: str) -> None:
        if not self._next(token):
            raise self._refused()

    def _refused(self) -> CompositeRuleError:
        return CompositeRuleError(f"alarm rule {self._rule!r} cannot be read; accepted: {ACCEPTED}")
