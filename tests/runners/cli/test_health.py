from __future__ import annotations

import importlib.util
import shutil
from datetime import date
from pathlib import Path

import pytest

from runners.cli import health
from runners.cli.health import Health, examine

TODAY = date(2026, 11, 25)


def named(today: date = TODAY, environment: dict[str, str] | None = None) -> dict[str, health.Finding]:
    return {finding.check: finding for finding in examine(today, environment or {"PULUMI_HOME": "/nowhere"})}


@pytest.mark.parametrize(
    ("today", "wanted"),
    [
        (TODAY, Health.NOTE),
        (date(2027, 3, 1), Health.NOTE),
        (date(2027, 6, 1), Health.BAD),
        (date(2020, 1, 1), Health.BAD),
    ],
)
def test_prices_age(today: date, wanted: Health) -> None:
    assert named(today)["prices"].health is wanted


def test_a_pack_that_cannot_start_is_bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "PACK", tmp_path)
    assert named()["policy pack"].health is Health.BAD


def test_the_pack_starts() -> None:
    assert named()["policy pack"].health is Health.OK


def test_a_secret_is_never_shown() -> None:
    environment = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "hush", "PULUMI_ACCESS_TOKEN": "pul-x"}
    findings = named(environment=environment)
    assert findings["AWS credentials"].health is Health.OK
    text = repr(findings)
    assert [secret for secret in ("AKIAEXAMPLE", "hush", "pul-x") if secret in text] == []


def test_what_few_commands_need_is_a_note(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    found = named()
    for check in ("Pulumi CLI", "Pulumi login", "AWS credentials", "local cloud"):
        assert found[check].health is Health.NOTE
        assert found[check].remedy
