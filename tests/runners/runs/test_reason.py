from __future__ import annotations

import pytest

from runners.runs.reason import Reason, Weight


class Fruit(Reason):
    """Reasons not to eat it."""

    ROTTEN = "rotten", "{fruit} is rotten", "throw it away"
    UNSEEN = "unseen", "{fruit} could not be seen", "switch the light on", Weight.WARNS
    SOUR = "sour", "it is sour", "add sugar to {fruit}", Weight.WARNS_IN_PLANS


def test_a_case_is_said_with_what_to_do() -> None:
    found = Fruit.ROTTEN.against(fruit="an apple")
    assert str(found) == "rotten: an apple is rotten; throw it away"
    assert (found.code, found.warning, found.of_design) == ("rotten", False, False)
    assert Fruit.SOUR.against(fruit="it").message == "it is sour; add sugar to it"


def test_what_could_not_be_read_says_why_in_the_place_of_what_to_do() -> None:
    assert Fruit.UNSEEN.unread("it is dark; wait", fruit="it").message == "it could not be seen: it is dark; wait"
    assert Fruit.UNSEEN.unread(None, fruit="it").message == "it could not be seen; switch the light on"


def test_what_aws_says_is_no_template() -> None:
    assert Fruit.UNSEEN.unread("{no} name", fruit="{it}").message == "{it} could not be seen: {no} name"
    assert Fruit.ROTTEN.against(fruit="{it}").message == "{it} is rotten; throw it away"


@pytest.mark.parametrize(("reason", "warns", "of_design"), [("UNSEEN", True, False), ("SOUR", True, True)])
def test_some_warn(reason: str, warns: bool, of_design: bool) -> None:
    found = Fruit[reason].against(fruit="it")
    assert (found.warning, found.of_design) == (warns, of_design)


@pytest.mark.parametrize("given", [{}, {"fruits": "two"}, {"fruit": "one", "more": "two"}])
def test_words_and_what_is_filled_in_must_fit(given: dict[str, str]) -> None:
    with pytest.raises(TypeError, match="rotten: named in its words, or given, but not both: "):
        Fruit.ROTTEN.against(**given)
    assert Fruit.ROTTEN.code == "rotten"
