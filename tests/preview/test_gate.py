from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

import pytest

from preview import findings
from preview.findings import Level, PackVerdict, PolicyFinding
from preview.gate import Status, Verdict, decide
from pricing.estimate import Estimate, Problem
from pricing.resource import Graph, Plain, Resource

RUN = "run-1"
TOTAL = {"minimum": "0", "expected": "0", "maximum": "0"}
POLICIES = {"monthly-budget": "mandatory", "cost-gate-could-judge": "mandatory", "budget-warning": "advisory"}


def bucket(**properties: Plain) -> Resource:
    urn = "urn:pulumi:dev::ial::aws:s3/bucket:Bucket::assets"
    return Resource(urn=urn, type="aws:s3/bucket:Bucket", name="assets", properties=properties)


STACK = Graph([bucket(bucket="assets")])
ESTIMATE = Estimate(
    resources=(), problems=(), warnings=(), region="us-east-1", as_of=date(2026, 11, 25), book_digest="digest"
)
PACK = PackVerdict(name="ial", version="1", policies=POLICIES, report={"run_id": RUN, "total": TOTAL})


def finding(policy: str, level: Level = "mandatory") -> PolicyFinding:
    return PolicyFinding(policy, level, f"{policy} says no to assets")


def judged(
    graph: Graph = STACK,
    estimate: Estimate = ESTIMATE,
    pack: PackVerdict = PACK,
    required: str = "monthly-budget",
    unresolved: tuple[str, ...] = (),
) -> Verdict:
    return decide(graph, estimate, pack, run_id=RUN, required=frozenset({required}), unresolved=unresolved)


def test_nothing_against_it_is_within_budget() -> None:
    verdict = judged(pack=replace(PACK, findings=(finding("budget-warning", "advisory"),)))
    assert (verdict.status, verdict.exit_code) == (Status.WITHIN, 0)
    assert verdict.refusals == ()


@pytest.mark.parametrize("policy", ["monthly-budget", "versions-kept"])
def test_a_mandatory_finding_refuses(policy: str) -> None:
    verdict = judged(pack=replace(PACK, findings=(finding(policy),)))
    assert (verdict.status, verdict.exit_code) == (Status.REFUSED, 1)
    assert verdict.refusals == (f"{policy} says no to assets",)


@pytest.mark.parametrize("code", ["unclassified-type", "unbounded-unknown", "unpriceable", "undeclared-usage"])
def test_a_problem_of_the_stack_refuses_also_when_the_pack_says_nothing(code: str) -> None:
    verdict = judged(estimate=replace(ESTIMATE, problems=(Problem(code, "urn:x", "assets cannot be priced"),)))
    assert verdict.exit_code == 1
    assert verdict.refusals == ("assets cannot be priced",)


@pytest.mark.parametrize("code", ["missing-price", "stale-price", "unused-usage"])
def test_a_fault_of_the_gates_own_data_is_a_doubt(code: str) -> None:
    verdict = judged(estimate=replace(ESTIMATE, problems=(Problem(code, None, "the price is old"),)))
    assert (verdict.exit_code, verdict.doubts) == (2, ("the price is old",))


def test_a_pack_that_says_it_could_not_judge_is_believed() -> None:
    verdict = judged(pack=replace(PACK, findings=(finding("cost-gate-could-judge"), finding("monthly-budget"))))
    assert verdict.exit_code == 2
    assert "cost-gate-could-judge says no to assets" in verdict.doubts


def test_a_policy_that_could_not_run_is_a_doubt() -> None:
    verdict = judged(pack=replace(PACK, unjudged=(finding("monthly-budget"),)))
    assert verdict.exit_code == 2
    assert "could not judge" in verdict.doubts[0]


@pytest.mark.parametrize(
    ("report", "says"),
    [
        (None, "wrote no report"),
        ({"run_id": "run-0", "total": TOTAL}, "of another run"),
        ({"run_id": RUN, "total": None}, "has no total"),
        ({"run_id": RUN, "total": TOTAL | {"maximum": "0.01"}}, "must be equal"),
        ({"run_id": RUN, "total": "0.01"}, "must be equal"),
    ],
)
def test_a_report_that_is_absent_old_or_different_is_a_doubt(report: dict[str, object] | None, says: str) -> None:
    verdict = judged(pack=replace(PACK, report=report))
    assert verdict.exit_code == 2
    assert says in verdict.doubts[0]


