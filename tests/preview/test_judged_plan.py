from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from preview.errors import ProgramError, ProvisionError
from preview.judged_plan import JudgedPlan
from preview.recording import Recording
from preview.registration import Provisioned, Registration, resource_urn
from pricing.resource import UNKNOWN, Plain

TOKEN = "aws:s3/bucket:Bucket"


def bucket(name: str = "data", **options: Any) -> Registration:
    properties: Mapping[str, Plain] = {
        "name": "data",
        "size": Decimal(3),
        "tags": {"a": "b", "c": UNKNOWN},
        "arn": UNKNOWN,
    }
    own = {"properties": properties, **options}
    return Registration(urn=resource_urn("dev", "p", "", TOKEN, name), type=TOKEN, name=name, custom=True, **own)


class Making:
    """Notes what is made."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def create(self, request: Registration) -> Provisioned:
        self.made.append(request.name)
        return Provisioned("id", {})

    def read(self, request: Registration, resource_id: str) -> Provisioned:
        self.made.append(request.name)
        return Provisioned(resource_id, {})

    def invoke(self, token: str, args: Mapping[str, Plain]) -> Mapping[str, Plain]:
        return {"token": token, **args}


def plan() -> tuple[JudgedPlan, Making]:
    making = Making()
    return JudgedPlan(Recording(registrations=(bucket(),)), making), making


KNOWN: Mapping[str, Plain] = {"name": "data", "size": Decimal(3), "tags": {"a": "b", "c": "d"}, "arn": "arn:x"}


@pytest.mark.parametrize("properties", [KNOWN, {key: value for key, value in KNOWN.items() if key != "arn"}])
def test_what_was_judged_is_made_whatever_was_unknown(properties: Mapping[str, Plain]) -> None:
    judged, making = plan()
    assert judged.create(bucket(properties=properties)).id == "id"
    judged.require_all(Recording(registrations=(bucket(),)))
    assert making.made == ["data"]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"properties": {**KNOWN, "size": Decimal(4)}}, "size"),
        ({"properties": {**KNOWN, "size": True}}, "size"),
        ({"properties": {**KNOWN, "more": "x"}}, "more"),
        ({"properties": {**KNOWN, "tags": {"a": "b", "c": "d", "e": "f"}}}, "tags"),
        ({"properties": {key: value for key, value in KNOWN.items() if key != "name"}}, "name"),
        ({"protect": True}, "protect"),
        ({"import_id": "other"}, "import_id"),
    ],
)
def test_what_differs_is_refused_before_it_is_made(changed: dict[str, Any], named: str) -> None:
    judged, making = plan()
    with pytest.raises(ProvisionError, match=rf"data .* is not what was judged: {named} differ"):
        judged.create(replace(bucket(properties=KNOWN), **changed))
    assert making.made == []


def test_what_no_preview_saw_is_refused() -> None:
    judged, making = plan()
    with pytest.raises(ProvisionError, match=r"other .* was not in the preview that was judged"):
        judged.create(bucket("other"))
    with pytest.raises(ProvisionError, match="was not in the preview"):
        judged.read(bucket("other"), "id")
    assert making.made == []


def test_what_is_left_out_is_refused_before_it_would_be_deleted() -> None:
    judged, _ = plan()
    with pytest.raises(ProgramError, match=r"did not register .*data"):
        judged.require_all(Recording(registrations=()))
    with pytest.raises(ProgramError, match=r"added .*other"):
        judged.require_all(Recording(registrations=(bucket(), bucket("other"))))


def test_data_sources_are_asked() -> None:
    assert plan()[0].invoke("aws:x", {"a": "b"}) == {"token": "aws:x", "a": "b"}
