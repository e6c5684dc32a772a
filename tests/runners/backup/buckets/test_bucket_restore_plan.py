from __future__ import annotations

from datetime import UTC, datetime, timedelta

from runners.backup.buckets.bucket_restore_plan import steps_aside, steps_in_place
from runners.backup.buckets.objects import LONGEST_KEY, Version
from runners.backup.buckets.rollback_plan import Doubt

THEN = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
BEFORE, AFTER = THEN - timedelta(hours=1), THEN + timedelta(hours=1)


def old(key: str, size: int = 10, storage: str = "STANDARD") -> Version:
    return Version(key=key, id=f"{key}-1", modified=BEFORE, latest=True, size=size, storage=storage)


def overwritten(key: str, storage: str = "STANDARD") -> list[Version]:
    new = Version(key=key, id=f"{key}-2", modified=AFTER, latest=True, size=3)
    return [new, Version(key=key, id=f"{key}-1", modified=BEFORE, size=10, storage=storage)]


def new(key: str) -> Version:
    return Version(key=key, id=f"{key}-1", modified=AFTER, latest=True, size=1)


def test_a_bucket_that_is_as_it_was_needs_nothing() -> None:
    found = steps_in_place([old("a")], THEN, None)
    assert (found.words, found.copied.number) == (("nothing: the bucket is as it was then",), 0)


def test_what_a_rollback_would_do_is_counted_and_named() -> None:
    versions = [*overwritten("a"), *overwritten("b", "GLACIER"), old("c"), new("d")]
    found = steps_in_place(versions, THEN, None)
    assert found.words[:3] == (
        "copy 1 versions of then on top of what overwrote or deleted them",
        "hide 1 objects that are new since then",
        "leave 1 archived objects as they are: retrieve them first, then run this again",
    )
    assert [word.split()[-1].strip("'\"") for word in found.words[3:]] == ["a", "b", "d"]
    assert (found.copied.number, found.copied.stored) == (1, {"STANDARD": 10})


def test_where_nothing_may_be_written_the_versions_to_copy_are_told_and_not_counted() -> None:
    found = steps_in_place([*overwritten("a"), new("d")], THEN, "it is locked")
    assert "  but leave those 1 versions uncopied: it is locked" in found.words
    assert found.copied.number == 0
    assert not any("uncopied" in word for word in steps_in_place([new("d")], THEN, "it is locked").words)


def test_of_many_objects_twenty_are_named() -> None:
    found = steps_in_place([new(f"k{number:02}") for number in range(21)], THEN, None)
    assert found.words[0] == "hide 21 objects that are new since then"
    assert len(found.words) == 21


def test_a_copy_aside_leaves_out_what_is_archived_or_has_no_room_and_says_so() -> None:
    room = LONGEST_KEY - len("aside/")
    versions = [old("a", 5), old("b", 7, "GLACIER"), old("k" * room, 11), old("x" * (room + 1), 13), new("y")]
    found = steps_aside(versions, THEN, "aside/")
    assert found.words == (
        "copy 2 of 4 objects (36 bytes) as of 2026-11-25T08:00:00.000Z to aside/",
        "leave 1 archived objects out: retrieve them first, then run this again",
        "leave 1 objects out: their keys with the prefix are longer than 1,024 bytes",
    )
    assert (found.copied.number, found.copied.stored) == (2, {"STANDARD": 16})
    assert len(steps_aside([old("a")], THEN, "aside/").words) == 1


def test_what_is_uncertain_is_told_with_what_is_done_about_it() -> None:
    held = Version(key="a", id="a-1", modified=THEN, latest=True, size=1)
    gone = Version(key="b", id="b-1", modified=THEN, latest=True, marker=True)
    heading = f"uncertain: 2 objects: each {Doubt.SAME_SECOND}"
    assert steps_aside([held, gone], THEN, "aside/").words[1:] == (heading, "  a: copy", "  b: no object then")
    assert steps_in_place([held, gone], THEN, None).words[1:] == (heading, "  a: leave", "  b: leave")
