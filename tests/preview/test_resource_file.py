from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from preview.resource_file import ResourceFileKind, read_resource_file
from pricing.errors import ResourceFileError

URN = "urn:pulumi:dev::ial::aws:sqs/queue:Queue::jobs"
STATE = {"urn": URN, "type": "aws:sqs/queue:Queue", "custom": True, "inputs": {"delaySeconds": 0.1}}
FILES: dict[ResourceFileKind, Any] = {
    ResourceFileKind.LIST: [{"type": STATE["type"], "name": "jobs", "properties": STATE["inputs"]}],
    ResourceFileKind.PREVIEW: {
        "steps": [{"op": "create", "urn": URN, "newState": STATE}],
        "changeSummary": {"create": 1},
    },
    ResourceFileKind.STATE: {"version": 3, "deployment": {"resources": [STATE]}},
}


@pytest.mark.parametrize("kind", list(ResourceFileKind))
def test_the_content_tells_the_kind_and_all_give_the_same_resource(tmp_path: Path, kind: ResourceFileKind) -> None:
    path = tmp_path / "anything.txt"
    path.write_text(json.dumps(FILES[kind]), encoding="utf-8-sig")
    found = read_resource_file(path)
    assert found.kind == kind
    (queue,) = found.graph
    assert (queue.type, queue.name, dict(queue.properties)) == (STATE["type"], "jobs", {"delaySeconds": Decimal("0.1")})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ('{"a": 1}\n{"b": 2}', "not JSON (Extra data"),
        ("[NaN]", "[0]: 'NaN'; accepted: a decimal number"),
        ("[" * 100_000, "nested too deeply"),
        ("{}", "none of the kinds of file that can be priced; accepted: a list of {type, name, properties}"),
        ("3", "none of the kinds"),
        ('"steps"', "none of the kinds"),
        ('{"totalMonthlyCost": "1", "resources": []}', "none of the kinds"),
    ],
)
def test_any_other_content_is_an_error(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "f.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ResourceFileError) as error:
        read_resource_file(path)
    assert str(error.value).startswith(f"{path}:")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name, message in (("none.json", "No such file"), (".", "directory"), ("binary", "not UTF-8")):
        with pytest.raises(ResourceFileError, match=message):
            read_resource_file(tmp_path / name)
