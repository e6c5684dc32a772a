"""What a stack keeps is known by its options, from state and program alike, and noted before it is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preview.registration import Registration
from pricing.resource import UNKNOWN
from runners.kept.kept import KINDS, OTHER, Kept, in_program, in_state, ordered
from runners.kept.notes import Notes
from runners.runs.clock import SystemClock

TAGS = {"managed-by": "ial", "environment": "dev"}
HELD: list[tuple[str, dict[str, Any], bool]] = [
    ("aws:iam/role:Role", {"name": "ial-dev-backup", "tags": TAGS}, True),
    ("aws:iam/rolePolicy:RolePolicy", {"name": "ial", "role": "ial-dev-backup"}, True),
    ("aws:backup/vault:Vault", {"name": "ial-dev-vault", "tags": TAGS}, True),
    ("aws:s3/bucket:Bucket", {"bucket": "mine", "tags": TAGS}, True),
    ("aws:s3/bucketVersioning:BucketVersioning", {"bucket": "mine"}, True),
    ("aws:s3/bucketVersioning:BucketVersioning", {"bucket": "theirs"}, True),
    ("aws:dynamodb/table:Table", {"name": "records", "tags": TAGS}, True),
    ("aws:dynamodb/table:Table", {"name": "gone", "tags": TAGS}, False),
    ("aws:cloudwatch/logGroup:LogGroup", {"name": "/app"}, True),
    ("aws:dynamodb/table:Table", {}, True),
]
EXPECTED = (
    Kept(kind="table", name="records", environment="dev"),
    Kept(kind="bucket", name="mine", environment="dev"),
    Kept(kind="log group", name="/app"),
    Kept(kind="vault", name="ial-dev-vault", environment="dev"),
    Kept(kind="role", name="ial-dev-backup", environment="dev"),
    Kept(kind=OTHER, name="r5 (aws:s3/bucketVersioning:BucketVersioning)"),
    Kept(kind=OTHER, name="r9 (aws:dynamodb/table:Table)"),
)


def test_state_and_program_say_the_same() -> None:
    entries = [
        {"urn": f"urn:pulumi:dev::ial::a$b${type_}::r{number}", "type": type_, "inputs": inputs, "custom": True,
         "retainOnDelete": kept}
        for number, (type_, inputs, kept) in enumerate(HELD)
    ]  # fmt: skip
    state = {
        "deployment": {"resources": [*entries, {"urn": "u", "type": "t", "custom": False, "retainOnDelete": True}]}
    }
    assert in_state(state) == EXPECTED
    registered = [
        Registration(urn=str(entry["urn"]), type=type_, name="r", custom=True, properties=inputs, retain_on_delete=kept)
        for entry, (type_, inputs, kept) in zip(entries, HELD, strict=True)
    ]
    assert in_program(registered) == EXPECTED


@pytest.mark.parametrize("state", [{}, {"deployment": None}, {"deployment": {"resources": None}}])
def test_an_empty_stack_keeps_nothing(state: Any) -> None:
    assert in_state(state) == ()


def test_a_name_that_is_not_known_yet_is_nobodys() -> None:
    request = Registration(
        urn="urn:pulumi:dev::ial::aws:s3/bucket:Bucket::b", type="aws:s3/bucket:Bucket", name="b", custom=True,
        properties={"bucket": UNKNOWN, "tags": UNKNOWN}, retain_on_delete=True,
    )  # fmt: skip
    assert [held.kind for held in in_program([request])] == [OTHER]


@pytest.mark.parametrize(
    ("tags", "ours"),
    [
        (TAGS, True),
        ({**TAGS, "more": "x"}, True),
        ({**TAGS, "environment": "prod"}, False),
        ({"environment": "dev"}, False),
        ({**TAGS, "managed-by": "terraform"}, False),
        ({}, False),
    ],
)
def test_ours_is_what_carries_both_tags(tags: dict[str, str], ours: bool) -> None:
    assert Kept(kind="table", name="t", environment="dev").is_ours(tags) is ours
    assert not Kept(kind="table", name="t").is_ours(tags)


_KEPT = st.builds(Kept, kind=st.sampled_from(KINDS), name=st.sampled_from("abc"), environment=st.sampled_from("de"))


@given(st.lists(st.tuples(st.booleans(), _KEPT), max_size=12))
def test_notes_hold_what_was_found_and_not_seen_to_go(steps: list[tuple[bool, Kept]]) -> None:
    import tempfile

    expected: set[Kept] = set()
    with tempfile.TemporaryDirectory() as folder:
        for found, held in steps:
            # Each step in a process of its own: what counts is on disk.
            with Notes.open(Path(folder), "dev", SystemClock()) as notes:
                notes.found([held]) if found else notes.gone(held)
            expected = expected | {held} if found else expected - {held}
        with Notes.open(Path(folder), "dev", SystemClock()) as notes:
            assert notes.left() == expected
            ranks = [KINDS.index(held.kind) for held in ordered(notes.left(), expected)]
        assert ranks == sorted(ranks)
        assert len(ranks) == len(expected)
