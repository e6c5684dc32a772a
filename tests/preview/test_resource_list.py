from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from preview.resource_list import read_resource_list
from pricing.errors import ResourceFileError
from pricing.resource import UNKNOWN

QUEUE = "aws:sqs/queue:Queue"


def test_an_entry_is_a_resource() -> None:
    data = [{"type": QUEUE, "name": "jobs", "properties": {"delaySeconds": Decimal(5), "tags": {"my_tag": "x"}}}]
    (queue,) = read_resource_list(data, "r.json")
    assert (queue.type, queue.name, queue.capability) == (QUEUE, "jobs", "other")
    assert queue.properties == {"delaySeconds": Decimal(5), "tags": {"my_tag": "x"}}


def test_properties_may_be_absent_or_unknown() -> None:
    data = [
        {"type": QUEUE, "name": "a"},
        {"type": QUEUE, "name": "b", "properties": {"x": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}},
    ]
    first, second = read_resource_list(data, "r.json")
    assert (first.properties, second.properties) == ({}, {"x": UNKNOWN})


def test_a_urn_gives_the_capability() -> None:
    urn = f"urn:pulumi:dev::ial::ial:backup:Backup${QUEUE}::jobs"
    (queue,) = read_resource_list([{"type": QUEUE, "name": "jobs", "urn": urn}], "r.json")
    assert queue.capability == "backup"


FAULTS: list[tuple[Any, str]] = [
    ({}, "resources: expected a list, got an object"),
    ([], "the list is empty"),
    (["x"], '[0]: expected an object, got "x"'),
    ([{"name": "a"}], "[0].type: missing; a text is needed"),
    ([{"type": 3, "name": "a"}], "[0].type: 3; a text is needed"),
    ([{"type": QUEUE}], "[0].name: missing"),
    ([{"type": QUEUE, "name": ""}], '[0].name: ""; a text is needed'),
    ([{"type": "aws_sqs_queue", "name": "a"}], "[0].type: 'aws_sqs_queue'; a Pulumi type token is needed"),
    ([{"type": QUEUE, "name": "a", "propertes": {}}], "[0].propertes: unknown key; accepted are type, name"),
    ([{"type": QUEUE, "name": "a", "properties": []}], "[0].properties: expected an object, got a list"),
    ([{"type": QUEUE, "name": "a", "properties": {"delay_seconds": 1}}], "camelCase; accepted is delaySeconds"),
    ([{"type": QUEUE, "name": "a"}, {"type": QUEUE, "name": "a"}], "[1].name: 'a' of type"),
    ([{"type": QUEUE, "name": "a", "urn": "urn:x"}], "[0].urn: 'urn:x' does not end in"),
]


@pytest.mark.parametrize(("data", "message"), FAULTS)
def test_a_malformed_list_is_an_error(data: Any, message: str) -> None:
    with pytest.raises(ResourceFileError) as error:
        read_resource_list(data, "r.json")
    text = str(error.value)
    assert text.startswith("r.json: ")
    assert "\n" not in text
    assert message in text
