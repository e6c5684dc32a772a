from __future__ import annotations

import copy
from typing import Any

import pytest

from preview.report.sarif import sarif


def results(report: Any) -> Any:
    runs: Any = sarif(report)["runs"]
    return runs[0]["results"]


def rule_words(report: Any) -> dict[str, str]:
    runs: Any = sarif(report)["runs"]
    return {rule["id"]: rule["shortDescription"]["text"] for rule in runs[0]["tool"]["driver"]["rules"]}


def test_required_properties_are_there(reports: Any) -> None:
    for report in (reports.within, reports.refused, reports.unjudged):
        log: Any = sarif(report)
        assert log["version"] == "2.1.0"
        (run,) = log["runs"]
        assert run["tool"]["driver"]["name"] == "ial"
        rules = run["tool"]["driver"]["rules"]
        assert len({rule["id"] for rule in rules}) == len(rules)
        assert all(rule["shortDescription"]["text"] for rule in rules)
        (invocation,) = run["invocations"]
        assert invocation["executionSuccessful"] is (report["verdict"] != "could-not-judge")
        for result in run["results"]:
            assert result["message"]["text"]
            assert result["level"] in ("error", "warning")
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_rules_say_what_their_policies_say(reports: Any) -> None:
    words = rule_words(reports.refused)
    assert words["data-pitr"] == "Tables can be restored to any second of the recovery window."
    assert words["tags-owner"] == "Policy tags-owner must hold."
    assert "not-judged" not in words


def test_rules_of_a_report_of_before_and_of_a_hostile_one_have_words(reports: Any) -> None:
    before = copy.deepcopy(reports.refused)
    before["policyDescriptions"] = {"data-pitr": "\u202e\x1b[31m\n", "tags-owner": "a\nb" * 1000}
    words = rule_words(before)
    assert words["data-pitr"] == "[31m"
    assert len(words["tags-owner"]) == 300
    del before["policyDescriptions"]
    assert sarif(before)["runs"]


def test_budget_findings_point_at_the_environment_and_others_at_the_program(reports: Any) -> None:
    places = {
        entry["ruleId"]: entry["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for entry in results(reports.refused)
    }
    assert places == {
        "capability-budget": "policies/environments/dev.yaml",
        "data-pitr": "__main__.py",
        "tags-owner": "__main__.py",
    }


@pytest.mark.parametrize("outside", ["/somewhere/else", "../head"])
def test_places_are_relative_to_the_repository(reports: Any, outside: str) -> None:
    report = {**copy.deepcopy(reports.refused), "program": outside, "environmentFile": f"{outside}/dev.yaml"}
    places = {entry["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for entry in results(report)}
    assert places == {"policies/environments/dev.yaml", "__main__.py"}


def test_fingerprints_survive_a_changed_amount_and_tell_findings_apart(reports: Any) -> None:
    later = copy.deepcopy(reports.refused)
    later["findings"][0]["message"] = later["findings"][0]["message"].replace("2.70", "3.10")
    marks = [entry["partialFingerprints"]["ialFinding/v1"] for entry in results(reports.refused)]
    assert marks == [entry["partialFingerprints"]["ialFinding/v1"] for entry in results(later)]
    assert len(set(marks)) == 3


def test_errors_are_results_so_that_a_gate_that_cannot_judge_is_seen(reports: Any) -> None:
    (result,) = results(reports.unjudged)
    assert (result["ruleId"], result["level"]) == ("cost-gate-could-judge", "error")
