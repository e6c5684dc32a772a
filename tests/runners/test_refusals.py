"""The gate as a user meets it: what is refused, what cannot be judged, and that nothing was created on the way."""

from __future__ import annotations

import json
import shutil
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.runners.conftest import ROOT, Ial

INSTANCES = json.dumps([f"i-{number:017x}" for number in range(40)])
REFUSED_BY_SETTINGS = {
    "ten more dashboards": (("-c", "teamDashboards=10"), "monthly-budget", "USD more than the 14.93 USD"),
    "alarms multiplied": (("-c", f"alarmInstances={INSTANCES}"), "capability-budget", ""),
    "Container Insights always on": (("-c", "containerInsights=always"), "cost-traps", "Container Insights always on"),
    "a log group without retention": (
        ("-c", "logRetentionDays=0", "-c", 'chaos={"enabled": false}'),
        "cost-traps",
        "keeps its logs for ever",
    ),
}
REFUSED_BY_PROGRAM = {
    "a NAT gateway": ('aws.ec2.NatGateway("exit", subnet_id="subnet-1")', "exit"),
    "an unclassified type": ('aws.amp.Workspace("front")', "front"),
    "an unknown on a priced property": (
        'aws.ec2.Instance("job", ami="ami-1", instance_type=aws.ec2.Eip("ip").public_ip)',
        "job",
    ),
}
PROGRAM = """
    import runpy
    import pulumi_aws as aws
    runpy.run_path({main!r})
    {extra}
"""


def program(folder: Path, extra: str = "") -> Path:
    """The project with one more resource, in a folder of its own."""
    folder.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        shutil.copy(ROOT / name, folder / name)
    text = textwrap.dedent(PROGRAM).format(main=str(ROOT / "__main__.py"), extra=extra)
    (folder / "__main__.py").write_text(text)
    return folder


def settings(**workload: Any) -> str:
    """The example's workload with changes, as `-c` takes it."""
    own = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())["config"]["ial:workload"]
    return f"workload={json.dumps(own | workload)}"


def preview(ial: Ial, *arguments: str | Path, code: int) -> Any:
    ran = ial("preview", "--stack", "dev", "--engine", "local", "--json", *arguments, folder=ROOT)
    assert ran.code == code, ran.err + ran.out
    assert "Traceback" not in ran.err
    return ran.document


def sentences(report: Any, policy: str) -> list[str]:
    return [
        entry["message"] for entry in report["findings"] if (entry["policy"], entry["level"]) == (policy, "mandatory")
    ]


def test_the_example_is_within_budget(ial: Ial) -> None:
    report = preview(ial, code=0)
    assert report["verdict"] == "within"
    assert float(report["total"]["judgedCost"]) <= 14.93


@pytest.mark.parametrize(("stage", "most"), [(0, 0), (1, 11.77), (2, 13.63)])
def test_each_stage_is_within_what_the_plan_allows(ial: Ial, stage: int, most: float) -> None:
    ran = ial("preview", "--stack", "dev", "--engine", "local", "--json", "-c", f"stage={stage}", folder=ROOT)
    assert ran.code == 0
    assert ran.document["headline"].endswith("no cloud resource is registered") is (stage == 0)
    assert float(ran.document["estimate"]["totalMonthlyCostMaximum"]) <= most


@pytest.mark.parametrize("case", REFUSED_BY_SETTINGS)
def test_settings_that_are_refused(ial: Ial, case: str) -> None:
    arguments, policy, said = REFUSED_BY_SETTINGS[case]
    report = preview(ial, *arguments, code=1)
    found = sentences(report, policy)
    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tables": [{"name": "orders", "pitr": False}]}, "point-in-time recovery"),
        ({"buckets": [{"name": "shop-assets-123456789012", "noncurrentDays": 3}]}, "14"),
    ],
)
def test_data_that_is_not_protected_is_refused(ial: Ial, change: dict[str, Any], said: str) -> None:
    report = preview(ial, "-c", settings(**change), code=1)
    mandatory = [entry["message"] for entry in report["findings"] if entry["level"] == "mandatory"]
    assert len(mandatory) == 1
    assert said in mandatory[0]


