"""The parts that are pure, where a changed line must turn a test red: their files, and the tests that hold them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Part:
    """Sources and tests, as globs and folders from the root of the repository."""

    name: str
    sources: tuple[str, ...]
    tests: tuple[str, ...]

    def files(self) -> list[Path]:
        """Every source of the part, in order.

        Raises:
            ValueError: a glob finds nothing: its files have moved, and nobody would notice that they are not held.
        """
        found: set[Path] = set()
        for glob in self.sources:
            here = {path for path in ROOT.glob(glob) if path.name not in {"__init__.py", "__main__.py"}}
            if not here:
                msg = f"no file is {glob}: write where the sources of {self.name} are in {Path(__file__).name}"
                raise ValueError(msg)
            found |= here
        return sorted(found)


PARTS: Final = (
    Part(name="pricing", sources=("pricing/*.py", "pricing/rules/*.py"), tests=("tests/pricing",)),
    # What the pack says in its own process is held by `tests/gate`; here is what its rules find.
    Part(name="policies", sources=("policies/*.py",), tests=("tests/policies",)),
    Part(
        name="verdicts",
        sources=(
            "preview/gate.py",
            "runners/backup/databases/database_comparison.py",
            "runners/backup/evidence.py",
            "runners/backup/tables/table_comparison.py",
            # The rest of that folder looks and asks, and is held by whole runs.
            "runners/chaos/evidence/expectations.py",
            "runners/chaos/judging/*.py",
            "runners/runs/outcome.py",
        ),
        tests=(
            "tests/preview/test_gate.py",
            "tests/runners/backup/databases/test_database_comparison.py",
            "tests/runners/backup/tables/test_table_comparison.py",
            "tests/runners/backup/test_evidence.py",
            "tests/runners/chaos/evidence/test_expectations.py",
            "tests/runners/chaos/judging",
            "tests/runners/runs/test_outcome.py",
        ),
    ),
    Part(
        name="planner",
        sources=(
            "components/borrowed/decision.py",
            "components/borrowed/lifecycle_rules.py",
            "components/borrowed/merged_entries.py",
            "components/chaos/mute_plan.py",
            "components/chaos/plain_cron.py",
            "contract/cron.py",
            "runners/backup/buckets/bucket_restore_plan.py",
            "runners/backup/buckets/rollback_plan.py",
            "runners/backup/planned_drills.py",
            "runners/chaos/before/alarm_limit.py",
            "runners/chaos/before/mute_rule.py",
            "runners/chaos/before/preflight.py",
            "runners/chaos/before/terms.py",
            "runners/runs/monthly_budget.py",
        ),
        tests=(
            "tests/components/borrowed",
            "tests/components/chaos/test_mute_plan.py",
            "tests/components/chaos/test_plain_cron.py",
            "tests/contract/test_cron.py",
            "tests/runners/backup/buckets/test_bucket_restore_plan.py",
            "tests/runners/backup/buckets/test_rollback_plan.py",
            "tests/runners/backup/test_planned_drills.py",
            "tests/runners/chaos/before",
            "tests/runners/runs/test_monthly_budget.py",
        ),
    ),
)
