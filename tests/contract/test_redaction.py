"""A secret is found however it is written; what is none stays as it is."""

from __future__ import annotations

import base64
import html
import json
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.redaction import MASK, Secrets

SECRET = 'p"ä&/ss w<ö>rd+7'


def knowing(*values: object) -> Secrets:
    secrets = Secrets()
    for value in values:
        secrets.note(value)
    return secrets


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        repr(SECRET)[1:-1],
        html.escape(SECRET),
        urllib.parse.quote(SECRET),
        urllib.parse.quote(SECRET, safe=""),
        urllib.parse.quote_plus(SECRET),
    ],
)
def test_forms(written: str) -> None:
    assert knowing(SECRET).redacted(f"<{written}> and {written}") == f"<{MASK}> and {MASK}"


@given(st.binary(max_size=7), st.binary(max_size=7))
def test_base64_wherever_the_secret_begins(before: bytes, after: bytes) -> None:
    coded = base64.b64encode(before + SECRET.encode() + after).decode()
    clean = knowing(SECRET).redacted(coded)
    assert MASK in clean
    assert len(clean) - len(MASK) <= (len(before) + len(after)) * 8 // 6 + 8


@given(st.text(min_size=4, max_size=12), st.text(max_size=20), st.text(max_size=20))
def test_never_in_clear(secret: str, before: str, after: str) -> None:
    clean = knowing(secret).redacted(before + secret + after)
    assert secret in (MASK, "true", "false", "null", "None", "True", "False") or secret not in clean.replace(MASK, "\0")


def test_what_lies_inside_and_each_line_of_a_key() -> None:
    secrets = knowing({"a": ["hidden-a", {"b": "hidden-b"}]}, "-----BEGIN\nline-one-of-it\nline-two-of-it\n")
    assert secrets.redacted("hidden-a hidden-b line-two-of-it") == f"{MASK} {MASK} {MASK}"


def test_short_ones_and_json_words_stay() -> None:
    assert knowing("dev", "true", "").redacted('{"dev": true}') == '{"dev": true}'


def test_documents_keep_their_shape_and_their_verdict() -> None:
    found = knowing("within", "hunter2").redacted_data(
        {"verdict": "within", "hunter2": [1, None, "is hunter2"], "total": "within"}
    )
    assert found == {"verdict": "within", MASK: [1, None, f"is {MASK}"], "total": MASK}
