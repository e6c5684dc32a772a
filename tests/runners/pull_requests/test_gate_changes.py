from __future__ import annotations

import re

import pytest

from runners.pull_requests.gate_changes import GATE_FILES, gate_files_in
from runners.pull_requests.gate_run import WORKFLOW
from tests.runners.conftest import ROOT


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (WORKFLOW, "the workflow of the gate"),
        (".github/CODEOWNERS", "workflows and what is judged"),
        ("policies/environments/dev.yaml", "environments"),
        ("policies/PulumiPolicy.yaml", "the policy pack"),
        ("Makefile", "what the gate is installed with"),
    ],
)
def test_files_of_the_gate_are_known(name: str, kind: str) -> None:
    assert gate_files_in(["docs/cost.md", name]) == {kind: [name]}


@pytest.mark.parametrize(
    "name", ["Makefile.old", "docs/policies/a.md", "policies", "components/roles.py", "Pulumi.yaml"]
)
def test_others_are_not(name: str) -> None:
    assert gate_files_in([name]) == {}


def test_the_owners_are_asked_for_the_same_files() -> None:
    owned = re.findall(r"^/(\S+) @", (ROOT / ".github/CODEOWNERS").read_text(encoding="utf-8"), re.MULTILINE)
    assert {name for name in GATE_FILES if not any(name.startswith(owner) for owner in owned)} == set()
    assert set(owned) - GATE_FILES.keys() == set()


def test_all_that_the_judge_imports_belongs_to_it() -> None:
    packages = {f"{path.parent.name}/" for path in ROOT.glob("*/__init__.py")}
    assert packages - {"components/", "benchmarks/", "tests/"} - GATE_FILES.keys() == set()
