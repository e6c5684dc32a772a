from __future__ import annotations

from typing import Any

import pytest

from tests.policies.conftest import TAGS, UNKNOWN_TEXT, Declared, Servicer


@pytest.mark.parametrize(
    ("token", "inputs", "missing"),
    [
        ("aws:sns/topic:Topic", {"tags": TAGS}, None),
        ("aws:sns/topic:Topic", {"tags": {**TAGS, "owner": UNKNOWN_TEXT}}, None),
        ("aws:sns/topic:Topic", {}, "no tag owner, environment, stage, managed-by"),
        ("aws:sns/topic:Topic", {"tags": {**TAGS, "stage": ""}}, "no tag stage"),
        ("aws:sns/topic:Topic", {"tags": UNKNOWN_TEXT}, "unknown at preview"),
        ("aws:sns/topicSubscription:TopicSubscription", {}, None),
        ("aws:cloudwatch/alarmMuteRule:AlarmMuteRule", {"tags": TAGS}, None),
        ("aws:cloudwatch/alarmMuteRule:AlarmMuteRule", {}, "no tag owner, environment, stage, managed-by"),
    ],
)
def test_tags(pack: Servicer, token: str, inputs: dict[str, Any], missing: str | None) -> None:
    found = [said for said in pack.resource(Declared(token, inputs=inputs)) if said.policy == "tags-present"]
    assert [said.level for said in found] == ([] if missing is None else [1])
    assert missing is None or missing in found[0].message
