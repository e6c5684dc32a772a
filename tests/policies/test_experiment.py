"""What is read of a template: what is not known is told from what is not there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policies.experiment import Action, Target, actions, seconds, targets
from pricing.resource import UNKNOWN, Plain, Resource

ACTION = Action("number 1", None, {}, None, ())
TARGET = Target("number 1", None, None, None, {}, {}, None)


def template(part: str, listed: Plain) -> Resource:
    token = "aws:fis/experimentTemplate:ExperimentTemplate"
    return Resource(urn=f"urn:pulumi:dev::ial::{token}::t", type=token, name="t", properties={part: listed})


@pytest.mark.parametrize(
    ("listed", "read"),
    [
        (None, []),
        ("no list", []),
        (UNKNOWN, [Action("number 1", UNKNOWN, None, None, ())]),
        (
            ["no object", {"name": "stop", "actionId": "aws:ecs:stop-task"}],
            [Action("number 1", UNKNOWN, None, None, ()), Action("stop", "aws:ecs:stop-task", {}, None, ())],
        ),
        ([{}], [ACTION]),
        ([{"parameters": [{"key": "duration", "value": "PT5M"}]}], [replace(ACTION, parameters={"duration": "PT5M"})]),
        ([{"parameters": UNKNOWN}], [replace(ACTION, parameters=None)]),
        ([{"parameters": [UNKNOWN]}], [replace(ACTION, parameters=None)]),
        ([{"parameters": [{"key": UNKNOWN, "value": "x"}]}], [replace(ACTION, parameters=None)]),
        ([{"target": {"key": "Tasks", "value": "web"}}], [replace(ACTION, target=("Tasks", "web"))]),
        ([{"target": UNKNOWN}], [replace(ACTION, target=(UNKNOWN, UNKNOWN))]),
        ([{"startAfters": ["wait"]}], [replace(ACTION, after=("wait",))]),
        ([{"startAfters": UNKNOWN}], [replace(ACTION, after=(UNKNOWN,))]),
    ],
)
def test_actions(listed: Plain, read: list[Action]) -> None:
    assert list(actions(template("actions", listed))) == read


@pytest.mark.parametrize(
    ("listed", "read"),
    [
        (None, []),
        (UNKNOWN, [Target("number 1", UNKNOWN, UNKNOWN, UNKNOWN, None, None)]),
        ([{}], [TARGET]),
        (
            [{"name": "web", "resourceType": "aws:ecs:task", "selectionMode": "COUNT(1)", "resourceArns": ["a"]}],
            [replace(TARGET, name="web", resource_type="aws:ecs:task", selection="COUNT(1)", arns=["a"])],
        ),
        ([{"resourceTags": [{"key": "a", "value": "b"}]}], [replace(TARGET, tags={"a": "b"})]),
        ([{"filters": [{"path": "State", "values": ["up"]}]}], [replace(TARGET, filters={"State": ["up"]})]),
        ([{"filters": [{"key": "State", "values": ["up"]}]}], [replace(TARGET, filters=None)]),
        ([{"parameters": {"cluster": "shop"}}], [replace(TARGET, parameters={"cluster": "shop"})]),
    ],
)
def test_targets(listed: Plain, read: list[Target]) -> None:
    assert list(targets(template("targets", listed))) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("PT5M", 300),
        ("PT1H30M5S", 5405),
        ("PT10S", 10),
        ("PT", None),
        ("5M", None),
        ("PT5M ", None),
        (UNKNOWN, None),
        (None, None),
    ],
)
def test_durations(text: Plain, read: int | None) -> None:
    assert seconds(text) == read
