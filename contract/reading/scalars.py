"""What a bare word of a YAML file means: in our files only what cannot be misread, in Pulumi's what Pulumi reads.

YAML 1.1 and 1.2 disagree on `on`, `017`, `0xFF`, `1_000` and `1:30`, and so do their readers: in our files these are
refused, and quotes make them text. Pulumi's files are read as its own reader does: https://pkg.go.dev/gopkg.in/yaml.v3
(section Compatibility).
"""

from __future__ import annotations

import re
from typing import Final, Protocol

from contract.reading.numbers import ACCEPTED, Number, has_other_digits, is_number

NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_FLAGS: Final = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_OLD_FLAGS: Final = frozenset(
    form for word in ("yes", "no", "on", "off") for form in (word, word.capitalize(), word.upper())
)
_LEADING_ZERO: Final = re.compile(r"[-+]?0[0-9]")
_BASED: Final = re.compile(r"[-+]?0(?:[xX][0-9a-fA-F_]+|[oO][0-7_]+|[bB][01_]+)")
_GROUPED: Final = re.compile(r"[-+]?[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?")
_SIXTIES: Final = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_ENDLESS: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
# `config: {key: value}`: down to here Pulumi takes every bare word as the text that is written.
_TEXT_UNTIL: Final = 2


class Dialect(Protocol):
    """How bare words of one kind of file are read."""

    tags: bool

    def plain(self, text: str, depth: int, number: Number) -> object:
        """The value of a bare word inside so many mappings and lists.

        Raises:
            ValueError: it may mean several things, or nothing that can be kept; the message says what is accepted.
        """


class _Ours:
    tags = False

    def plain(self, text: str, depth: int, number: Number) -> object:  # noqa: ARG002 (all depths are alike)
        if text in NULLS:
            return None
        if text in _FLAGS:
            return _FLAGS[text]
        if text in _OLD_FLAGS:
            msg = "accepted: true or false, or the word in quotes"
            raise ValueError(msg)
        if _is_misread(text):
            msg = f"accepted: {ACCEPTED}; text that looks like a number in quotes"
            raise ValueError(msg)
        return _kept(text, number) if is_number(text) else text


class _Pulumis:
    tags = True

    def plain(self, text: str, depth: int, number: Number) -> object:
        if text in NULLS:
            return None
        if text in _FLAGS:
            return _FLAGS[text]
        if _ENDLESS.fullmatch(text):
            msg = "accepted: a finite number"
            raise ValueError(msg)
        bare = text.replace("_", "")
        odd = bool(
            _BASED.fullmatch(text) or _GROUPED.fullmatch(text) or (_LEADING_ZERO.match(text) and is_number(text))
        )
        if odd:
            return text if depth <= _TEXT_UNTIL else _as_go_reads(bare)
        return _kept(text, number) if is_number(text) else text


def _is_misread(text: str) -> bool:
    forms = (_BASED, _GROUPED, _SIXTIES, _ENDLESS)
    leading = _LEADING_ZERO.match(text) and is_number(text)
    return bool(leading) or has_other_digits(text) or any(form.fullmatch(text) for form in forms)


def _kept(text: str, number: Number) -> object:
    try:
        return number(text)
    except ValueError:
        msg = f"accepted: {ACCEPTED}"
        raise ValueError(msg) from None


def _as_go_reads(text: str) -> int | float:
    """Base prefixes, and eights for a leading zero; what is no octal then is a decimal fraction."""
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    if digits.startswith("0") and set(digits) <= set("01234567"):
        return sign * int(digits, 8)
    fraction = is_number(digits) and (not digits.isdigit() or digits.startswith("0"))
    return sign * (float(digits) if fraction else int(digits, 0))


OURS: Final[Dialect] = _Ours()
PULUMIS: Final[Dialect] = _Pulumis()
