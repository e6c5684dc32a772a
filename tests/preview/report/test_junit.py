from __future__ import annotations

import copy
from typing import Any
from xml.etree import ElementTree as ET

from preview.report.junit import junit


def cases(report: Any) -> dict[str, str]:
    suite = ET.fromstring(junit(report).encode()).find("testsuite")
    assert suite is not None
    kinds = ("failure", "error", "skipped")
    return {
        case.get("name", ""): next((kind for kind in kinds if case.find(kind) is not None), "passed")
        for case in suite.findall("testcase")
    }


def test_a_case_for_each_budget_and_policy(reports: Any) -> None:
    assert cases(reports.refused) == {
        "cost-gate-could-judge": "passed",
        "monthly-budget": "passed",
        "capability-budget: backup": "passed",
        "capability-budget: observability": "failure",
        "data-pitr": "failure",
        "tags-owner": "passed",
    }


def test_nothing_passes_when_the_gate_could_not_judge(reports: Any) -> None:
    assert cases(reports.unjudged) == {
        "cost-gate-could-judge": "error",
        "data-pitr": "skipped",
        "tags-owner": "skipped",
    }


def test_a_total_over_budget_fails_even_without_a_finding(reports: Any) -> None:
    report = copy.deepcopy(reports.refused)
    report["total"]["judgedCost"] = "4.5000000001"
    assert cases(report)["monthly-budget"] == "failure"
    report["total"]["judgedCost"] = "4.5"
    assert cases(report)["monthly-budget"] == "passed"


def test_a_finding_about_the_total_is_shown_without_an_estimate(reports: Any) -> None:
    report = {**copy.deepcopy(reports.refused), "total": None, "capabilities": [], "estimate": None}
    report["findings"][1]["policy"] = "monthly-budget"
    assert cases(report)["monthly-budget"] == "failure"
    assert cases(report)["capability-budget"] == "failure"


def test_a_cap_that_a_waiver_raised_passes(reports: Any) -> None:
    assert cases(reports.within)["capability-budget: observability"] == "passed"


def test_budgets_are_skipped_when_an_estimate_could_not_be_judged(reports: Any) -> None:
    report = {**copy.deepcopy(reports.within), "verdict": "could-not-judge", "errors": ["the report is stale"]}
    found = cases(report)
    assert found.pop("cost-gate-could-judge") == "error"
    assert set(found.values()) == {"skipped"}
