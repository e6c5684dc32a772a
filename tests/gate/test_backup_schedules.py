"""Copies cost what their schedule and their retention make of them, and a schedule that cannot be kept is refused.

Before the pack: the shipped program's own settings (exit code 2, as any setting that cannot be used; their table is
in `tests/components`). By the pack: the plans of any other program (exit code 1).
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from preview.errors import ProgramError
from preview.gate import Verdict
from pricing.estimate import Estimate
from tests.gate.conftest import ROOT, case_of
from tests.gate.small_stack import STACK, shipped_pack, small_case, written

# What DynamoDB copies cost: https://aws.amazon.com/backup/pricing/, us-east-1, warm storage, USD per GB and month.
GB_MONTH: Final = Decimal("0.10")
SOURCE_GB: Final = 1
DAYS_PER_MONTH: Final = Decimal(365) / 12
ENVIRONMENT: Final = """
recoveryWindowDays: 14
budget: {monthly: 14, caps: {other: 14}, resourceCap: 14}
usage:
  types:
    aws:backup/vault:Vault:
      dynamodb_source_gb: {minimum: 1, expected: 1, maximum: 1, unit: GB, source: test, date: 2026-11-25}
"""
PLANS: Final = """
vault = aws.backup.Vault("vault", name="vault", tags=TAGS)
def plan(name, schedule, days):
    rule = {"rule_name": "x", "target_vault_name": vault.name, "schedule": schedule}
    rule["lifecycle"] = {"delete_after": days}
    aws.backup.Plan(name, name=name, rules=[rule], tags=TAGS)
"""
TAGS: Final = 'TAGS = {"owner": "team", "environment": "small", "stage": "1", "managed-by": "us"}\n'


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("judge")
    folder = shipped_pack(home)
    (folder / "environments" / f"{STACK}.yaml").write_text(ENVIRONMENT, encoding="utf-8")
    return folder


def judged(tmp_path: Path, pack: Path, *plans: tuple[str, str, int]) -> Verdict:
    body = "\n".join(f"plan({name!r}, {schedule!r}, {days})" for name, schedule, days in plans)
    return small_case(written(tmp_path / "program", TAGS + PLANS + body + "\n"), pack).judge().verdict


def cost_of(estimate: Estimate | None) -> Decimal:
    assert estimate is not None
    return estimate.total.maximum


def test_copies_are_priced_by_schedule_and_retention(tmp_path: Path, pack: Path) -> None:
    plans = {
        ("daily", "cron(0 5 * * ? *)", 7): DAYS_PER_MONTH,
        ("weekly", "cron(0 5 ? * SUN *)", 28): DAYS_PER_MONTH / 7,
        ("hourly", "rate(1 hour)", 3): DAYS_PER_MONTH * 24,
    }
    verdict = judged(tmp_path, pack, *plans)
    assert (verdict.exit_code, verdict.refusals, verdict.doubts) == (0, (), ())
    copies = sum(runs * days / DAYS_PER_MONTH for (_, _, days), runs in plans.items())
    assert abs(cost_of(verdict.estimate) - copies * SOURCE_GB * GB_MONTH) < Decimal("0.01")


def test_hourly_copies_kept_a_year_are_over_budget(tmp_path: Path, pack: Path) -> None:
    verdict = judged(tmp_path, pack, ("plan", "cron(0 * * * ? *)", 365))
    assert verdict.exit_code == 1
    assert round(cost_of(verdict.estimate), 2) == 876
    assert any(finding.policy == "monthly-budget" for finding in verdict.findings)


def test_what_cannot_be_kept_is_refused_by_name_and_its_neighbours_are_not(tmp_path: Path, pack: Path) -> None:
    verdict = judged(
        tmp_path,
        pack,
        ("never", "cron(0 5 31 2 ? *)", 35),
        ("too-often", "cron(0/15 * * * ? *)", 1),
        ("too-often-by-rate", "rate(15 minutes)", 1),
        ("two-days", "cron(0 5 * * SUN *)", 35),
        ("gone-too-soon", "cron(0 5 1 * ? *)", 7),
        ("monthly", "cron(0 5 1 * ? *)", 35),
        ("daily", "cron(0 5 * * ? *)", 7),
        ("hourly", "rate(1 hour)", 1),
    )
    assert verdict.exit_code == 1
    said = {
        (finding.urn or "").rpartition("::")[2]: finding.message
        for finding in verdict.findings
        if finding.policy == "schedule-runs" and finding.level == "mandatory"
    }
    assert set(said) == {"never", "too-often", "too-often-by-rate", "two-days", "gone-too-soon"}
    assert "would never run" in said["never"]
    assert "at least 60 between two" in said["too-often"]
    assert "times without any; keep them longer" in said["gone-too-soon"]


@pytest.mark.rare
@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"schedule": "cron(0/15 * * * ? *)"}, "ial:backup.schedule"),
        ({"schedule": "cron(0 5 31 2 ? *)"}, "ial:backup.schedule"),
        ({"schedule": "cron(0 5 1 * ? *)", "retentionDays": 7}, "ial:backup.retentionDays"),
        ({"drills": {"schedule": "cron(0 6 1 1 ? *)", "overdueDays": 35}}, "ial:backup.drills.overdueDays"),
    ],
)
def test_the_shipped_program_refuses_such_settings_itself(settings: dict[str, Any], named: str) -> None:
    with pytest.raises(ProgramError, match=named):
        shipped(settings).judge()


@pytest.mark.rare
def test_the_shipped_program_takes_the_next_best_and_prices_what_is_dear() -> None:
    assert shipped({"schedule": "cron(0 5 1 * ? *)", "retentionDays": 35}).judge().verdict.exit_code == 0
    dear = shipped({"schedule": "cron(0 * * * ? *)", "retentionDays": 365}).judge().verdict
    assert dear.exit_code == 1
    assert any("the dearest being backup-plan-vault 876.00 USD" in text for text in dear.refusals)


def shipped(settings: dict[str, Any]) -> Any:
    return case_of(ROOT, "stage=2", f"backup={json.dumps(settings)}")