def test_mandatory_findings_come_first() -> None:
    found = (finding("budget-warning", "advisory"), finding("monthly-budget"), finding("a-hint", "advisory"))
    verdict = judged(pack=replace(PACK, findings=found))
    assert [held.policy for held in verdict.findings] == ["monthly-budget", "budget-warning", "a-hint"]


def test_what_is_found_later_refuses_or_is_a_doubt() -> None:
    wrong, old = Problem("unpriceable", "urn:x", "x has no price"), Problem("stale-price", None, "the price is old")
    within = judged()
    assert within.with_problems(()) is within
    refused = within.with_problems([wrong])
    assert (refused.status, refused.problems, refused.doubts) == (Status.REFUSED, (wrong,), ())
    both = within.with_problems([old, wrong])
    assert (both.status, both.problems, both.doubts) == (Status.COULD_NOT_JUDGE, (wrong,), ("the price is old",))
    again = both.with_problems([wrong])
    assert (again.status, again.problems) == (Status.COULD_NOT_JUDGE, (wrong, wrong))


def test_a_doubt_is_no_problem_and_what_the_pack_names_is_told_once() -> None:
    wrong, old = Problem("unpriceable", "urn:x", "x has no price"), Problem("stale-price", None, "the price is old")
    verdict = judged(estimate=replace(ESTIMATE, problems=(old, wrong)))
    assert (verdict.status, verdict.problems) == (Status.COULD_NOT_JUDGE, (wrong,))
    assert judged(estimate=replace(ESTIMATE, problems=(old,))).problems == ()
    cases: list[tuple[Literal["mandatory", "advisory"], tuple[Problem, ...]]]
    cases = [("mandatory", ()), ("advisory", (wrong,))]
    for level, left in cases:
        named = replace(PACK, findings=(PolicyFinding("monthly-budget", level, "no", urn="urn:x"),))
        assert judged(estimate=replace(ESTIMATE, problems=(wrong,)), pack=named).problems == left


@pytest.mark.parametrize(
    ("cloud", "says"),
    [
        (None, ()),
        ([bucket().urn], ()),
        ([], (f"the policy pack did not see {bucket().urn}: the graph is not complete",)),
        ([bucket().urn, "urn:b"], ("only the policy pack saw urn:b: the graph is not complete",)),
    ],
)
def test_what_only_one_of_the_two_saw_is_a_doubt(cloud: list[str] | None, says: tuple[str, ...]) -> None:
    assert judged(pack=replace(PACK, report={"run_id": RUN, "total": TOTAL, "cloud": cloud})).doubts == says


def test_of_many_that_were_not_seen_some_are_named() -> None:
    def doubt(count: int) -> str:
        seen = [bucket().urn, *(f"urn:{number:02}" for number in range(count))]
        [told] = judged(pack=replace(PACK, report={"run_id": RUN, "total": TOTAL, "cloud": seen})).doubts
        return told

    few = next(count for count in range(1, 50) if "more" in doubt(count)) - 1
    assert doubt(few).endswith(f"urn:{few - 1:02}: the graph is not complete")
    assert doubt(few + 2).endswith(f"urn:{few - 1:02} and 2 more: the graph is not complete")


@pytest.mark.parametrize("changed", [{"level": "advisory"}, {"urn": "urn:other"}, {"message": "yes"}, {"policy": "x"}])
def test_a_finding_is_the_same_by_policy_level_resource_and_text(changed: dict[str, str]) -> None:
    one = PolicyFinding("monthly-budget", "mandatory", "no", urn="urn:x")
    for same in ({}, {"message": " no\n"}):
        assert judged(pack=replace(PACK, findings=(one,), report=reporting(said(one) | same))).doubts == ()
    verdict = judged(pack=replace(PACK, findings=(one,), report=reporting(said(one) | changed)))
    assert len(verdict.doubts) == 2
    by_engine = decide(
        STACK,
        ESTIMATE,
        replace(PACK, findings=(one,), report=reporting(said(one) | changed)),
        run_id=RUN,
        engine="pulumi",
        required=frozenset({"monthly-budget"}),
    )
    # The real engine rewrites texts and places.
    assert len(by_engine.doubts) == (2 if changed.keys() & {"level", "policy"} else 0)


