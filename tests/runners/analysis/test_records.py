"""What is read of stored records, and what is refused and counted."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from runners.analysis.eight_weeks.weeks import Regression, Weeks
from runners.analysis.intake import Intake
from runners.analysis.reading import OTHERS, UnreadableRecordError, read_record
from runners.analysis.records import ChaosRecord, ControlRecord, DrillRecord, Record
from tests.runners.analysis.records_for_tests import chaos, control, document, drill, unjudged
from tests.runners.chaos.experiments import passed
from tests.runners.conftest import ROOT

SCHEMAS = {"experiment": "chaos-record", "resource": "drill-record"}


@pytest.mark.parametrize(
    "record",
    [chaos(), drill(), drill(rto=None), control(), unjudged()],
    ids=["chaos", "drill", "failed", "control", "unjudged"],
)
def test_bytes_and_mappings_say_the_same(record: Any) -> None:
    assert read_record(document(record)) == read_record(json.loads(document(record))) == record


def test_what_the_product_writes_is_read() -> None:
    found = read_record(passed().document())
    assert isinstance(found, ChaosRecord)
    assert (found.run, found.says_something, found.looked_seconds) == ("20261125-083000-a1b2", True, 120.0)
    assert found == read_record(json.dumps(passed().document()).encode())


def test_what_was_added_since_is_passed_over() -> None:
    assert read_record(json.loads(document(chaos())) | {"more": {"a": 1}}) == chaos()


@pytest.mark.parametrize("kind", ["suite", "rollback", "execution"])
def test_other_kinds_of_run_are_told_by_their_type(kind: str) -> None:
    assert read_record({"version": 1, "type": kind, "anything": 1}) == kind


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"version": 2}, "version 2; accepted: 1"),
        ({"version": None}, "version None"),
        ({"experiment": None}, "neither an experiment's nor a drill's"),
        ({"resource": "orders"}, "neither an experiment's nor a drill's"),
        ({"type": "dance"}, "type 'dance'; accepted: control, unjudged-run, execution, rollback, suite, or none"),
        ({"run": "x"}, "run"),
        ({"run": "00000000-000000-0000"}, "run"),
        ({"run": "20261125-083000-a1b2\n"}, "run"),
        ({"verdict": "splendid"}, "splendid"),
        ({"cleaned": "yes"}, "cleaned"),
        ({"kpis": {}}, "missing required field"),
    ],
)
def test_what_is_not_known_is_refused(changes: dict[str, Any], said: str) -> None:
    for given in (data := json.loads(document(chaos())) | changes), json.dumps(data).encode():
        with pytest.raises(UnreadableRecordError, match=said):
            read_record(given)


DOCUMENTS: dict[str, Record] = {"chaos": chaos(), "drill": drill(), "control": control(), "unjudged": unjudged()}


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"type": "control"},
        {"type": "suite"},
        {"type": 5},
        {"type": None},
        {"experiment": "network-latency"},
        {"experiment": None},
        {"experiment": 5},
        {"resource": "orders"},
        {"resource": None},
        {"version": 2},
        {"version": True},
        {"version": 1.0},
        {"note": {"experiment": "x", "type": "control"}},
    ],
)
def test_what_tells_kinds_apart_is_read_alike_however_it_is_written(kind: str, changes: dict[str, Any]) -> None:
    data = json.loads(document(DOCUMENTS[kind])) | changes
    last = dict(reversed(data.items()))
    first = {key: data[key] for key in ("version", "type") if key in data} | data
    texts = [json.dumps(held, separators=apart) for held in (data, first, last) for apart in ((",", ":"), (", ", ": "))]
    given = [told(form) for form in (data, *(text.encode() for text in texts))]
    # Which of several faults is told depends on which comes first.
    assert len({"refused" if isinstance(held, str) else repr(held) for held in given}) == 1
    assert len({isinstance(held, str) and held in OTHERS for held in given}) == 1


def told(given: Any) -> object:
    try:
        return read_record(given)
    except UnreadableRecordError as error:
        return f"refused: {error}"


def test_a_type_within_a_part_is_not_the_document_s() -> None:
    within = document(control()).replace(b'"type":"control",', b"").replace(b"{", b'{"x":{"type":"control"},', 1)
    assert told(within) == told(json.loads(within))
    assert "neither" in str(told(within))
    twice = document(control()).replace(b'"type":"control"', b'"type":"control","type":"suite"')
    assert told(twice) == "suite"


@pytest.mark.parametrize("damaged", [b"\xff\xfe", b'{"version":1,"run":"\xff"}', b'{"version":1,"type":"\xff"}'])
def test_what_is_no_text_is_counted_too(damaged: bytes) -> None:
    intake = Intake()
    assert list(intake.records([("a", damaged)])) == []
    assert (intake.documents, intake.unread) == (1, 1)


@pytest.mark.parametrize("seconds", [-1, "12", True])
def test_a_measure_is_a_number_that_can_be(seconds: object) -> None:
    data = json.loads(document(chaos()))
    data["kpis"]["recoveredAfterSeconds"] = seconds
    with pytest.raises(UnreadableRecordError):
        read_record(data)


def test_what_comes_in_is_counted_by_what_became_of_it() -> None:
    intake = Intake()
    given: list[tuple[str, Any]] = [
        ("a", document(chaos())),
        ("b", b"{"),
        ("c", {"version": 1, "type": "suite"}),
        ("d", {}),
    ]
    assert list(intake.records(given)) == [chaos()]
    assert (intake.documents, intake.read, intake.others.total(), intake.unread) == (4, 1, 1, 2)
    assert [place for place, _ in intake.unreadable] == ["b", "d"]


def test_the_rehearsed_weeks_are_what_the_product_would_write() -> None:
    schemas = {key: json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text()) for key, name in SCHEMAS.items()}
    validators = {key: jsonschema.Draft202012Validator(schema) for key, schema in schemas.items()}
    kinds = set()
    for held in Weeks(1, Regression()).documents():
        kinds.add(type(read_record(held)))
        for key, validator in validators.items():
            if key in held:
                validator.validate(held)
    assert kinds == {ChaosRecord, DrillRecord, ControlRecord}
