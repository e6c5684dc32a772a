from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from preview.findings import PackVerdict, PolicyFinding
from preview.gate import Status, Verdict
from preview.report.document import Limits, Occasion, open_problems, preview_report, report_json
from preview.report.verdict import hold_increase, verdict_report
from pricing.budget import Budget, Waiver
from pricing.delta import compare, priced_resources
from pricing.estimate import Estimate, Problem, ResourceCost
from pricing.increase import MaxIncrease
from pricing.quantity import Quantity
from pricing.registry import Classification
from pricing.report import EstimateDocument, estimate_document
from pricing.resource import Graph, Resource

SCHEMAS = Path(__file__).parents[3] / "schemas"
OCCASION = Occasion(engine="local", program=".", stack="dev", run_id="r", as_of="2026-11-25")
LIMITS = Limits(monthly=Decimal(10), caps={})


def document(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text())


def estimate(*problems: Problem) -> Estimate:
    resource = Resource(urn="urn:pulumi:dev::ial::aws:a/b:C::x", type="aws:a/b:C", name="x")
    entry = ResourceCost(resource=resource, classification=Classification.FREE)
    return Estimate(
        resources=(entry,), problems=problems, warnings=(), region="us-east-1", as_of=date(2026, 11, 25),
        book_digest="d",
    )  # fmt: skip


def priced(cost: str) -> EstimateDocument:
    found = estimate_document(estimate())
    found["totalMonthlyCost"] = found["totalMonthlyCostMaximum"] = cost
    return found


def test_reports_obey_their_schema(reports: Any) -> None:
    validator = jsonschema.Draft202012Validator(document("preview-report"))
    for report in (reports.within, reports.refused, reports.unjudged):
        assert [error.message for error in validator.iter_errors(json.loads(report_json(report)))] == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda report: report.pop("verdict"),
        lambda report: report.update(exitCode=0),
        lambda report: report.update(extra=1),
        lambda report: report["estimate"].update(totalMonthlyCost="1e3"),
        lambda report: report["estimate"]["resources"][0].pop("urn"),
        lambda report: report["delta"].update(change="about 3"),
    ],
)
def test_the_schema_refuses_a_spoilt_report(reports: Any, spoil: Callable[[dict[str, Any]], object]) -> None:
    report = copy.deepcopy(reports.refused)
    spoil(report)
    assert list(jsonschema.Draft202012Validator(document("preview-report")).iter_errors(report))


@pytest.mark.parametrize("name", ["estimate", "preview-report", "environment", "usage"])
def test_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(document(name))


def test_findings_come_mandatory_first_then_by_policy(reports: Any) -> None:
    assert [entry["policy"] for entry in reports.refused["findings"]] == [
        "capability-budget",
        "data-pitr",
        "tags-owner",
    ]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"errors": ["boom"], "estimate": priced("1")}, "there were errors"),
        ({"estimate": None}, "missing or incomplete"),
        ({"estimate": estimate_document(estimate(Problem("stale-price", None, "old")))}, "missing or incomplete"),
        ({"findings": [PolicyFinding("p", "mandatory", "m")], "estimate": priced("1")}, "a mandatory policy"),
        ({"estimate": priced("10.001"), "limits": LIMITS}, "total costs more than its cap"),
    ],
)
def test_within_budget_needs_evidence(arguments: dict[str, Any], reason: str) -> None:
    report = preview_report(Status.WITHIN, OCCASION, **arguments)
    assert (report["verdict"], report["exitCode"]) == ("could-not-judge", 2)
    assert reason in report["errors"][-1]


def test_exactly_the_budget_is_within() -> None:
    report = preview_report(Status.WITHIN, OCCASION, estimate=priced("10"), limits=LIMITS)
    assert (report["verdict"], report["exitCode"]) == ("within", 0)
    assert report["headline"] == "Within budget: at most $10.00 of $10.00 a month (100 %)"


def test_a_cent_fraction_over_is_visible() -> None:
    finding = PolicyFinding("monthly-budget", "mandatory", "too much")
    report = preview_report(Status.REFUSED, OCCASION, findings=[finding], estimate=priced("10.001"), limits=LIMITS)
    assert report["headline"] == "Refused: 1 finding; at most $10.01 of $10.00 a month (100.1 %)"


