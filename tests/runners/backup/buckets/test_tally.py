from __future__ import annotations

import json
from pathlib import Path

from runners.backup.buckets.tally import Tally


def test_everything_is_counted_the_first_is_named_and_all_is_in_the_file(tmp_path: Path) -> None:
    tally = Tally(tmp_path / "objects")
    for number in range(25):
        tally.note("left-out", f"k{number}", "archived")
    told = tally.told("left-out")
    assert tally.count("left-out") == 25
    assert told.startswith("k0: archived; k1: archived; ")
    assert told.endswith(f"; and 5 more (all of them: {tmp_path / 'objects'})")
    lines = [json.loads(line) for line in (tmp_path / "objects").read_text().splitlines()]
    assert [line["key"] for line in lines] == [f"k{number}" for number in range(25)]
    assert (tally.count("lost"), tally.told("lost")) == (0, "")


def test_it_goes_on_from_the_journal() -> None:
    tally = Tally()
    tally.note("wrong", "a", "is missing")
    again = Tally.read(json.loads(json.dumps(tally.document())))
    again.note("wrong", "b", "is missing")
    assert (again.count("wrong"), again.told("wrong")) == (2, "a: is missing; b: is missing")
    assert tally.count("wrong") == 1


def test_a_key_is_one_line_whatever_it_holds() -> None:
    tally = Tally()
    tally.note("wrong", "a\nb\x01é", "x")
    assert tally.told("wrong") == "a\\nb\\x01é: x"
