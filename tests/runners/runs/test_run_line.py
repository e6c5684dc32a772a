from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from runners.runs.run_line import ForeignLinesError, line_of, lines, read_line, with_line

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas" / "run-line.schema.json").read_text())
PLACE = "bucket/runs/dt=2026-11-01/dev.jsonl"
DOCUMENTS: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.text(max_size=3), st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False), max_size=2
)


def run(number: int) -> str:
    return f"20261125-083000-{number:04x}"


def month(*numbers: int) -> bytes:
    return b"".join(line_of(run(number), "drill", "dev", {"n": number}) + b"\n" for number in numbers)


def test_a_line_says_whose_and_what() -> None:
    text = line_of(run(1), "experiment", "dev", {"verdict": "passed", "ü": "\u2028\n"})
    assert text.isascii()
    assert b"\n" not in text
    Draft202012Validator(SCHEMA).validate(json.loads(text))
    read = read_line(text)
    assert read is not None
    assert (read.version, read.run, read.stack, read.type) == (1, run(1), "dev", "experiment")
    assert json.loads(bytes(read.document)) == {"verdict": "passed", "ü": "\u2028\n"}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"no json",
        b'{"version":1,"run":"20261125-083000-a1b2","stack":"\xff","type":"drill","document":{}}',
        b'{"version":2,"run":"20261125-083000-a1b2","stack":"dev","type":"drill","document":{}}',
        b'{"version":1,"run":"../x","stack":"dev","type":"drill","document":{}}',
        b'{"version":1,"run":"20261125-083000-a1b2","stack":"dev","document":{}}',
    ],
)
def test_what_is_no_line(text: bytes) -> None:
    assert read_line(text) is None
    # What was added by a newer version within a version is passed over.
    assert read_line(month(1).strip()[:-1] + b',"later":[1]}') is not None


def test_what_is_not_json_is_no_document() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        line_of(run(1), "drill", "dev", {"seconds": float("nan")})


def test_a_run_is_added_at_the_end_and_once() -> None:
    assert with_line(b"", run(1), month(1).strip(), PLACE) == month(1)
    assert with_line(month(1), run(2), month(2).strip(), PLACE) == month(1, 2)
    assert with_line(month(1, 2), run(1), month(1).strip(), PLACE) is None
    # An end that somebody's editor has lost.
    assert with_line(month(1).strip(), run(2), month(2).strip(), PLACE) == month(1, 2)


def test_a_run_that_ended_in_another_way_has_one_line() -> None:
    again = line_of(run(1), "drill", "dev", {"n": 17})
    assert with_line(month(1, 2), run(1), again, PLACE) == month(2) + again + b"\n"


def test_nobody_adds_to_what_is_not_known() -> None:
    newer = month(1).replace(b'"version":1', b'"version":2')
    with pytest.raises(ForeignLinesError, match=r"dev\.jsonl: line 2 is not of version 1; update `ial`"):
        with_line(month(2) + newer, run(3), month(3).strip(), PLACE)


@given(st.lists(st.tuples(st.integers(0, 3).map(run), DOCUMENTS), max_size=6))
def test_each_run_has_the_line_that_was_last(stored: list[tuple[str, dict[str, Any]]]) -> None:
    held, wanted = b"", dict[str, bytes]()
    for name, document in stored:
        line = line_of(name, "drill", "dev", document)
        wanted[name] = line
        held = with_line(held, name, line, PLACE) or held
        assert with_line(held, name, line, PLACE) is None
    assert sorted(lines(held)) == sorted(wanted.values())
    assert [read.run for text in lines(held) if (read := read_line(text))] != [] or not stored
