"""`--target`: what is named is judged as the program says it, all else as the state has it, by both engines."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from contract.targets import Targets
from preview.engines import Engine
from preview.errors import EngineError, PreviewError, TargetError
from preview.gate import Verdict
from runners.cli.main import main
from tests.gate.conftest import AS_OF, Pulumi
from tests.gate.small_stack import (
    CHAIN,
    STACK,
    existing_of,
    existing_of_cli,
    shipped_pack,
    small_case,
    state_of,
    urn,
    written,
)

# A dashboard of more than 50 metrics costs the same; an instance is over every limit.
DEAR: Final = 'aws.ec2.Instance("dear", ami="ami-1", instance_type="m5.24xlarge")\n'


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shipped_pack(tmp_path_factory.mktemp("judge"))


def boards(verdict: Verdict) -> set[str]:
    return {resource.name for resource in verdict.graph if resource.is_cloud}


def test_what_is_no_target_is_judged_as_it_is(tmp_path: Path, pack: Path) -> None:
    folder = written(tmp_path / "program", CHAIN + DEAR)
    case = small_case(folder, pack, targets=Targets((urn("a"),)))
    judged = case.judge(existing_of("a", "b", body='{"widgets":[1]}'))
    # `c` and the instance are not there, and not made.
    assert (judged.verdict.exit_code, judged.verdict.doubts, judged.verdict.refusals) == (0, (), ())
    assert boards(judged.verdict) == {"a", "b"}
    bodies = {resource.name: resource.get("dashboardBody") for resource in judged.verdict.graph if resource.is_cloud}
    assert bodies == {"a": '{"widgets":[]}', "b": '{"widgets":[1]}'}
    assert judged.changes == {"create": 0, "update": 1, "replace": 0, "delete": 0, "same": 2}


def test_a_target_that_is_too_dear_is_refused_and_so_is_the_whole(tmp_path: Path, pack: Path) -> None:
    folder = written(tmp_path / "program", CHAIN + DEAR)
    named = small_case(folder, pack, targets=Targets(("**Instance::*",)))
    assert named.judge(existing_of("a")).verdict.exit_code == 1
    assert small_case(folder, pack).judge(existing_of("a")).verdict.exit_code == 1


def test_what_left_the_program_and_is_no_target_stays_on_the_bill(tmp_path: Path, pack: Path) -> None:
    folder = written(tmp_path / "program", 'board("a")\n')
    case = small_case(folder, pack, targets=Targets((urn("a"),)))
    judged = case.judge(existing_of("a", "old"))
    assert [resource.name for resource in judged.staying] == ["old"]
    assert judged.verdict.estimate is not None
    assert judged.verdict.estimate.total.maximum == 6
    assert judged.changes is not None
    assert judged.changes["delete"] == 0
    gone = small_case(folder, pack, targets=Targets((urn("old"),))).judge(existing_of("a", "old"))
    assert gone.staying == ()
    assert gone.changes is not None
    assert gone.changes["delete"] == 1


def test_dependents_belong_to_it_when_that_is_said(tmp_path: Path, pack: Path) -> None:
    folder = written(tmp_path / "program", CHAIN)
    case = small_case(folder, pack, targets=Targets((urn("b"),), dependents=True))
    assert boards(case.judge(existing_of("a")).verdict) == {"a", "b", "c"}


def test_a_target_that_needs_what_is_not_there_is_told(tmp_path: Path, pack: Path) -> None:
    folder = written(tmp_path / "program", CHAIN)
    with pytest.raises(TargetError, match=r"c \(aws:cloudwatch.* needs b \(.* name it by --target too"):
        small_case(folder, pack, targets=Targets((urn("c"),))).judge(existing_of("a"))


def test_a_target_that_is_nowhere_is_told(tmp_path: Path, pack: Path) -> None:
    folder = written(tmp_path / "program", CHAIN)
    with pytest.raises(TargetError, match="::zz: neither the program nor the state has it"):
        small_case(folder, pack, targets=Targets((urn("zz"),))).judge(existing_of("a"))


def test_without_a_state_the_local_engine_says_what_it_needs(tmp_path: Path, pack: Path) -> None:
    folder = written(tmp_path / "program", CHAIN)
    with pytest.raises(TargetError, match="add `--against-state FILE`"):
        small_case(folder, pack, targets=Targets((urn("a"),))).judge()


def test_the_command_takes_targets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = ["--stack", "dev", "--engine", "local", "--as-of", AS_OF.isoformat(), "--json"]
    assert main(["preview", *program, "--target", "urn:x"]) == 2
    assert "--against-state" in capsys.readouterr().err
    assert main(["preview", *program, "--target-dependents"]) == 2
    assert "--target-dependents needs --target URN" in capsys.readouterr().err
    assert main(["up", *program, "--target", "urn:x", "--yes"]) == 2
    assert "--target: the local cloud is brought to what the whole program says" in capsys.readouterr().err


@pytest.mark.engine
def test_the_real_engine_judges_what_is_named_and_so_does_the_local_one(
    tmp_path: Path, pack: Path, pulumi: Callable[..., Pulumi]
) -> None:
    folder = written(tmp_path / "program", 'board("a")\nboard("old")\n')
    cli = pulumi(folder, STACK)
    cli.run("up", "--yes", "--skip-preview")
    exported = existing_of_cli(cli)
    written(folder, CHAIN.replace('board("a")', """board("a", body='{"widgets":[2]}')""") + DEAR)
    for targets in (Targets((urn("a"),)), Targets(("**::a", urn("b"))), Targets((urn("old"),))):
        real = small_case(folder, pack, engine=Engine.PULUMI, targets=targets).judge()
        local = small_case(folder, pack, targets=targets).judge(exported)
        assert (real.verdict.exit_code, real.verdict.doubts, real.verdict.refusals) == (0, (), ())
        assert (local.verdict.exit_code, local.verdict.doubts, local.verdict.refusals) == (0, (), ())
        assert boards(real.verdict) == boards(local.verdict), targets
        assert {resource.name for resource in real.staying} == {resource.name for resource in local.staying}
        assert real.verdict.estimate is not None
        assert local.verdict.estimate is not None
        assert real.verdict.estimate.total == local.verdict.estimate.total
    with pytest.raises(EngineError, match="which is not there yet: name it by --target too"):
        small_case(folder, pack, engine=Engine.PULUMI, targets=Targets((urn("c"),))).judge()
    with pytest.raises(PreviewError, match="neither the program nor the stack has it"):
        small_case(folder, pack, engine=Engine.PULUMI, targets=Targets((urn("zz"),))).judge()


def test_a_state_export_is_what_these_tests_take_for_one(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text(json.dumps(state_of("a")), encoding="utf-8")
    from preview.resource_file import read_resource_file

    assert {resource.name for resource in read_resource_file(file).graph if resource.is_cloud} == {"a"}
