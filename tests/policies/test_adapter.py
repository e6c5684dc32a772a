from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi_policy.proxy import unknown_checking_proxy

from policies.adapter import SENTINELS, plain, properties, stack_name
from pricing.resource import UNKNOWN
from tests.policies.conftest import SECRET, UNKNOWN_TEXT, Declared, Servicer


@pytest.mark.parametrize("sentinel", sorted(SENTINELS))
def test_every_sentinel_is_unknown_at_any_depth(sentinel: str) -> None:
    props = unknown_checking_proxy({"a": sentinel, "b": {"c": [1.0, sentinel, {"d": sentinel}]}})
    assert properties(props) == {"a": UNKNOWN, "b": {"c": [Decimal(1), UNKNOWN, {"d": UNKNOWN}]}}


def test_there_are_seven_sentinels() -> None:
    assert len(SENTINELS) == 7


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2.0, Decimal(2)),
        (0.1, Decimal("0.1")),
        (1e21, Decimal(10) ** 21),
        (True, True),
        (None, None),
        ("text", "text"),
        (pulumi.StringAsset("hunter2"), "<StringAsset>"),
    ],
)
def test_plain(value: Any, expected: Any) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)


def test_internal_properties_are_left_out() -> None:
    assert properties(unknown_checking_proxy({"__provider": "gASV", "table": "t"})) == {"table": "t"}


def test_the_stack_is_named_by_the_urn_without_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULUMI_STACK")
    assert stack_name("urn:pulumi:prod::ial::a:b:C::n") == "prod"


def test_secrets_are_never_echoed(pack: Servicer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A secret in a property that a message would quote: the table's name, and a value without a price."""
    file = tmp_path / "report.json"
    monkeypatch.setenv("IAL_PACK_REPORT", str(file))
    secret = {**SECRET, "value": "hunter2"}
    table = Declared("pulumi-python:dynamic/backup:ContinuousBackups", inputs={"table": secret, "enabled": False})
    cluster = Declared("aws:ecs/cluster:Cluster", "c", {"settings": [{"name": "containerInsights", "value": secret}]})
    found = pack.all(table, cluster)
    assert found
    assert not [said for said in found if "hunter2" in said.message]
    assert [said for said in found if "[secret]" in said.message]
    report = file.read_text(encoding="utf-8")
    assert "[secret]" in report
    assert "hunter2" not in report


def test_an_unknown_keeps_a_mandatory_policy_mandatory(pack: Servicer) -> None:
    found = pack.all(Declared("aws:cloudwatch/logGroup:LogGroup", inputs={"retentionInDays": UNKNOWN_TEXT}))
    assert not [said for said in found if "can't run policy" in said.message]
    assert [said.level for said in found if said.policy == "cost-traps"] == [1]
