from __future__ import annotations

from decimal import Decimal

import pytest

from preview.existing import NOT_KNOWN, Existing, as_it_will_be
from preview.property_path import reset, steps_of
from preview.registration import Registration
from preview.wire import plain_properties, read_struct, write_struct
from pricing.resource import UNKNOWN, Plain, Resource

TYPE = "aws:ec2/instance:Instance"
URN = f"urn:pulumi:dev::ial::{TYPE}::web"
OLD = f"urn:pulumi:dev::ial::{TYPE}::old"


def registration(
    *ignored: str, aliases: tuple[str, ...] = (), import_id: str = "", **properties: Plain
) -> Registration:
    wire = write_struct(properties)
    return Registration(
        urn=URN, type=TYPE, name="web", custom=True, wire=wire, properties=plain_properties(read_struct(wire))[0],
        ignore_changes=ignored, aliases=aliases, import_id=import_id,
    )  # fmt: skip


def state(urn: str = URN, *, protect: bool = False, retain: bool = False, **properties: Plain) -> Existing:
    resource = Resource(urn=urn, type=TYPE, name="web", properties=properties, protect=protect, retain_on_delete=retain)
    return Existing({urn: resource}, {urn: "i-1"})


@pytest.mark.parametrize(
    ("existing", "size"),
    [
        (NOT_KNOWN, UNKNOWN),
        (Existing(), "t3.nano"),
        (state(instanceType="m5.large"), "m5.large"),
        (state(OLD, instanceType="m5.large"), "m5.large"),
        (state(OLD + "er", instanceType="m5.large"), "t3.nano"),
        (state(), None),
    ],
)
def test_an_ignored_property_is_what_is_there(existing: Existing, size: Plain) -> None:
    found = as_it_will_be(registration("instanceType", aliases=(OLD,), instanceType="t3.nano", ami="a"), existing)
    assert (found.properties.get("instanceType"), found.properties["ami"]) == (size, "a")
    assert plain_properties(read_struct(found.wire))[0] == found.properties


@pytest.mark.parametrize(
    ("path", "disk"),
    [
        ("disk.size", {"size": UNKNOWN, "type": "gp3"}), ('disk["size"]', {"size": UNKNOWN, "type": "gp3"}),
        ("disk", UNKNOWN), ("disk[0]", UNKNOWN), ("*", UNKNOWN),
        ("tags", {"size": 8, "type": "gp3"}), ("a..b", {"size": 8, "type": "gp3"}),
    ],
)  # fmt: skip
def test_without_a_state_only_what_the_path_names_is_unknown(path: str, disk: Plain) -> None:
    found = as_it_will_be(registration(path, disk={"size": Decimal(8), "type": "gp3"}), NOT_KNOWN)
    assert found.properties["disk"] == disk


def test_an_import_is_unread_until_the_state_has_it() -> None:
    assert as_it_will_be(registration(import_id="i-1"), NOT_KNOWN).unread
    assert as_it_will_be(registration(import_id="i-2"), state()).unread
    assert not as_it_will_be(registration(import_id="i-1"), state()).unread
    assert not as_it_will_be(registration(), NOT_KNOWN).unread


def test_what_is_retained_or_protected_stays_and_what_is_renamed_does_not_leave() -> None:
    head = [registration(aliases=(OLD,)).resource()]
    for kept in (state(OLD + "er", retain=True), state(OLD + "er", protect=True)):
        assert [entry.urn for entry in kept.staying(head)] == [OLD + "er"]
    for gone in (state(OLD + "er"), state(OLD, retain=True), state(retain=True)):
        assert gone.staying(head) == []


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("a", ["a"]), ("a.b", ["a", "b"]), ('a["b.c"]', ["a", "b.c"]), ("a[0].b", ["a", 0, "b"]), ("a[*]", ["a", "*"]),
        ("*", ["*"]), ("", []), ("a..b", []), ("a[", []),
    ],
)  # fmt: skip
def test_paths_are_read_as_the_engine_reads_them(path: str, steps: list[object]) -> None:
    assert steps_of(path) == steps


@pytest.mark.parametrize(
    ("new", "old", "path", "result"),
    [
        ({"a": 1}, {"a": 2}, "a", {"a": 2}),
        ({"a": 1}, {}, "a", {}),
        ({}, {"a": 2}, "a", {"a": 2}),
        ({"a": {"b": 1, "c": 1}}, {"a": {"b": 2}}, "a.b", {"a": {"b": 2, "c": 1}}),
        ({"a": {"b": 1}}, {}, "a.b", {"a": {"b": 1}}),
        ({"a": [{"b": 1}, {"b": 1}]}, {"a": [{"b": 2}]}, "a[*].b", {"a": [{"b": 2}, {"b": 1}]}),
        ({"a": [1, 1]}, {"a": [2, 2]}, "a[1]", {"a": [1, 2]}),
        ({"a": 1, "b": 1}, {"a": 2}, "*", {"a": 2}),
    ],
)
def test_a_path_is_set_back_to_the_state(new: object, old: object, path: str, result: object) -> None:
    assert reset(new, old, steps_of(path)) == result
