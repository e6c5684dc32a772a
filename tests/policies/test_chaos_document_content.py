"""What is said of a document, word for word; a small one that has it all beside each that lacks something."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.chaos_document_content import content_faults, content_of, parameters_of
from pricing.resource import UNKNOWN

BOUND = {"type": "String", "allowedValues": ["60", "3540"]}
WORD = {"type": "String", "allowedPattern": "^[a-z]+$"}
HOLD: dict[str, Any] = {"name": "hold", "inputs": {"timeoutSeconds": 3600}}
CLEAN: dict[str, Any] = {"name": "clean", "inputs": {"timeoutSeconds": "1", "finallyStep": True}}
WHOLE: dict[str, Any] = {
    "schemaVersion": "2.2",
    "parameters": {"DurationSeconds": BOUND, "Host": WORD},
    "mainSteps": [HOLD, CLEAN],
}
NO_END = "it has no parameter `DurationSeconds`: nothing says when its fault ends; add it"
TOO_LONG = "`DurationSeconds` may be longer than 3540 s; limit its allowedPattern or allowedValues"
NO_CLEANING = "no step cleans up whatever happens; add one with the input `finallyStep: true`"
NO_UNDOING = "no step cleans up: set `onFailure` and `onCancel` of the step that injects to the one that undoes"


def carries(name: str) -> str:
    return f"parameter `{name}` may carry commands into the script; set an allowedPattern that a shell ignores"


def unlimited(step: str) -> str:
    return f"step {step} has no `timeoutSeconds` of 1 to 3600; set it"


def said(content: Any = WHOLE, **changes: Any) -> list[str]:
    return list(content_faults(None if content is None else {**content, **changes}))


def given(**parameters: Any) -> list[str]:
    return said(parameters={**WHOLE["parameters"], **parameters})


def test_the_whole_one_passes_and_none_does_not() -> None:
    assert said() == []
    assert said(None) == ["its content is unknown at preview, or no document; write it out"]


@pytest.mark.parametrize("version", ["1.2", "2", None, 2])
def test_of_another_kind(version: Any) -> None:
    [text] = said(schemaVersion=version)
    assert text == f"its schemaVersion is {version!r}; accepted: 2.2 (command), 0.3 (automation)"


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([CLEAN], []),
        ([CLEAN, "text", None], []),
        ([HOLD], [NO_CLEANING]),
        ([], [NO_CLEANING]),
        (None, [NO_CLEANING]),
        ("text", [NO_CLEANING]),
        (5, [NO_CLEANING]),
        ([CLEAN | {"inputs": {"timeoutSeconds": 1, "finallyStep": "yes"}}], [NO_CLEANING]),
        ([CLEAN | {"inputs": {"timeoutSeconds": 1, "finallyStep": False}}], [NO_CLEANING]),
        ([CLEAN, {"name": "bare"}], [unlimited("bare")]),
        ([CLEAN, {"inputs": "text"}], [unlimited("None")]),
        *(
            ([CLEAN, HOLD | {"inputs": {"timeoutSeconds": limit}}], [] if good else [unlimited("hold")])
            for limit, good in (
                ("1", True),
                (1, True),
                ("3600", True),
                ("3601", False),
                ("0", False),
                ("-1", False),
                ("", False),
                ("1h", False),
                ("{{ Limit }}", False),
                ("0000000001", False),
            )
        ),
    ],
)
def test_the_steps_of_a_command(steps: Any, found: list[str]) -> None:
    assert said(mainSteps=steps) == found


UNDOES = {"onFailure": "step:undo", "onCancel": "step:undo"}


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([UNDOES], []),
        ([{"name": "other"}, UNDOES], []),
        ([{}], [NO_UNDOING]),
        ([], [NO_UNDOING]),
        ([UNDOES | {"onFailure": "Abort"}], [NO_UNDOING]),
        ([UNDOES | {"onCancel": "Abort"}], [NO_UNDOING]),
        ([{"onFailure": "step:undo"}, {"onCancel": "step:undo"}], [NO_UNDOING]),
    ],
)
def test_the_steps_of_an_automation(steps: Any, found: list[str]) -> None:
    assert said({"schemaVersion": "0.3", "mainSteps": steps}) == found
    assert said({"schemaVersion": 0.3, "mainSteps": steps}) == found


@pytest.mark.parametrize("parameters", [None, "text", {}, {"Host": WORD}, {"DurationSeconds": "60"}])
def test_without_a_duration_that_is_all_that_is_said(parameters: Any) -> None:
    assert said(parameters=parameters) == [NO_END]


def pattern(text: str) -> dict[str, Any]:
    return {"type": "String", "allowedPattern": text}


@pytest.mark.parametrize(
    "about",
    [
        pattern("^(60|3540)$"),
        pattern("^[1-9][0-9]{0,2}$"),
        pattern("^(60|5s)$"),
        {"allowedValues": ["60", 3540]},
        {"allowedValues": ["60"], "allowedPattern": ".*"},
        {"allowedValues": [], "allowedPattern": "^60$"},
        {"allowedValues": "9999", "allowedPattern": "^60$"},
    ],
)
def test_a_duration_that_ends(about: dict[str, Any]) -> None:
    assert given(DurationSeconds=about) == []


@pytest.mark.parametrize(
    "more",
    [
        *("3541", "9999", "10000", "99999", "100000", "123456", "999999", "1000000"),
        *("100000000000", "123456789012", "999999999999", "[0-9]{9}"),
        *("1m", "0h", "99d", "100h", "999m", "3541s", "86400s", "7200[.]0", "0x[0-9a-f]+", "1e9", "1e4"),
        *("inf", "infinity", "0xdd5", "3600s", "99999[.]0"),
    ],
)
def test_a_pattern_that_lets_more_through(more: str) -> None:
    assert given(DurationSeconds=pattern(f"^(60|{more})$")) == [TOO_LONG]


@pytest.mark.parametrize(
    "values", [["3541"], ["60", "3541"], [3541, 60], ["1h"], ["60", ""], ["60", None], ["0x10"], ["-1"]]
)
def test_values_that_let_more_through(values: list[Any]) -> None:
    assert given(DurationSeconds={"allowedValues": values}) == [TOO_LONG]


@pytest.mark.parametrize(
    "about", [{}, {"allowedPattern": 5}, pattern("^(["), {"allowedValues": []}, {"allowedValues": "60"}, pattern(".*")]
)
def test_what_says_nothing_lets_everything_through(about: dict[str, Any]) -> None:
    assert given(DurationSeconds=about) == [TOO_LONG, carries("DurationSeconds")]
    assert given(Host=about) == [carries("Host")]


@pytest.mark.parametrize("character", "'\"`$\\;&|<>()[]{}*?!#~\n\r\t %")
def test_a_pattern_that_lets_one_character_through(character: str) -> None:
    for form in ("^[a-z]*[{}][a-z]*$", "^[{}]$", "^[0-9]+[{}][0-9]+$"):
        # A line break at the end of all is what `$` lets through in any case.
        text = form.replace("{}", "\\" + character)
        assert given(Host=pattern(text)) == [carries("Host")], text


@pytest.mark.parametrize("about", ["text", None, ["^a$"]])
def test_a_parameter_of_which_nothing_is_known(about: Any) -> None:
    assert given(Host=about) == [carries("Host")]


def test_each_parameter_is_judged_in_the_order_of_the_names() -> None:
    assert given(Zone={}, Also={}) == [carries("Also"), carries("Zone")]
    assert given(Host={"allowedValues": ["a b"]}) == []
    assert given(Host={"allowedValues": ["a;a"]}) == [carries("Host")]
    assert given(Host={"allowedValues": ["a", "b"]}) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (json.dumps({"a": "b"}), {"a": "b"}),
        ("a: b", {"a": "b"}),
        ("- a", None),
        ("a", None),
        ("{", None),
        ("", None),
        (None, None),
        (UNKNOWN, None),
        ({"a": "b"}, None),
    ],
)
def test_the_text_of_a_document(text: Any, read: Any) -> None:
    assert content_of(text) == read


def test_its_parameters() -> None:
    assert parameters_of({"parameters": {"a": {}}}) == {"a": {}}
    nones: list[Any] = [{}, {"parameters": None}, {"parameters": ["a"]}, {"other": {"a": {}}}]
    for none in nones:
        assert parameters_of(none) == {}