@pytest.mark.parametrize("required", ["budget-warning", "capability-budget"])
def test_a_pack_whose_policy_cannot_refuse_is_a_doubt(required: str) -> None:
    verdict = judged(required=required)
    assert verdict.exit_code == 2
    assert required in verdict.doubts[0]


@pytest.mark.parametrize("graph", [Graph([]), Graph([replace(bucket(name="x"), type="pulumi:pulumi:Stack")])])
def test_an_empty_stack_costs_nothing_unless_something_is_unresolved(graph: Graph) -> None:
    assert judged(graph=graph).exit_code == 0
    verdict = judged(graph=graph, unresolved=("the apply at __main__.py:3 did not run",))
    assert verdict.doubts == (
        "no cloud resource is registered, and that may not be all: the apply at __main__.py:3 did not run",
    )


def test_what_is_unresolved_beside_resources_is_a_warning_elsewhere() -> None:
    assert judged(unresolved=("the apply at __main__.py:3 did not run",)).exit_code == 0


def test_an_empty_stack_is_not_judged_without_the_packs_report() -> None:
    assert judged(graph=Graph([]), pack=replace(PACK, report=None)).exit_code == 2


def test_a_resource_without_inputs_is_judged() -> None:
    assert judged(graph=Graph([bucket()])).exit_code == 0


def reporting(*violations: dict[str, object], **more: object) -> dict[str, object]:
    return {"run_id": RUN, "total": TOTAL, "violations": list(violations), **more}


def said(of: PolicyFinding) -> dict[str, object]:
    return {"policy": of.policy, "level": of.level, "message": of.message, "urn": of.urn}


def test_levels_that_somebody_changed_are_a_doubt() -> None:
    own = reporting(levels=POLICIES)
    assert judged(pack=replace(PACK, report=own)).status is Status.WITHIN
    changed = reporting(levels={**POLICIES, "monthly-budget": "advisory"})
    verdict = judged(pack=replace(PACK, report=changed))
    assert verdict.doubts == (
        "policy monthly-budget ran as advisory, and is mandatory in the pack: somebody changed its level",
    )


def test_a_finding_that_only_the_report_knows_is_a_doubt() -> None:
    lost = finding("monthly-budget")
    verdict = judged(pack=replace(PACK, report=reporting(said(lost))))
    assert verdict.doubts == ("findings of monthly-budget are in the policy pack's report and did not arrive",)
    heard = replace(PACK, findings=(lost,), report=reporting(said(lost)))
    assert judged(pack=heard).status is Status.REFUSED


def test_a_finding_that_the_report_does_not_know_is_a_doubt() -> None:
    added = finding("budget-warning", "advisory")
    verdict = judged(pack=replace(PACK, findings=(added,), report=reporting()))
    assert verdict.doubts == ("findings of budget-warning arrived and are not in the policy pack's report",)


def test_the_pack_reports_before_it_says_that_it_could_not_judge() -> None:
    verdict = judged(pack=replace(PACK, findings=(finding("cost-gate-could-judge"),), report=reporting()))
    assert verdict.doubts == ("cost-gate-could-judge says no to assets",)


@pytest.mark.parametrize(
    ("policy", "level", "arrives"),
    [
        ("monthly-budget", "mandatory", True),
        ("budget-warning", "advisory", True),
        ("monthly-budget", "advisory", False),
        ("budget-warning", "mandatory", False),
        ("of-nobody", "mandatory", False),
    ],
)
def test_what_comes_at_another_level_than_the_packs_is_not_judged(policy: str, level: Level, arrives: bool) -> None:
    one = finding(policy, level)
    verdict = findings.judged("ial", "1", POLICIES, [one, one])
    assert (verdict.findings, verdict.unjudged) == (((one,), ()) if arrives else ((), (one,)))
