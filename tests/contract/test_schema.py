from __future__ import annotations

import ast
import json
import math
from enum import StrEnum
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec import UNSET, Struct, UnsetType, convert
from msgspec.json import encode

from contract.outputs import EXPORT, Outputs, upgraded
from contract.parts import Part, RecordPart
from contract.schema import described, schema

ROOT = Path(__file__).parents[2]
FIRST = Path(__file__).parent / "outputs" / "version-1.json"
# What runners do not ask for by name, and why it stays.
UNASKED = {
    "schema_version": "compared before the document is read",
    "choice": "the contract itself plans suites by it",
}


def _of_before() -> Any:
    """The document of version 1 as it is written now: what came later has its default."""
    return json.loads(encode(convert(_whole(upgraded(json.loads(FIRST.read_text()))), Outputs)))


def test_a_document_of_before_fits_what_is_published_now() -> None:
    """With what came later as its defaults say."""
    jsonschema.Draft202012Validator(schema(Outputs, "x")).validate(_of_before())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("account_id",), "123456789012\n1"),
        (("account_id",), "12345678901"),
        (("stage",), 9),
        (("extra",), 1),
        (("workload", "tables", 0, "arn"), "orders"),
        (("workload", "buckets", 0, "left_to_owner"), ["acl"]),
        (("chaos", "experiments", 0, "blast_radius", "wanted"), 0),
        (("chaos", "experiments", 0, "hypothesis", "probes"), []),
        (("chaos", "monthly_budget_usd"), "-1"),
    ],
)
def test_the_published_schema_refuses(path: tuple[Any, ...], value: object) -> None:
    document = _of_before()
    node = document
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema(Outputs, "x")).validate(document)


def test_a_field_without_a_description_is_an_error() -> None:
    class Half(Struct):
        """Half of it.

        Attributes:
            there: Said
                in two lines.
            gone: Not there.
        """

        there: int
        new: int

    with pytest.raises(ValueError, match="Half: described, or there, but not both: gone, new"):
        described(Half)


class Word(StrEnum):
    """One of two."""

    YES = "yes"
    NO = "no"


class Grown(Struct):
    """It.

    Attributes:
        first: From the beginning.
        later: Came later.
        usual: Written always.
    """

    first: Word
    later: int | UnsetType = UNSET
    usual: int = 1


def test_what_may_be_unset_is_absent_from_documents_of_before() -> None:
    made = schema(Grown, "x")
    assert made["required"] == ["first", "usual"]
    assert made["properties"]["later"]["type"] == "integer"
    assert made["$defs"]["Word"] == {"description": "One of two.", "enum": ["no", "yes"]}


def test_descriptions_are_inherited_and_their_lines_joined() -> None:
    class Base(Struct):
        """It.

        Attributes:
            there: Said
                in two lines.
        """

        there: int

    class Whole(Base):
        """All.

        Attributes:
            new: Newer.
        """

        new: int

    assert described(Whole) == {"there": "Said in two lines.", "new": "Newer."}


def test_every_field_is_read_by_some_runner() -> None:
    asked = {
        node.attr
        for path in (ROOT / "runners").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }
    fields = {name for part in _parts(Part) if not issubclass(part, RecordPart) for name in part.__struct_fields__}
    assert fields - asked - set(UNASKED) == set()


def test_the_program_exports_what_runners_read() -> None:
    assert EXPORT == "ial"


def _parts(part: type[Struct]) -> list[type[Struct]]:
    ours = [found for found in part.__subclasses__() if found.__module__.startswith("contract.")]
    return ours + [below for found in ours for below in _parts(found)]


def _whole(data: Any) -> Any:
    """Whole numbers as such, as Pulumi's mocks carry every number as a float."""
    if isinstance(data, dict):
        return {key: _whole(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_whole(value) for value in data]
    return int(data) if isinstance(data, float) and math.isfinite(data) and data.is_integer() else data
