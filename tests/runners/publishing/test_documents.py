"""Schemas are made from the writers' structs, and what was written before is still what they say.

`recorded/` has journals, with the documents that an earlier version made of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from contract.schema import FOLDER
from runners.backup.drill_record import record_from
from runners.chaos.record.record_of_run import record_of_run
from runners.publishing.documents import PUBLISHED, texts
from runners.rollback.record import record_of_rollback
from runners.runs.journal import Entry
from runners.runs.outcome import RunRecord

RECORDED = Path(__file__).parent / "recorded"
RECORDS: dict[str, tuple[str, Callable[[Sequence[Entry]], RunRecord]]] = {
    "experiment": ("chaos-record", record_of_run),
    "refused-experiment": ("chaos-record", record_of_run),
    "drill": ("drill-record", record_from),
    "rollback": ("rollback-record", record_of_rollback),
    "failed-rollback": ("rollback-record", record_of_rollback),
}
# What came after the first records, and is absent from them.
LATER = {
    "chaos-record": ("reasonCodes", "steadyBefore", "stoppedBy", "versions"),
    "drill-record": ("reasonCodes",),
    "rollback-record": (),
}


def recorded(name: str) -> tuple[list[Entry], dict[str, Any]]:
    held = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    return [Entry(*entry) for entry in held["entries"]], held["document"]


def validator(schema: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((FOLDER / f"{schema}.schema.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", sorted(texts()), ids=lambda file: file.name)
def test_the_published_schema_is_what_the_structs_say(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == texts()[file], "run `make schemas`: the structs say something else"


def test_every_record_of_a_run_is_made_so() -> None:
    records = {path.name.removesuffix(".schema.json") for path in FOLDER.glob("*-record.schema.json")}
    assert records - set(PUBLISHED) == set()


@pytest.mark.parametrize("name", RECORDS)
def test_a_journal_of_before_gives_the_document_of_before(name: str) -> None:
    (_, read), (entries, document) = RECORDS[name], recorded(name)
    assert list(read(entries).document()) == list(document)
    assert read(entries).document() == document


@pytest.mark.parametrize("name", RECORDS)
def test_documents_of_before_fit_and_others_do_not(name: str) -> None:
    schema, (_, document) = RECORDS[name][0], recorded(name)
    whole = validator(schema)
    whole.validate(document)
    first = {key: held for key, held in document.items() if key not in LATER[schema]}
    if first.get("alerts"):
        first["alerts"] = {key: held for key, held in first["alerts"].items() if key != "changes"}
    whole.validate(first)
    assert not whole.is_valid(document | {"more": 1})
    assert not whole.is_valid(document | {"verdict": "splendid"})
    for key in first:
        assert not whole.is_valid({name: held for name, held in first.items() if name != key}), key
