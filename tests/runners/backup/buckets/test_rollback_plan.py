from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runners.backup.buckets.objects import Version
from runners.backup.buckets.rollback_check import objects_of
from runners.backup.buckets.rollback_plan import LONGEST_UPLOAD, Act, Doubt, Step, plan_rollback, readings, state_at

IN_PARTS = '"d41d8cd98f00b204e9800998ecf8427e-3"'
T0 = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def second(number: int) -> datetime:
    return T0 + timedelta(seconds=number)


@dataclass
class Bucket:
    """A versioned bucket: what S3 does when something is written or deleted."""

    held: dict[str, list[Version]] = field(default_factory=dict)
    written: int = 0

    def put(self, key: str, at: int, **more: Any) -> None:
        self._add(Version(key=key, id="", modified=second(at), size=1, **more))

    def delete(self, key: str, at: int) -> None:
        self._add(Version(key=key, id="", modified=second(at), marker=True))

    def copy(self, version: Version, at: int) -> None:
        # The content of a copy is that of its source: the id of the version whose bytes it has.
        self._add(replace(version, id="", modified=second(at)), content=self.content(version))

    def content(self, version: Version) -> str:
        return self.contents[version.id]

    contents: dict[str, str] = field(default_factory=dict)

    def _add(self, version: Version, content: str | None = None) -> None:
        self.written += 1
        made = replace(version, id=f"v{self.written}")
        self.contents[made.id] = content or made.id
        self.held[version.key] = [made, *self.held.get(version.key, [])]

    def listing(self) -> list[Version]:
        return [
            replace(version, latest=number == 0)
            for key in sorted(self.held)
            for number, version in enumerate(self.held[key])
        ]

    def objects(self) -> dict[str, str]:
        return {key: self.content(held[0]) for key, held in self.held.items() if held and not held[0].marker}

    def as_of(self, moment: datetime) -> dict[str, str]:
        return {version.key: self.content(version) for version in state_at(self.listing(), moment)}

    def apply(self, steps: Iterable[Step], at: int) -> None:
        for step in steps:
            if step.act is Act.HIDE:
                self.delete(step.key, at)
            elif step.act is not Act.LEAVE:
                assert step.version is not None
                self.copy(step.version, at)


def history(*writes: tuple[str, int, str]) -> Bucket:
    bucket = Bucket()
    for key, at, what in writes:
        bucket.delete(key, at) if what == "-" else bucket.put(key, at)
    return bucket


@pytest.mark.parametrize(
    ("writes", "act"),
    [
        ([("a", 1, "x")], None),
        ([("a", 9, "x")], Act.HIDE),
        ([("a", 1, "x"), ("a", 9, "-")], Act.COPY),
        ([("a", 1, "x"), ("a", 8, "-"), ("a", 9, "-")], Act.COPY),
        ([("a", 1, "x"), ("a", 9, "x")], Act.COPY),
        ([("a", 1, "x"), ("a", 8, "-"), ("a", 9, "x")], Act.COPY),
        ([("a", 1, "x"), ("a", 8, "x"), ("a", 9, "-")], Act.COPY),
        ([("a", 1, "x"), ("a", 2, "-")], None),
        ([("a", 1, "x"), ("a", 2, "-"), ("a", 9, "x")], Act.HIDE),
        ([("a", 2, "-"), ("a", 9, "-")], None),
        # A moment includes all of its second, and what changed in it carries a doubt.
        ([("a", 5, "x")], Act.LEAVE),
        ([("a", 5, "x"), ("a", 5, "-")], Act.LEAVE),
        ([("a", 5, "-"), ("a", 5, "x")], Act.LEAVE),
        ([("a", 1, "x"), ("a", 5, "-"), ("a", 9, "x")], Act.HIDE),
        # Of two changes within one second, only the order of the listing tells which came first.
        ([("a", 4, "x"), ("a", 4, "-"), ("a", 9, "x")], Act.HIDE),
        ([("a", 4, "-"), ("a", 4, "x"), ("a", 9, "-")], Act.COPY),
        ([("a", 6, "x")], Act.HIDE),
    ],
)
def test_the_cases(writes: list[tuple[str, int, str]], act: Act | None) -> None:
    steps = list(plan_rollback(history(*writes).listing(), second(5)))
    assert [step.act for step in steps] == ([] if act is None else [act])


