"""The pack as the engine starts it: a process that is spoken to over gRPC."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2

from policies import pack
from policies.memory import MEMORY
from policies.pack import policies
from tests.policies.conftest import SECRET, TAGS, UNKNOWN_TEXT, Declared

ADVISORY = {"budget-warning", "role-trusts-account"}
GROUP = "aws:cloudwatch/logGroup:LogGroup"
STACK = Declared("pulumi:pulumi:Stack", "ial-dev")


def group(retention: Any) -> Declared:
    return Declared(GROUP, "logs", {"retentionInDays": retention, "tags": TAGS}, under="ial:backup:Backup")


def test_the_port_is_all_that_is_printed(started: Any) -> None:
    process = started()
    assert 0 < int(process.first_line) < 65536
    process.servicer.all(group(14), STACK)
    process.process.kill()
    out, _ = process.process.communicate()
    assert out == ""


def test_every_policy_explains_itself(started: Any) -> None:
    info = started().stub.GetAnalyzerInfo(empty_pb2.Empty(), timeout=20)
    assert info.name == "ial"
    assert [policy.name for policy in info.policies] == [policy.name for policy in policies()]
    assert info.policies[-1].name == "cost-gate-could-judge"
    for policy in info.policies:
        level = analyzer_pb2.ADVISORY if policy.name in ADVISORY else analyzer_pb2.MANDATORY
        assert policy.enforcementLevel == level, policy.name
        assert policy.severity, policy.name
        assert policy.remediation_steps, policy.name
        assert policy.url.endswith(f"#{policy.name}"), policy.name
        assert policy.description, policy.name


@pytest.mark.parametrize(
    ("retention", "levels"),
    [
        (14, []),
        (0, [1]),
        (UNKNOWN_TEXT, [1]),
        ({**SECRET, "value": 14}, []),
        ({**SECRET, "value": 0}, [1]),
        ({**SECRET, "value": UNKNOWN_TEXT}, [1]),
    ],
)
def test_levels_of_known_unknown_and_secret_values(started: Any, retention: Any, levels: list[int]) -> None:
    found = started().servicer.all(group(retention), STACK)
    assert [said.level for said in found] == levels
    assert all("can't run policy" not in said.message for said in found)


def test_a_stack_over_budget_is_refused_with_a_report(started: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    boards = [
        Declared("aws:cloudwatch/dashboard:Dashboard", f"b{n}", {"dashboardBody": UNKNOWN_TEXT}, under="ial:o:O")
        for n in range(5)
    ]
    servicer = started(IAL_PACK_REPORT=str(file), IAL_RUN_ID="r1").servicer
    found = servicer.all(*boards)
    assert [said.level for said in found if said.policy == "monthly-budget"] == [1]
    report = json.loads(file.read_text(encoding="utf-8"))
    assert (report["run_id"], report["total"]["maximum"]) == ("r1", "15.00")


def test_a_stack_without_environment_file_is_told_which_to_create(started: Any) -> None:
    found = started(PULUMI_STACK="staging").servicer.all(group(14))
    assert {said.policy for said in found} == {"monthly-budget", "resource-cost-cap", "cost-gate-could-judge"}
    assert {said.level for said in found} == {1}
    assert {said.message for said in found} == {
        "could not judge: stack 'staging' has no environment file; "
        "create policies/environments/staging.yaml (there are: dev.yaml, prod.yaml)"
    }


def test_what_is_made_ready_before_the_pack_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []
    for name in ("watch_secrets", "read_once"):
        monkeypatch.setattr(pack, name, lambda name=name: done.append(name))
    monkeypatch.setattr(pack, "watch_configuration", lambda begin: done.append(begin))
    threads: list[dict[str, Any]] = []

    def thread(**given: Any) -> SimpleNamespace:
        threads.append(given)
        return SimpleNamespace(start=lambda: done.append("read-ahead"))

    monkeypatch.setattr("policies.pack.threading.Thread", thread)
    monkeypatch.setattr(pack, "PolicyPack", lambda name, held: done.append((name, [one.name for one in held])))
    pack.serve()
    assert done[:-1] == ["watch_secrets", MEMORY.begin, "read_once", "read-ahead"]
    # The engine ends the process, and waits for nobody who reads.
    assert threads == [{"target": pack._read_ahead, "name": "read-ahead", "daemon": True}]
    assert done[-1] == ("ial", [policy.name for policy in policies()])


def test_the_first_policy_remembers_and_the_last_one_tells() -> None:
    names = [policy.name for policy in policies()]
    assert (names[0], names[-1]) == ("resource-cost-cap", "cost-gate-could-judge")
    assert len(names) == len(set(names))
