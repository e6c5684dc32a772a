"""Each JSON answer is one document, valid against its published schema, with nothing else on stdout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.runners.conftest import ROOT, Ial, Ran

RESOURCES: list[dict[str, Any]] = [
    {"type": "aws:cloudwatch/metricAlarm:MetricAlarm", "name": "a", "properties": {}},
    {"type": "aws:sqs/queue:Queue", "name": "q"},
]


def valid(ran: Ran, name: str) -> Any:
    """The document of a run, checked."""
    schema = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    store = {
        path.name: json.loads(path.read_text())
        for path in (ROOT / "schemas").glob("*.json")
        if path.name != f"{name}.schema.json"
    }
    from referencing import Registry, Resource

    registry: Registry[Any] = Registry().with_resources(
        (key, Resource.from_contents(content))
        for file, content in store.items()
        for key in {file, content.get("$id", file)}
    )
    jsonschema.Draft202012Validator(schema, registry=registry).validate(ran.document)
    return ran.document


@pytest.fixture
def resources(tmp_path: Path) -> Path:
    path = tmp_path / "resources.json"
    path.write_text(json.dumps(RESOURCES))
    return path


@pytest.mark.parametrize("command", ["estimate", "explain"])
def test_estimate(ial: Ial, resources: Path, command: str) -> None:
    ran = ial("cost", command, resources, "--json")
    assert ran.code == 0
    document = valid(ran, "estimate")
    assert document["totalMonthlyCost"] == "0.1"
    assert [problem["code"] for problem in document["problems"]] == ["undeclared-usage"]


def test_usage_that_is_declared_is_counted(ial: Ial, resources: Path, tmp_path: Path) -> None:
    usage = tmp_path / "usage.yaml"
    usage.write_text("resources: {q: {requests: 1000000}}")
    document = valid(ial("cost", "estimate", resources, "--usage", usage, "--json"), "estimate")
    assert document["totalMonthlyCost"] == "0.5"
    usage.write_text("usage: {types: {'aws:sqs/queue:Queue': {requests: {expected: 2000000}}}}")
    document = valid(ial("cost", "estimate", resources, "--usage", usage, "--json"), "estimate")
    assert document["totalMonthlyCost"] == "0.9"


def test_an_estimate_that_is_refused_is_still_a_document(ial: Ial, tmp_path: Path) -> None:
    path = tmp_path / "resources.json"
    path.write_text(json.dumps([*RESOURCES, {"type": "aws:made/up:Thing", "name": "x"}]))
    ran = ial("cost", "estimate", path, "--json")
    assert ran.code == 2
    assert valid(ran, "estimate")["complete"] is False


def test_diff(ial: Ial, resources: Path, tmp_path: Path) -> None:
    base = tmp_path / "base.json"
    base.write_text(ial("cost", "estimate", resources, "--json").out)
    head = tmp_path / "head.json"
    head.write_text(json.dumps([*RESOURCES, {**RESOURCES[0], "name": "b"}]))
    document = valid(ial("cost", "diff", base, head, "--json"), "cost-diff")
    assert (document["change"], [entry["name"] for entry in document["added"]]) == ("0.1", ["b"])
    assert "Change: +$0.10 a month" in ial("cost", "diff", base, head).out


@pytest.mark.parametrize("arguments", [(), ("aws:sqs/queue:Queue",)])
def test_usage_keys(ial: Ial, arguments: tuple[str, ...]) -> None:
    document = valid(ial("cost", "usage", *arguments, "--json"), "usage-keys")
    assert any(entry["type"] == "aws:sqs/queue:Queue" for entry in document["types"])


def test_doctor(ial: Ial) -> None:
    ran = ial("doctor", "--json")
    assert ran.code == 0, ran.out
    assert valid(ran, "doctor")["healthy"] is True


def test_preview(ial: Ial) -> None:
    ran = ial("preview", "--stack", "dev", "--engine", "local", "--json", folder=ROOT)
    assert (ran.code, valid(ran, "preview-report")["verdict"]) == (0, "within")


def test_a_preview_that_fails_is_still_a_report(ial: Ial, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ("preview", "--stack", "dev", "--engine", "local", "--json", "--out", out, "-c", "ial:stage=nine")
    ran = ial(*arguments, folder=ROOT)
    assert (ran.code, valid(ran, "preview-report")["verdict"]) == (2, "could-not-judge")
    assert ran.err.count("\n") == 1
    assert json.loads((out / "report.json").read_text()) == ran.document
    assert {path.name for path in out.iterdir()} == {"report.json", "report.md", "report.sarif", "junit.xml"}
