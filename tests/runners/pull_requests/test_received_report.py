"""Reports that a stranger wrote: refused where they are not what a gate writes, and inert where they are."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from preview.report.markdown import MARKER
from runners.pull_requests.errors import ReceivedError
from runners.pull_requests.received_report import received_report
from tests.preview.report.test_hostile import HOSTILE
from tests.runners.pull_requests.conftest import Tell
from tests.runners.pull_requests.scene import DEV, HEAD, Scene, archive, report


@pytest.mark.parametrize("kind", ["within", "refused", "unjudged"])
def test_what_the_gate_writes_is_believed(kind: str) -> None:
    assert received_report(json.dumps(report(kind)), DEV, HEAD) == report(kind)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("<html>503</html>", "not JSON"),
        ("[]", "is not of type"),
        ("null", "is not of type"),
        ("{}", "required"),
        ("[" * 5_000, "nested too deeply"),
        (json.dumps(report("within"))[:-1] + ', "verdict": "within"}', "given twice"),
        (json.dumps(report("within")).replace('"version": 1', '"version": 1e999', 1), "accepted"),
        (json.dumps(report("within")).replace('"runId": "run-1"', '"runId": "\\ud800"', 1), "half a character"),
    ],
)
def test_what_is_no_report_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ReceivedError, match=reason):
        received_report(text, DEV, HEAD)


def cheaper(document: dict[str, Any]) -> None:
    document["estimate"]["totalMonthlyCost"] = document["estimate"]["totalMonthlyCostMinimum"]


def unlimited(document: dict[str, Any]) -> None:
    document["total"]["cap"] = "1000"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document.update(pullRequest=1),
        lambda document: document.update(version=2),
        lambda document: document.update(exitCode=0),
        lambda document: document.update(commit=None),
        lambda document: document.update(commit=HEAD + "\n"),
        lambda document: document.update(stack="prod"),
        lambda document: document.update(program="head/other"),
        lambda document: document.update(headline="Within budget: everything is fine"),
        lambda document: document.update(verdict="within", exitCode=0),
        lambda document: document.update(findings=[entry for entry in document["findings"] if "adv" in entry["level"]]),
        lambda document: document["estimate"]["resources"][0].update(href="https://evil.example"),
        lambda document: document["estimate"]["resources"].pop(),
        cheaper,
        unlimited,
    ],
)
def test_what_disobeys_or_contradicts_itself_is_refused(spoil: Callable[[dict[str, Any]], object]) -> None:
    document = report("refused")
    spoil(document)
    with pytest.raises(ReceivedError, match=r"disobeys|another|contradicts|add up"):
        received_report(json.dumps(document), DEV, HEAD)


def test_a_verdict_that_its_evidence_forbids_is_refused() -> None:
    document = report("within")
    document["findings"] = report("refused")["findings"]
    with pytest.raises(ReceivedError, match="a mandatory policy was violated"):
        received_report(json.dumps(document), DEV, HEAD)


def test_a_refusal_without_a_reason_is_refused() -> None:
    document = report("refused")
    document["findings"] = [entry for entry in document["findings"] if entry["level"] != "mandatory"]
    document["headline"] = document["headline"].replace("2 findings", "0 findings")
    with pytest.raises(ReceivedError, match="without a mandatory finding"):
        received_report(json.dumps(document), DEV, HEAD)


def poisoned(name: str) -> dict[str, Any]:
    """A report that obeys its schema and adds up, with a name of a stranger's choice wherever there is room for one."""
    document = report("refused")
    for finding in document["findings"]:
        finding.update(message=name, urn=f"urn:pulumi:dev::ial::a:b:C::{name}")
    document.update(notes=[name], engine=name, runId=name)
    for entry in document["estimate"]["resources"]:
        entry.update(name=name, type=name, reason=name)
        for item in entry["costComponents"]:
            item.update(name=name, unit=name, formula=name, priceSource=name)
    document["delta"].update(source=name, notes=[name])
    document["delta"]["added"][0].update(name=name, causes=[name])
    return document


@pytest.mark.parametrize("name", [name for name in HOSTILE if "\ud800" not in name])
def test_a_stranger_s_words_are_inert(scene: Scene, tell: Tell, name: str) -> None:
    scene.pull(12)
    scene.result(DEV, "refused")
    tell(scene.run(conclusion="failure"))
    [plain] = scene.forge.bodies(12)
    scene.forge.comments.clear()
    scene.left(DEV, archive(poisoned(name)), "failure")
    scene.forge.jobs.clear()
    scene.ended(DEV, "failure")
    assert [entry["verdict"] for entry in tell(scene.run(conclusion="failure"))["comments"]] == ["refused"]
    [body] = scene.forge.bodies(12)
    assert_inert(body, plain)


@pytest.mark.parametrize("name", [name for name in HOSTILE if "\ud800" not in name])
def test_so_are_those_of_a_report_that_is_refused(scene: Scene, tell: Tell, name: str) -> None:
    scene.pull(12)
    scene.changes(12, f"policies/{name}")
    scene.left(DEV, archive(report("refused", stack=name)), "failure")
    assert [entry["verdict"] for entry in tell(scene.run(conclusion="failure"))["comments"]] == ["not-judged"]
    [body] = scene.forge.bodies(12)
    assert_inert(body, "<!-- ial-cost-gate dev 7001.1 -->")


def assert_inert(body: str, plain: str) -> None:
    assert MARKER not in body
    assert re.findall(r"<[^>]*>", body) == re.findall(r"<[^>]*>", plain)
    assert not re.search(r"@\w", body)
    links = re.findall(r"(?<!\\)\[([^\]]*)(?<!\\)\]\(([^)]*)\)", body)
    assert links == [("run", "https://github.example/team/stacks/actions/runs/7001")]
    assert body.count("://") == 1
    assert not re.search(r"(?<!\\)`", body)
    assert not re.search(r"(?<!&)#\d", body)
    assert len(body) < 65_536


@pytest.mark.parametrize("amount", ["9" * 60, "0" * 90 + "1.5"])
def test_amounts_that_cannot_be_shown_are_not_told(scene: Scene, tell: Tell, amount: str) -> None:
    document = report("within")
    document["delta"]["unchanged"]["monthlyCost"] = amount
    scene.pull(12)
    scene.left(DEV, archive(document), "success")
    [entry] = tell(scene.run())["comments"]
    [body] = scene.forge.bodies(12)
    assert len(body) < 65_536
    assert ("Not judged" in body) is (entry["verdict"] == "not-judged")


def test_a_long_report_fits_a_comment_whatever_the_pull_request_changes(scene: Scene, tell: Tell) -> None:
    document = report("refused")
    document["findings"][:2] = [{**document["findings"][0], "message": "@" * 3_000} for _ in range(400)]
    document["headline"] = document["headline"].replace("2 findings", "400 findings")
    scene.pull(12)
    scene.changes(12, *(f"{folder}/{'@' * 200}{n}" for folder in ("policies", "runners", "pricing") for n in range(9)))
    scene.left(DEV, archive(document), "failure")
    [entry] = tell(scene.run(conclusion="failure"))["comments"]
    assert entry["verdict"] == "refused"
    [body] = scene.forge.bodies(12)
    assert 40_000 < len(body.encode()) < 65_536
    assert "Cut to fit" in body
    assert "and 7 more" in body
