"""One program has one total: offline preview, pack, real engine, preview digest, and the state of what was applied."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from local.deployment import LocalStack
from local.export import deployment
from preview.engines import Engine
from preview.resource_file import ResourceFileKind, read_resource_file
from pricing.estimate import Estimate
from pricing.quantity import Quantity, total
from runners.gate.judging import Case
from tests.gate.conftest import LOCAL_ACCOUNT, ROOT, Cloud, Program, Pulumi, case_of

Costs = dict[str, Quantity]
TOTAL: Final = "total"
PRODUCTION_ACCOUNT: Final = "210987654321"
# Production is not allowed more than stage 2 yet.
# Each stage has what the one before has: the last holds all, and the first the fewest. `make test-all` tries each.
STAGES: Final = (
    {"dev": (1, 2, 3, 8), "prod": (1, 2)} if os.environ.get("IAL_TEST_EVERY_LINE") else {"dev": (1, 8), "prod": (2,)}
)


def costs_of(estimate: Estimate) -> Costs:
    """What is paid for each capability, and in total; an estimate with a gap is no estimate."""
    assert [problem.message for problem in estimate.problems] == []
    return {TOTAL: estimate.total, **{name: cost for name, cost in estimate.by_capability().items() if cost.maximum}}


def costs_of_report(report: Mapping[str, Any]) -> Costs:
    """The same from the report that the pack wrote of itself."""
    named = {TOTAL: report["total"], **report["capabilities"]}
    costs = {
        name: Quantity(*(Decimal(cost[case]) for case in ("minimum", "expected", "maximum")))
        for name, cost in named.items()
    }
    return {name: cost for name, cost in costs.items() if cost.maximum or name == TOTAL}


def costs_of_file(case: Case, file: Path, kind: ResourceFileKind) -> Costs:
    """The same from a file of resources."""
    read = read_resource_file(file)
    assert read.kind is kind
    return costs_of(case.price(read.graph))


def stage_of(directory: Path, stack: str, stage: int, **order: Any) -> Case:
    return case_of(directory, f"stage={stage}", stack=stack, **order)


def offline(stack: str, stage: int) -> Costs:
    """What the offline preview says, after a look that the pack agrees."""
    verdict = stage_of(ROOT, stack, stage).judge().verdict
    assert (verdict.exit_code, verdict.refusals, verdict.doubts) == (0, (), ())
    assert verdict.estimate is not None
    assert verdict.pack is not None
    assert verdict.pack.report is not None
    costs = costs_of(verdict.estimate)
    assert costs_of_report(verdict.pack.report) == costs
    assert costs[TOTAL].maximum > 0
    assert total(cost for name, cost in costs.items() if name != TOTAL) == costs[TOTAL]
    return costs


@pytest.mark.cloud
@pytest.mark.parametrize("stack", STAGES)
def test_offline_preview_pack_and_what_the_local_cloud_holds(cloud: Cloud, tmp_path: Path, stack: str) -> None:
    file = tmp_path / "state.json"
    for stage in STAGES[stack]:
        case = stage_of(ROOT, stack, stage)
        config = {**case.project.config, "ial:accountId": LOCAL_ACCOUNT}
        applied = LocalStack(replace(case.project, directory=cloud.folder, config=config))
        applied.up()
        file.write_text(json.dumps(deployment(applied.state())), encoding="utf-8")
        assert costs_of_file(case, file, ResourceFileKind.STATE) == offline(stack, stage), stage


@pytest.mark.engine
@pytest.mark.parametrize("stack", STAGES)
def test_real_engine_digest_and_export(
    program: Program,
    pulumi: Callable[..., Pulumi],
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    stack: str,
) -> None:
    cli = pulumi(program(), stack)
    for name, value in cloud.endpoint.environment().items():
        monkeypatch.setenv(name, value)
    # The stack's own resources ask whose account it is before they do anything.
    settings = cli.directory / f"Pulumi.{stack}.yaml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace(PRODUCTION_ACCOUNT, LOCAL_ACCOUNT), encoding="utf-8"
    )
    file = tmp_path / "resources.json"
    for stage in STAGES[stack]:
        cli.run("config", "set", "ial:stage", str(stage))
        expected = offline(stack, stage)
        case = stage_of(cli.directory, stack, stage, engine=Engine.PULUMI)
        verdict = case.judge().verdict
        assert (verdict.exit_code, verdict.refusals, verdict.doubts) == (0, (), ())
        assert verdict.estimate is not None
        assert verdict.pack is not None
        assert verdict.pack.report is not None
        assert costs_of(verdict.estimate) == expected, stage
        assert costs_of_report(verdict.pack.report) == expected, stage
        file.write_text(cli.run("preview", "--json", "--show-sames"), encoding="utf-8")
        assert costs_of_file(case, file, ResourceFileKind.PREVIEW) == expected, stage
        cli.run("up", "--yes", "--skip-preview")
        file.write_text(json.dumps(cli.export()), encoding="utf-8")
        assert costs_of_file(case, file, ResourceFileKind.STATE) == expected, stage
