from __future__ import annotations

import re

import pytest

from runners.errors import JournalError
from runners.runs.lines import OF_EVERY_RUN, Line, Lines


class Baked(Line, frozen=True, kw_only=True):
    """One cake."""

    step = "bake.done"
    layers: list[tuple[str, float]]
    burnt: bool = False


class Iced(Line, frozen=True, kw_only=True):
    """One part of it."""

    step = "ice *.done"
    part: str


CAKE = Lines("a cake", (Baked, Iced, *OF_EVERY_RUN))


def test_what_is_written_is_what_is_read_back() -> None:
    baked = Baked(layers=[("cream", 1.0)])
    assert baked.data() == {"layers": [["cream", 1.0]], "burnt": False}
    assert Baked.read(baked.data()) == baked


def test_lines_of_before_and_of_later_are_read() -> None:
    assert Baked.read({"layers": []}) == Baked(layers=[])
    assert Baked.read({"layers": [], "candles": 3}) == Baked(layers=[])


def test_other_data_is_that_of_another_version() -> None:
    with pytest.raises(JournalError, match=re.escape("step 'bake.done' of the journal is that of another version")):
        Baked.read({"layers": 3})


def test_nothing_is_dropped_of_what_is_written() -> None:
    assert Baked.exactly({"layers": [["cream", 1]]}) == Baked(layers=[("cream", 1.0)])
    with pytest.raises(ValueError, match=re.escape("a line 'bake.done' has no candles")):
        Baked.exactly({"layers": [], "candles": 3})


def test_a_step_may_be_named_by_what_differs() -> None:
    assert (Iced.step_of("top"), Iced.begin_of("top"), Baked.begin_of()) == ("ice top.done", "ice top", "bake")


@pytest.mark.parametrize(
    ("step", "known"),
    [
        ("bake", True),
        ("bake.done", True),
        ("ice top", True),
        ("ice top.done", True),
        ("ended", True),
        ("ice ", False),
        ("iced", False),
        ("eat", False),
        ("bake.done.done", False),
    ],
)
def test_which_steps_are_known(step: str, known: bool) -> None:
    assert CAKE.knows(step) is known
    if known:
        CAKE.require(["bake", step])
    else:
        with pytest.raises(
            JournalError, match=r"line 2: step .* of a cake is not known to this version of ial; finish"
        ):
            CAKE.require(["bake", step])
