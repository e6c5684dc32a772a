from __future__ import annotations

import pytest

from preview.engine_environment import KEPT, dropped, engine_environment, told
from preview.engines import Engine, chosen

DROPPED = [
    "PULUMI_OPTION_POLICY_PACK",
    "PULUMI_OPTION_POLICY_PACK_CONFIG",
    "PULUMI_OPTION_TARGET",
    "PULUMI_OPTION_EXCLUDE",
    "PULUMI_OPTION_SKIP_PREVIEW",
    "PULUMI_OPTION_CONFIG_FILE",
    "PULUMI_OPTION_WHATEVER_COMES_NEXT",
    "PULUMI_CONTINUE_ON_ERROR",
]


@pytest.mark.parametrize("name", DROPPED)
def test_what_would_change_the_verdict_is_dropped_and_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine_environment({name: "x", "PATH": "/bin"}) == {"PATH": "/bin"}
    monkeypatch.setenv(name, "x")
    said: list[str] = []
    assert chosen(Engine.PULUMI, said.append) is Engine.PULUMI
    assert name in said[0]


@pytest.mark.parametrize("name", sorted(KEPT))
def test_what_only_shows_or_paces_is_kept_with_its_reason(name: str) -> None:
    caller = {name: "x", "AWS_PROFILE": "team", "PULUMI_BACKEND_URL": "file:///state"}
    assert engine_environment(caller) == caller
    assert KEPT[name]
    assert dropped(caller) == []
    assert told(caller) is None
