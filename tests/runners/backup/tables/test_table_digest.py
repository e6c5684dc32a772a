from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runners.backup.tables.table_digest import Manifest, bucket_of, canonical, digested, key_text
from runners.errors import JournalError

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9)
SIMPLE = st.one_of(
    st.builds(lambda text: {"S": text}, st.text(max_size=5)),
    st.builds(lambda number: {"N": str(number)}, NUMBERS),
    st.builds(lambda flag: {"BOOL": flag}, st.booleans()),
    st.just({"NULL": True}),
    st.builds(lambda texts: {"SS": sorted(texts)}, st.sets(st.text(max_size=3), min_size=1)),
    st.builds(lambda numbers: {"NS": sorted(map(str, numbers))}, st.sets(st.integers(), min_size=1)),
)
VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds(lambda held: {"L": held}, st.lists(inner, max_size=3)),
        st.builds(lambda held: {"M": held}, st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    ),
    max_leaves=5,
)
ITEMS = st.lists(
    st.builds(lambda number, value: {"id": {"S": str(number)}, "value": value}, st.integers(0, 50), VALUES),
    unique_by=lambda item: item["id"]["S"],
    max_size=20,
)


def manifest(items: list[dict[str, Any]], page: int = 7) -> Manifest:
    found = Manifest()
    for start in range(0, len(items), page):
        found.add(digested(items[start : start + page], ["id"]))
    return found


@settings(max_examples=20, deadline=None)
@given(ITEMS, st.randoms(), st.integers(1, 9))
def test_the_order_of_reading_does_not_matter(items: list[dict[str, Any]], chance: random.Random, page: int) -> None:
    other = list(items)
    chance.shuffle(other)
    assert manifest(items).digest == manifest(other, page).digest
    assert manifest(items).items == len(items)


@settings(max_examples=20, deadline=None)
@given(ITEMS, VALUES, st.randoms())
def test_one_changed_item_makes_one_bucket_differ(
    items: list[dict[str, Any]], value: dict[str, Any], chance: random.Random
) -> None:
    if not items:
        return
    number = chance.randrange(len(items))
    changed = [dict(item) for item in items]
    changed[number]["value"] = value
    first, second = manifest(items), manifest(changed)
    pairs = enumerate(zip(first.buckets(), second.buckets(), strict=True))
    differing = [number for number, (one, other) in pairs if one != other]
    same = canonical(items[number]) == canonical(changed[number])
    assert differing == ([] if same else [bucket_of(items[number], ["id"])])


@settings(max_examples=20, deadline=None)
@given(ITEMS)
def test_a_missing_item_is_seen(items: list[dict[str, Any]]) -> None:
    if items:
        assert manifest(items).digest != manifest(items[1:]).digest


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"N": "1.0"}, {"N": "1"}, True),
        ({"N": "100"}, {"N": "1E2"}, True),
        ({"N": "0"}, {"N": "-0.0"}, True),
        ({"N": "1"}, {"N": "1.01"}, False),
        ({"N": "1"}, {"S": "1"}, False),
        ({"SS": ["a", "b"]}, {"SS": ["b", "a"]}, True),
        ({"NS": ["1", "2.0"]}, {"NS": ["2", "1"]}, True),
        ({"L": [{"S": "a"}, {"S": "b"}]}, {"L": [{"S": "b"}, {"S": "a"}]}, False),
        ({"M": {"a": {"N": "1.0"}, "b": {"S": ""}}}, {"M": {"b": {"S": ""}, "a": {"N": "1"}}}, True),
        ({"B": b"ab"}, {"B": "YWI="}, True),
        ({"BS": [b"b", b"a"]}, {"BS": ["YQ==", "Yg=="]}, True),
        ({"BOOL": True}, {"BOOL": False}, False),
        ({"NULL": True}, {"BOOL": True}, False),
    ],
)
def test_what_counts_as_the_same(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    assert (canonical({"id": {"S": "x"}, "v": one}) == canonical({"v": other, "id": {"S": "x"}})) is same


def test_a_value_of_another_database_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a value of DynamoDB"):
        canonical({"id": {"X": "1"}})


def test_keys_as_people_read_them() -> None:
    assert key_text({"id": {"S": "order-1"}, "at": {"N": "2026"}}, ["id", "at"]) == "order-1 / 2026"


@settings(max_examples=20, deadline=None)
@given(ITEMS)
def test_a_manifest_survives_its_file(items: list[dict[str, Any]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "before"
        digest = manifest(items).write(path)
        assert Manifest.read(path, digest).digest == digest == manifest(items).digest


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "before"
    digest = manifest([{"id": {"S": "a"}}]).write(path)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(JournalError, match="is not what the run wrote"):
        Manifest.read(path, digest)
    path.unlink()
    with pytest.raises(JournalError, match="the run cannot be resumed"):
        Manifest.read(path, digest)


def test_the_digest_is_the_same_on_every_machine() -> None:
    """Records of last year must still be comparable."""
    items = [json.loads('{"id": {"S": "order-1"}, "total": {"N": "12.50"}, "tags": {"SS": ["b", "a"]}}')]
    assert digested(items, ["id"]) == digested([dict(reversed(items[0].items()))], ["id"])
    assert bucket_of(items[0], ["id"]) == 2991
    assert manifest(items).digest == "ec6ff66a8b5b28021e3b23db79ae9ed153db0799fdb398ebe3fc1f96d1fc0e02"
