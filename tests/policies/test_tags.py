from __future__ import annotations

from typing import Any

import pytest

from policies.tags import REQUIRED, tagged
from tests.policies.conftest import TAGS, UNKNOWN_TEXT, Declared, Servicer, made


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


def test_a_tag_that_is_empty_or_not_there_is_named() -> None:
    def said(tags: Any) -> list[str]:
        return list(tagged(made("aws:sns/topic:Topic", {"tags": tags})))

    start = "it (aws:sns/topic:Topic) has "
    every = f"{start}no tag {', '.join(REQUIRED)}; set `tags`"
    assert said(TAGS) == said(TAGS | {"more": "x"}) == []
    assert said(None) == said({}) == said("owner") == said([]) == [every]
    assert said(UNKNOWN_TEXT) == [f"{start}`tags` that are unknown at preview; give the keys as literals"]
    for name in REQUIRED:
        for none in ("", None):
            assert said(TAGS | {name: none}) == [f"{start}no tag {name}; set `tags`"]