def test_the_headline_names_the_first_reason_on_one_line() -> None:
    report = preview_report(Status.COULD_NOT_JUDGE, OCCASION, errors=["first\nline", "second"])
    assert report["headline"] == "Could not judge: first line (and 1 more)"


def test_problems_that_a_finding_names_are_not_said_twice() -> None:
    problems = (Problem("unclassified-type", "urn:x", "no rule for x"), Problem("missing-price", "urn:y", "no price"))
    report = preview_report(
        Status.REFUSED, OCCASION,
        findings=[PolicyFinding("cost-gate-could-judge", "mandatory", "other words", "urn:x")],
        estimate=estimate_document(estimate(*problems)),
    )  # fmt: skip
    assert [entry["code"] for entry in open_problems(report)] == ["missing-price"]


BUDGET = Budget(
    monthly=Decimal(10), caps={"other": Decimal(9)}, resource_cap=Decimal(5), stage=2,
    waivers=(
        Waiver(
            id="w", policy="capability-budget", scope="other", max_amount=Decimal("0.5"), reason="r", owner="o",
            expires=date(2026, 11, 25),
        ),
        Waiver(
            id="old", policy="monthly-budget", scope="stack", max_amount=Decimal(9), reason="r", owner="o",
            expires=date(2026, 11, 24),
        ),
    ),
)  # fmt: skip


def test_limits_take_stage_and_waivers_in_force_into_account() -> None:
    pack = PackVerdict(name="ial", version="1", policies={})
    verdict = Verdict(status=Status.WITHIN, graph=Graph([]), estimate=estimate(), pack=pack)
    report = verdict_report(verdict, OCCASION, budget=BUDGET, max_increase=MaxIncrease(amount=Decimal(3)))
    budget = report["budget"]
    assert budget is not None
    assert (budget["monthly"], budget["caps"], budget["resourceCap"]) == ("10", {"other": "9.5"}, "5")
    assert budget["maxIncrease"] == {"amount": "3", "percent": None}
    assert [entry["id"] for entry in report["waivers"]] == ["w"]


@pytest.mark.parametrize(("limit", "status"), [("1", Status.REFUSED), ("2", Status.WITHIN)])
def test_growth_over_a_base_refuses(limit: str, status: Status) -> None:
    pack = PackVerdict(name="ial", version="1", policies={})
    verdict = Verdict(status=Status.WITHIN, graph=Graph([]), estimate=estimate(), pack=pack)
    dearer = replace(priced_resources(estimate())[0], cost=Quantity.exact(2))
    delta = compare([], [dearer], source="main")
    held = hold_increase(verdict, delta, MaxIncrease(amount=Decimal(limit)), BUDGET)
    assert held.status is status
    report = verdict_report(held, OCCASION, budget=BUDGET, delta=delta)
    assert [entry["policy"] for entry in report["findings"]] == ["max-increase"] * (status is Status.REFUSED)
    assert report["policies"] == ["max-increase"]
    doubtful = replace(verdict, status=Status.COULD_NOT_JUDGE)
    assert hold_increase(doubtful, delta, MaxIncrease(amount=Decimal(0)), BUDGET).status is Status.COULD_NOT_JUDGE


def test_a_verdict_becomes_a_report() -> None:
    problem = Problem("unclassified-type", "urn:x", "no rule for x")
    pack = PackVerdict(
        name="ial", version="1", policies={"monthly-budget": "mandatory", "off": "disabled"},
        findings=(PolicyFinding("monthly-budget", "mandatory", "too much"),),
    )  # fmt: skip
    verdict = Verdict(
        status=Status.REFUSED, graph=Graph([]), estimate=estimate(problem), pack=pack, problems=(problem,)
    )
    report = verdict_report(verdict, replace(OCCASION, environment="dev"), budget=BUDGET)
    assert report["exitCode"] == 1
    assert {entry["message"] for entry in report["findings"]} == {"too much", "no rule for x"}
    assert report["policies"] == ["cost-gate-could-judge", "monthly-budget"]
    assert open_problems(report) == []


def test_capabilities_with_a_cap_and_no_resource_are_listed() -> None:
    limits = Limits(monthly=Decimal(10), caps={"chaos": Decimal(3)}, case="expected")
    report = preview_report(Status.WITHIN, OCCASION, estimate=priced("1"), limits=limits)
    shares = {entry["name"]: entry for entry in report["capabilities"]}
    assert shares["chaos"]["judgedCost"] == "0"
    assert shares["chaos"]["shareOfCap"] == "0"