@pytest.mark.parametrize("case", REFUSED_BY_PROGRAM)
def test_programs_that_are_refused(ial: Ial, tmp_path: Path, case: str) -> None:
    extra, name = REFUSED_BY_PROGRAM[case]
    report = preview(ial, "--program", program(tmp_path / "program", extra), code=1)
    assert any(f"{name} (" in entry["message"] for entry in report["findings"] if entry["level"] == "mandatory")


def test_a_refusal_says_that_and_why_to_people(ial: Ial) -> None:
    ran = ial("preview", "--stack", "dev", "--engine", "local", "-c", "teamDashboards=10", folder=ROOT)
    assert ran.code == 1
    assert ran.out.startswith("Refused: ")
    assert "Refused because" in ran.out
    assert "\x1b[" not in ran.out + ran.err


def test_what_a_change_adds_is_shown_and_can_be_limited(ial: Ial, tmp_path: Path) -> None:
    # The example has no room for one more alarm beside Container Insights on game days.
    cheaper = ("-c", "containerInsights=off")
    preview(ial, "--out", tmp_path / "base", *cheaper, code=0)
    base = tmp_path / "base" / "report.json"
    one_alarm = (*cheaper, "-c", 'alarmInstances=["i-0123456789abcdef0"]')
    assert preview(ial, "--against", base, *one_alarm, code=0)["delta"]["change"] == "0.1"
    assert preview(ial, "--against", base, *cheaper, code=0)["delta"]["change"] == "0"
    report = preview(ial, "--against", base, *one_alarm, "--max-increase", "0.09", code=1)
    assert len(sentences(report, "max-increase")) == 1
    preview(ial, "--against", base, *one_alarm, "--max-increase", "2%", code=0)


def test_all_forms_of_the_report_are_written(ial: Ial, tmp_path: Path) -> None:
    preview(ial, "--out", tmp_path / "new" / "reports", code=0)
    written = {path.name for path in (tmp_path / "new" / "reports").iterdir()}
    assert written == {"report.json", "report.md", "report.sarif", "junit.xml", "estimate.json"}
    [run] = json.loads((tmp_path / "new" / "reports" / "report.sarif").read_text())["runs"]
    words = [rule["shortDescription"]["text"] for rule in run["tool"]["driver"]["rules"]]
    assert len(words) > 25
    assert [text for text in words if text.endswith("must hold.")] == []


@pytest.mark.parametrize(("day", "said"), [("2027-06-30", "the limit is 180"), ("2026-01-01", "check the clock")])
def test_prices_of_another_time_cannot_judge(ial: Ial, day: str, said: str) -> None:
    report = preview(ial, "--as-of", day, code=2)
    assert said in report["errors"][0]


def test_a_region_without_prices_cannot_judge(ial: Ial) -> None:
    ran = ial("preview", "--stack", "dev", "--engine", "local", "-c", "aws:region=eu-west-1", folder=ROOT)
    assert ran.code == 2
    assert "region" in ran.err


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """An installation whose pack and environments a test may damage."""
    home = tmp_path / "home"
    ignored = shutil.ignore_patterns("__pycache__")
    for part in ("components", "experiments", "policies", "pricing", "preview", "runners"):
        shutil.copytree(ROOT / part, home / part, ignore=ignored)
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml", "__main__.py"):
        shutil.copy(ROOT / name, home / name)
    return home


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("policies/environments/dev.yaml", "budget: [", "not YAML"),
        ("policies/environments/dev.yaml", "budgets: {}", "budgets"),
        ("policies/environments/dev.yaml", None, "no environment file"),
        ("policies/PulumiPolicy.yaml", None, "PulumiPolicy.yaml"),
        ("policies/__main__.py", "raise SystemExit(3)", "did not start"),
        ("policies/__main__.py", "print('hello')", "policy pack"),
        ("pricing/catalog/cloudwatch.json", "{", "not JSON"),
        ("pricing/catalog/cloudwatch.json", None, "no price for"),
    ],
)
def test_a_gate_that_is_damaged_cannot_judge(ial: Ial, copy: Path, file: str, content: str | None, said: str) -> None:
    if content is None:
        (copy / file).unlink()
    else:
        (copy / file).write_text(content)
    ran = ial("preview", "--stack", "dev", "--engine", "local", folder=copy, environment={"PYTHONPATH": str(copy)})
    assert ran.code == 2, ran.out
    assert said in ran.err
    assert ran.err.count("\nial: ") + ran.err.startswith("ial: ") == 1
    assert "Traceback" not in ran.err