def test_what_is_archived_must_be_retrieved_first() -> None:
    overwritten, deleted, untouched = Bucket(), Bucket(), Bucket()
    for bucket in (overwritten, deleted, untouched):
        bucket.put("a", 1, storage="DEEP_ARCHIVE")
    overwritten.put("a", 9)
    deleted.delete("a", 9)
    for bucket in (overwritten, deleted):
        [step] = plan_rollback(bucket.listing(), second(5))
        assert step.act is Act.RETRIEVE_FIRST
    assert list(plan_rollback(untouched.listing(), second(5))) == []


WRITES = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 10), st.sampled_from("xx-")), max_size=14).map(
    lambda writes: sorted(writes, key=lambda write: write[1])
)


@given(WRITES, st.lists(st.integers(-1, 11), min_size=1, max_size=4))
def test_any_history_is_brought_back_to_any_moments_in_any_order(
    writes: list[tuple[str, int, str]], moments: list[int]
) -> None:
    bucket = history(*writes)
    for number, moment in enumerate(moments):
        before = {version.id for version in bucket.listing()}
        bucket.apply(list(plan_rollback(bucket.listing(), second(moment))), at=20 + 10 * number)
        early = [write for write in writes if write[1] <= moment]
        assert bucket.objects() == history(*early).objects()
        # Markers too: without one, a later moment in which its object was deleted is lost.
        assert before <= {version.id for version in bucket.listing()}


@given(WRITES, st.integers(-1, 11))
def test_a_rollback_needs_nothing_more_and_can_be_rolled_back(writes: list[tuple[str, int, str]], moment: int) -> None:
    bucket = history(*writes)
    now = bucket.objects()
    bucket.apply(list(plan_rollback(bucket.listing(), second(moment))), at=20)
    again = [step for step in plan_rollback(bucket.listing(), second(20))]
    assert [step for step in again if step.act is not Act.LEAVE] == []
    bucket.apply(list(plan_rollback(bucket.listing(), second(15))), at=30)
    assert bucket.objects() == now


@given(WRITES, st.integers(-1, 11))
def test_the_state_of_a_moment_is_the_replay_of_the_writes(writes: list[tuple[str, int, str]], moment: int) -> None:
    """Also what the check works out in its own way; several writes of one key share a second."""
    early = [write for write in writes if write[1] <= moment]
    bucket = history(*writes)
    assert bucket.as_of(second(moment)) == history(*early).objects()
    checked = objects_of(bucket.listing(), second(moment))
    assert {version.key: bucket.content(version) for version in checked} == history(*early).objects()


@given(WRITES, st.integers(-1, 11))
def test_a_key_carries_a_doubt_when_the_second_of_the_moment_decides(
    writes: list[tuple[str, int, str]], moment: int
) -> None:
    listing = history(*writes).listing()
    told = {reading.key for reading in readings(listing, second(moment)) if reading.doubt is not None}
    assert told == {key for key, at, _ in writes if at == moment}


def test_an_upload_in_parts_is_no_older_than_what_lies_under_it() -> None:
    """S3 dates it by its beginning: begun at 1, complete after the object of 4 was written."""
    bucket = Bucket()
    bucket.put("a", 4)
    bucket.put("a", 1, etag=IN_PARTS)
    assert bucket.as_of(second(2)) == {}
    assert bucket.as_of(second(4)) == {"a": "v2"}
    [reading] = readings(bucket.listing(), second(4))
    assert reading.doubt is Doubt.SAME_SECOND
    [reading] = readings(bucket.listing(), second(5))
    assert reading.doubt is Doubt.UPLOAD
    [reading] = readings(bucket.listing(), second(1) + LONGEST_UPLOAD)
    assert reading.doubt is None


def test_a_retrieved_archived_version_is_copied() -> None:
    bucket = Bucket()
    bucket.put("a", 1, storage="GLACIER", retrieved=True)
    bucket.put("a", 9)
    assert [step.act for step in plan_rollback(bucket.listing(), second(5))] == [Act.COPY]


def test_listings_are_streamed() -> None:
    def endless() -> Iterable[Version]:
        for number in range(10**9):
            yield Version(key=f"{number:09}", id=f"{number}", modified=second(9), latest=True)

    steps = plan_rollback(endless(), second(5))
    assert [next(iter(steps)).key for _ in range(3)] == ["000000000", "000000001", "000000002"]
