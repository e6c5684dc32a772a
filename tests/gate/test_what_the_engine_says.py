"""With the real engine: what it says when it fails, what it counts, and what the program says meanwhile."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from preview.automation import up_engine
from preview.changes import UNDECIDED
from preview.engines import Engine
from preview.errors import EngineError
from runners.gate.judging import Case, remarks
from runners.stack.pulumi_stack import stack_outputs
from tests.gate.conftest import ROOT, Program, Pulumi, case_of
from tests.gate.small_stack import CHAIN, STACK, existing_of_cli, shipped_pack, small_case, urn, written

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shipped_pack(tmp_path_factory.mktemp("judge"))


def real(folder: Path, pack: Path, **order: object) -> Case:
    return small_case(folder, pack, engine=Engine.PULUMI, **order)


def test_what_stands_before_a_preview_is_told_in_one_line(
    tmp_path: Path, pack: Path, pulumi: Callable[..., Pulumi], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path / "program", CHAIN)
    case = real(folder, pack)

    def said() -> str:
        with pytest.raises(EngineError) as caught:
            case.judge()
        assert "\n" not in str(caught.value)
        return str(caught.value)

    cli = pulumi(folder, STACK)
    backend = os.environ["PULUMI_BACKEND_URL"]
    monkeypatch.delenv("PULUMI_BACKEND_URL")
    monkeypatch.delenv("PULUMI_ACCESS_TOKEN", raising=False)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "nobody"))
    assert "Pulumi is not logged in" in said()
    monkeypatch.setenv("PULUMI_BACKEND_URL", backend)
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "wrong")
    assert "the passphrase is not this stack's" in said()
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE")
    assert "set PULUMI_CONFIG_PASSPHRASE or" in said()
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "test")
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path}/nowhere")
    assert "Pulumi's backend is out of reach" in said()
    monkeypatch.setenv("PULUMI_BACKEND_URL", backend)
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", os.pathsep.join(part for part in path.split(os.pathsep) if not has_plugin(part)))
    assert "the provider plugin of package aws is not installed: run `pulumi plugin install" in said()
    monkeypatch.setenv("PATH", path)
    cli.attempt("stack", "rm", "--yes")
    assert said() == f"the backend has no stack '{STACK}': run `pulumi stack init {STACK}`"


def has_plugin(folder: str) -> bool:
    return (Path(folder) / "pulumi-resource-aws").exists()


def test_an_update_says_what_it_did_and_what_failed(
    tmp_path: Path, pack: Path, pulumi: Callable[..., Pulumi], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path / "program", CHAIN)
    cli = pulumi(folder, STACK)
    plugin = tmp_path / "plugins" / "pulumi-resource-aws"
    module = "tests.gate.failing_provider"
    plugin.write_text(f'#!/bin/sh\nexec "{sys.executable}" -u -m {module} "$@"\n', encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IAL_TEST_REFUSED", "b")

    def planned(**order: object) -> Case:
        case = real(folder, pack, save_plan=tmp_path / "plan.json", **order)
        assert case.judge().verdict.exit_code == 0
        return case

    case = planned()
    with pytest.raises(EngineError) as caught:
        up_engine(case.request, tmp_path / "plan.json")
    assert str(caught.value) == (
        "2 created, 1 failed: b (aws:cloudwatch/dashboard:Dashboard): creating b: AccessDenied: not authorized to "
        "perform it; mend that, and run the same command again"
    )
    assert "a" in cli.created()
    monkeypatch.delenv("IAL_TEST_REFUSED")
    done = up_engine(planned().request, tmp_path / "plan.json")
    assert (done.changes["create"], done.changes["delete"]) == (2, 0)
    assert sum(done.changes.values()) == 4
    (lock,) = [place / "x.json" for place in [locks(tmp_path)]]
    lock.write_text(json.dumps({"pid": 1, "username": "root", "hostname": "ci", "timestamp": "2026-11-28T15:00:00Z"}))
    with pytest.raises(EngineError, match=r"another run holds this stack's lock .*; nothing was done"):
        up_engine(case.request, tmp_path / "plan.json")
    lock.unlink()
    written(folder, CHAIN + 'board("d")\n')
    with pytest.raises(EngineError, match=r"nothing was done, 1 failed: d .* it is not what was judged: run the same"):
        up_engine(case.request, tmp_path / "plan.json")
    targets = case.order.targets.__class__((urn("d"),))
    done = up_engine(planned(targets=targets).request, tmp_path / "plan.json")
    assert (done.changes["create"], done.changes["update"]) == (1, 0)


def locks(home: Path) -> Path:
    place = home / "state" / ".pulumi" / "locks" / "organization" / "small" / STACK
    place.mkdir(parents=True, exist_ok=True)
    return place


def test_both_engines_count_alike(tmp_path: Path, pack: Path, pulumi: Callable[..., Pulumi]) -> None:
    folder = written(tmp_path / "program", CHAIN + 'board("e")\n')
    cli = pulumi(folder, STACK)
    new = real(folder, pack).judge()
    assert new.changes == small_case(folder, pack).judge().changes
    assert new.changes == {"create": 5, "update": 0, "replace": 0, "delete": 0, "same": 0}
    cli.run("up", "--yes", "--skip-preview")
    state = existing_of_cli(cli)
    written(folder, CHAIN.replace('board("a")', """board("a", body='{"widgets":[2]}')""") + 'board("d")\n')
    later = real(folder, pack).judge().changes
    assert later is not None
    assert UNDECIDED not in later
    assert later == small_case(folder, pack).judge(state).changes


def test_both_engines_tell_what_is_left_out(program: Program, pulumi: Callable[..., Pulumi]) -> None:
    # A stack without a database leaves out what is about one.
    folder = program()
    file = folder / "Pulumi.dev.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"\n    database:.*?(?=\n    \S)", "", text, flags=re.DOTALL), encoding="utf-8")
    assert file.read_text(encoding="utf-8") != text
    pulumi(folder)
    told = [note for note in remarks(case_of(folder, engine=Engine.PULUMI).judge()) if note.startswith("left out")]
    assert told
    assert told == [note for note in remarks(case_of(folder).judge()) if note.startswith("left out")]


def test_operations_that_an_earlier_run_left_are_told_before_an_update(
    tmp_path: Path, pack: Path, pulumi: Callable[..., Pulumi]
) -> None:
    folder = written(tmp_path / "program", 'board("a")\n')
    cli = pulumi(folder, STACK)
    cli.run("up", "--yes", "--skip-preview")
    # An import of a state drops them, so the backend's own file is changed.
    (file,) = (tmp_path / "state").rglob(f"stacks/**/{STACK}.json")
    held = json.loads(file.read_text(encoding="utf-8"))
    latest = held["checkpoint"]["latest"]
    made = next(entry for entry in latest["resources"] if entry["urn"] == urn("a"))
    latest["pending_operations"] = [{"resource": {**made, "urn": urn("half")}, "type": "creating"}]
    file.write_text(json.dumps(held), encoding="utf-8")
    notes = remarks(real(folder, pack).judge())
    assert any("cut off while creating half (aws:cloudwatch/dashboard:Dashboard)" in note for note in notes)


def test_the_callers_options_change_nothing_of_what_is_read(
    tmp_path: Path, pulumi: Callable[..., Pulumi], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path / "program", "pulumi.export('a', 1)\npulumi.export('s', pulumi.Output.secret('x'))\n")
    pulumi(folder, STACK).run("up", "--yes", "--skip-preview")
    monkeypatch.setenv("PULUMI_OPTION_STACK", "another")
    monkeypatch.setenv("PULUMI_OPTION_SHOW_SECRETS", "false")
    assert stack_outputs(folder, STACK) == {"a": 1}
