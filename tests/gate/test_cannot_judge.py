"""What leaves nothing to judge, or nothing to judge by, is exit code 2 and one sentence: never a pass.

The ways in which other cost gates let a stack through, and where each is held shut here:

- a replaced resource is dropped and costs nothing: `tests/preview/test_preview_json.py`
  (`test_every_operation_that_leaves_a_resource_counts`, `test_the_three_steps_of_a_replacement_are_one_resource`),
  `tests/preview/test_state_export.py` (`test_a_pending_replacement_counts`), and for the pack
  `tests/policies/test_cost.py` (`test_a_replaced_or_unchanged_resource_counts_like_a_new_one`)
- only what changes is counted: `test_a_digest_that_hides_what_stays_is_not_priced`; `test_same_total.py` compares
  previews of stacks that exist already
- no report, a report of another run or of another total passes: `test_a_report_that_cannot_be_believed`
- a budget that is malformed or in another currency passes: `test_a_malformed_environment`
- an error while pricing becomes a warning: `test_a_policy_that_fails_is_no_verdict`
- an unsupported type costs nothing: `test_refusals_everywhere.py`, "unclassified-type"
- only the crossing of a limit is refused, and later increases pass: `test_what_was_over_budget_before_is_refused_again`
- a missing price is a saving: `test_a_region_without_prices`, `test_a_price_that_the_region_lacks`
- an unknown property makes a mandatory policy advisory: `test_refusals_everywhere.py`, "unknown-without-bound"
- one region and 720 hours are wired in: `test_a_price_that_the_region_lacks`; the hours in
  `tests/pricing/rules/test_arithmetic.py`

That such errors leave the command with exit code 2, one line and no traceback: `tests/runners/test_refusals.py`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from preview.engines import Engine
from preview.errors import PackError, PreviewError
from preview.gate import Verdict, decide
from preview.offline import preview_offline
from preview.preview_json import read_preview
from preview.program import record
from pricing.errors import PricingError, ResourceFileError
from runners.cli.main import main
from runners.gate.reporting import judged_report
from tests.gate.conftest import AS_OF, ROOT, Program, Pulumi, case_of

FAR_AHEAD: Final = date(2031, 1, 1)
DASHBOARDS: Final = "teamDashboards=10"


def doubts_of(verdict: Verdict) -> str:
    """Why nothing was judged; the sentence is one line, and says what to do."""
    assert verdict.exit_code == 2
    assert all("\n" not in doubt for doubt in verdict.doubts)
    return " | ".join(verdict.doubts)


def pack_with(tmp_path: Path, change: Callable[[Path], object]) -> Path:
    """A copy of the pack, changed, beside the modules that it needs."""
    home = tmp_path / "home"
    shutil.copytree(ROOT / "policies", home / "policies", ignore=shutil.ignore_patterns("__pycache__"))
    (home / "pricing").symlink_to(ROOT / "pricing")
    change(home / "policies")
    return home / "policies"


def environments_with(tmp_path: Path, old: str, new: str) -> Path:
    """A copy of the environment files with a change in that of `dev`."""
    folder = tmp_path / "environments"
    shutil.copytree(ROOT / "policies" / "environments", folder)
    text = (folder / "dev.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "dev.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_stale_prices() -> None:
    said = doubts_of(case_of(ROOT, as_of=FAR_AHEAD).judge().verdict)
    assert "the limit is 180" in said
    assert "ial cost refresh-prices" in said


def test_a_region_without_prices() -> None:
    # The environment names its region, and a stack elsewhere cannot be judged by it.
    with pytest.raises(PricingError, match="region"):
        case_of(ROOT, "aws:region=eu-west-3").judge()


def test_a_price_that_the_region_lacks(tmp_path: Path) -> None:
    folder = environments_with(tmp_path, "region: us-east-1", "region: eu-west-3")
    case = case_of(ROOT, "aws:region=eu-west-3", environments=folder)
    problems = case.price(record(case.project).graph).problems
    said = {problem.message for problem in problems if problem.code == "missing-price"}
    assert said
    assert all("ial cost refresh-prices --region eu-west-3" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("budget:", "budget: [", "not YAML"),
        ("budget:", "budgets:", "budgets"),
        ("monthly: 14.93", "monthly: much", "monthly"),
        ("monthly: 14.93", "monthly: 14.93 EUR", "monthly"),
        ("monthly: 14.93", "monthly: -1", "monthly"),
        ("monthly: 14.93", "monthly: .inf", "monthly"),
        ("monthly: 14.93", "monthly: .nan", "monthly"),
        ("monthly: 14.93", "", "monthly"),
        ("case: maximum", "case: cheapest", "case"),
    ],
)
def test_a_malformed_environment(tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(PricingError) as caught:
        case_of(ROOT, environments=environments_with(tmp_path, old, new))
    assert "dev.yaml" in str(caught.value)
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("__main__.py", "raise SystemExit(3)", "did not start"),
        ("__main__.py", "import nothing_of_that_name", "nothing_of_that_name"),
        ("__main__.py", "import time; time.sleep(60)", "did not start within"),
        ("PulumiPolicy.yaml", "runtime: nodejs", "accepted: python"),
    ],
)
def test_a_pack_that_cannot_start(tmp_path: Path, file: str, text: str, said: str) -> None:
    pack = pack_with(tmp_path, lambda folder: (folder / file).write_text(text, encoding="utf-8"))
    request = replace(case_of(ROOT, pack=pack).request, pack_limit=1 if "sleep" in text else 30)
    with pytest.raises(PackError, match=said):
        preview_offline(request)


def test_a_policy_that_fails_is_no_verdict(tmp_path: Path) -> None:
    def break_rule(folder: Path) -> None:
        with (folder / "cost.py").open("a", encoding="utf-8") as file:
            file.write("\n\ndef monthly_budget(stack: Stack) -> Iterator[Finding]:\n    raise KeyError('secret')\n")

    verdict = case_of(ROOT, pack=pack_with(tmp_path, break_rule)).judge().verdict
    assert "monthly-budget failed with KeyError" in doubts_of(verdict)


def test_a_pack_that_lets_everything_through_is_not_believed(tmp_path: Path) -> None:
    def blunt(folder: Path) -> None:
        with (folder / "cost.py").open("a", encoding="utf-8") as file:
            file.write("\n\ndef _exceeding(policy: str, stack: Stack) -> Iterator[Finding]:\n    return iter(())\n")

    verdict = case_of(ROOT, DASHBOARDS, pack=pack_with(tmp_path, blunt)).judge().verdict
    assert "let through what the budget refuses" in doubts_of(verdict)


def test_a_program_that_registers_nothing_says_so(program: Program) -> None:
    case = case_of(program(), "stage=0")
    judged = case.judge()
    assert (judged.verdict.exit_code, judged.verdict.doubts) == (0, ())
    headline = judged_report(case, judged)["headline"]
    assert headline == "Within budget: at most $0.00 of $0.00 a month; no cloud resource is registered"


def test_a_program_that_leaves_before_it_registers_anything_is_not_judged(program: Program) -> None:
    folder = program()
    (folder / "__main__.py").write_text("import os\nos._exit(0)\n")
    with pytest.raises(PreviewError, match="ended before Pulumi had finished"):
        case_of(folder).judge()


def test_a_program_that_fails(program: Program) -> None:
    with pytest.raises(PreviewError, match="cannot build"):
        case_of(program('raise RuntimeError("cannot build")')).judge()


def test_a_report_that_cannot_be_believed() -> None:
    case = case_of(ROOT, "stage=1")
    judged = case.judge().verdict
    assert judged.estimate is not None
    assert judged.pack is not None
    assert judged.pack.report is not None
    true = dict(judged.pack.report)
    run_id = str(true["run_id"])
    for report, said in [
        (None, "wrote no report"),
        ({**true, "run_id": "another"}, "of another run"),
        ({**true, "total": None}, "has no total"),
        ({**true, "total": {"minimum": "0", "expected": "0", "maximum": "0"}}, "must be equal"),
        ({**true, "total": "0"}, "must be equal"),
    ]:
        pack = replace(judged.pack, report=report)
        assert said in doubts_of(decide(judged.graph, judged.estimate, pack, run_id=run_id))
    assert decide(judged.graph, judged.estimate, judged.pack, run_id=run_id).exit_code == 0


def test_a_digest_that_hides_what_stays_is_not_priced() -> None:
    urn = "urn:pulumi:dev::ial::aws:sns/topic:Topic::news"
    new = {"urn": urn, "type": "aws:sns/topic:Topic", "custom": True, "inputs": {}}
    digest = {"steps": [{"op": "create", "urn": urn, "newState": new}], "changeSummary": {"create": 1, "same": 30}}
    with pytest.raises(ResourceFileError, match="--show-sames"):
        read_preview(digest, "preview.json")


def test_what_was_over_budget_before_is_refused_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order = ["preview", "--stack", "dev", "--engine", "local", "--program", str(ROOT), "--as-of", AS_OF.isoformat()]
    order += ["-c", DASHBOARDS, "--json"]
    assert main([*order, "--out", str(tmp_path)]) == 1
    capsys.readouterr()
    assert main([*order, "--against", str(tmp_path / "report.json")]) == 1
    assert json.loads(capsys.readouterr().out)["delta"]["change"] == "0"


@pytest.mark.engine
def test_the_engine_is_not_believed_either(program: Program, pulumi: Callable[..., Pulumi], tmp_path: Path) -> None:
    stack = pulumi(program())
    stale = case_of(stack.directory, engine=Engine.PULUMI, as_of=FAR_AHEAD)
    assert "the limit is 180" in doubts_of(stale.judge().verdict)
    empty = case_of(stack.directory, "stage=0", engine=Engine.PULUMI)
    assert empty.judge().verdict.exit_code == 0
    whole = (stack.directory / "__main__.py").read_text()
    (stack.directory / "__main__.py").write_text("import os\nos._exit(0)\n")
    assert "did not say that it came to its end" in doubts_of(empty.judge().verdict)
    (stack.directory / "__main__.py").write_text(whole)
    pack = pack_with(tmp_path, lambda folder: (folder / "__main__.py").write_text("raise SystemExit(3)"))
    with pytest.raises(PackError, match="did not start"):
        case_of(stack.directory, engine=Engine.PULUMI, pack=pack).judge()
    assert stack.created() == []
