"""JSON says each thing once, in numbers that can be kept."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.reading.errors import ReadingError
from contract.reading.files import read_json_file, read_yaml_file
from contract.reading.json_text import read_json
from contract.reading.numbers import plain_number
from contract.reading.source_file import at

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(JSON)
def test_what_json_says_is_what_is_read(data: object) -> None:
    assert read_json(json.dumps(data, indent=1), "f.json", plain_number).data == data


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1,\n "b": {"c": 1,\n "c": 2}}', "f.json:3: b.c: given twice in one object; keep one (the first is"),
        ('{"a": 1, "\\u0061": 2}', "f.json:1: a: given twice"),
        ('[1,\n{"a": NaN}]', "f.json:2: [1].a: 'NaN'; accepted"),
        ("[1,\n-Infinity]", "f.json:2: [1]: '-Infinity'; accepted"),
        ('{"a":\n1e-400}', "f.json:2: a: '1e-400'; accepted"),
        ('{"a": 1e400}', "f.json:1: a: '1e400'; accepted"),
        ('{"a": "\\ud800"}', "half a character"),
        ("[" * 101 + "]" * 101, "nested too deeply"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": 1,}', "f.json:1: not JSON"),
        ("{'a': 1}", "not JSON"),
        ("", "not JSON"),
        ("01", "not JSON"),
        ("0x1F", "not JSON"),
    ],
)
def test_anything_else_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ReadingError) as refused:
        read_json(text, "f.json")
    assert said in str(refused.value)


def test_numbers_are_exact_and_paths_have_lines() -> None:
    document = read_json('[\n {"a": 0.1,\n  "b": "\\ud83d\\ude00"}]', "f.json")
    assert document.data == [{"a": Decimal("0.1"), "b": "\U0001f600"}]
    assert at(document.file, "[0].b") == "f.json:3: [0].b"


def test_files_that_are_not_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}')
    assert read_json_file(path, "JSON").data == read_yaml_file(path, "YAML").data == {"a": 1}
    path.write_bytes('{"a": 1}'.encode("utf-16"))
    for read in (read_json_file, read_yaml_file):
        with pytest.raises(ReadingError, match="not UTF-8 text; accepted: this"):
            read(path, "this")
    path.write_bytes(b"a: " + b"x" * 5_000_000)
    with pytest.raises(ReadingError, match="larger than 4096 KiB"):
        read_yaml_file(path, "YAML")
    with pytest.raises(ReadingError, match="Is a directory"):
        read_yaml_file(tmp_path, "YAML")
