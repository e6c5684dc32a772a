from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policies import cost, environments
from policies.memory import MEMORY
from policies.stack import Stack
from tests.policies.conftest import TAGS, UNKNOWN_TEXT, Declared, Servicer, configure, made

DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
OBSERVABILITY = "ial:observability:Observability"
NAT = "aws:ec2/natGateway:NatGateway"
ROLE = Declared("aws:iam/role:Role", "role", {"tags": TAGS})
MONEY = ("monthly-budget", "capability-budget", "resource-cost-cap", "every-resource-priced", "cost-gate-could-judge")


def dashboards(count: int, under: str = OBSERVABILITY) -> list[Declared]:
    return [Declared(DASHBOARD, f"board-{n}", {"dashboardBody": '{"widgets": []}'}, under=under) for n in range(count)]


def alarm(**changes: Any) -> Declared:
    inputs: dict[str, Any] = {
        "comparisonOperator": "GreaterThanThreshold",
        "namespace": "shop",
        "metricName": "Errors",
        "period": 60,
        "evaluationPeriods": 3,
        "treatMissingData": "ignore",
        "alarmActions": ["a"],
        "okActions": ["a"],
        "tags": TAGS,
    }
    return Declared(ALARM, "alarm", {**inputs, **changes}, under=OBSERVABILITY)


def money(found: list[Any]) -> list[tuple[str, int]]:
    return [(said.policy, said.level) for said in found if said.policy in MONEY]


def budget(folder: Path, text: str) -> None:
    (folder / "dev.yaml").write_text(text, encoding="utf-8")
    environments._terms.cache_clear()


def limits(monthly: str, cap: str = "100", more: str = "") -> str:
    return f"budget: {{monthly: {monthly}, caps: {{observability: {cap}}}, resourceCap: 3}}\n{more}"


@pytest.mark.parametrize(
    ("monthly", "cap", "expected"),
    [
        ("6.00", "6.00", []),
        ("5.99", "6.00", [("monthly-budget", 1)]),
        ("6.00", "5.99", [("capability-budget", 1)]),
        ("5.99", "5.99", [("monthly-budget", 1), ("capability-budget", 1)]),
    ],
)
def test_budget_and_cap_are_limits_that_may_be_reached(
    pack: Servicer, surroundings: Path, monthly: str, cap: str, expected: list[tuple[str, int]]
) -> None:
    budget(surroundings, limits(monthly, cap))
    assert money(pack.all(*dashboards(2))) == expected


STAGED = "budget: {monthly: 13.63, stages: [11.77, 1.86], caps: {observability: 100}, resourceCap: 3}\n"


@pytest.mark.parametrize(("stage", "refused"), [("1", 1), ("2", 0)])
def test_the_stage_limits_the_total(
    pack: Servicer, surroundings: Path, monkeypatch: pytest.MonkeyPatch, stage: str, refused: int
) -> None:
    budget(surroundings, STAGED + "stage: 2\n")
    configure(monkeypatch, {"ial:stage": stage})
    found = pack.of("monthly-budget", *dashboards(4))
    assert [said.level for said in found] == [1] * refused
    assert not refused or "0.23 USD more than the 11.77 USD that" in found[0].message
    assert not refused or "allows at stage 1" in found[0].message


def test_a_stack_cannot_claim_a_later_stage_than_its_environment(
    pack: Servicer, surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget(surroundings, STAGED.replace("13.63", "11.77") + "stage: 1\n")
    configure(monkeypatch, {"ial:stage": "5"})
    assert money(pack.all(*dashboards(4))) == [("monthly-budget", 1)]


def test_the_message_names_the_dearest(pack: Servicer, surroundings: Path) -> None:
    budget(surroundings, limits("3"))
    (said,) = pack.of("monthly-budget", *dashboards(1), alarm())
    assert said.message == (
        f"the stack costs 3.10 USD a month, 0.10 USD more than the 3.00 USD that {surroundings.parent.name}/"
        "environments/dev.yaml allows; remove or shrink resources, the dearest being board-0 3.00 USD, alarm 0.10 USD"
    )


def test_what_costs_money_needs_a_cap(pack: Servicer) -> None:
    (said,) = pack.of("capability-budget", *dashboards(1, under="ial:network:Network"))
    assert (said.level, "capability network costs 3.00 USD a month and has no cap" in said.message) == (1, True)


@pytest.mark.parametrize(("cap", "expected"), [("3", []), ("2.99", [("resource-cost-cap", 1)])])
def test_resource_cap(pack: Servicer, surroundings: Path, cap: str, expected: list[tuple[str, int]]) -> None:
    budget(surroundings, f"budget: {{monthly: 10, caps: {{observability: 10}}, resourceCap: {cap}}}\n")
    assert money(pack.resource(dashboards(1)[0])) == expected


@pytest.mark.parametrize(("monthly", "warned"), [("3.76", 0), ("3.75", 1), ("3.00", 1), ("2.99", 0)])
def test_the_warning_is_advisory_and_stops_where_the_refusal_starts(
    pack: Servicer, surroundings: Path, monthly: str, warned: int
) -> None:
    budget(surroundings, limits(monthly))
    assert [said.level for said in pack.of("budget-warning", *dashboards(1))] == [0] * warned


@pytest.mark.parametrize(
    "declared",
    [
        Declared("aws:madeup/thing:Thing", "new"),
        alarm(metricQueries=UNKNOWN_TEXT, period=60),
        Declared("aws:s3/bucket:Bucket", "undeclared"),
    ],
)
def test_what_cannot_be_priced_is_refused(pack: Servicer, surroundings: Path, declared: Declared) -> None:
    budget(surroundings, limits("10"))
    found = pack.of("every-resource-priced", declared)
    assert found
    assert {(said.level, said.urn) for said in found} == {(1, declared.urn)}


def test_a_known_alarm_beside_it_passes(pack: Servicer) -> None:
    assert money(pack.all(alarm())) == []


def test_a_replaced_or_unchanged_resource_counts_like_a_new_one(pack: Servicer, surroundings: Path) -> None:
    """Policies see the goal state, whatever the step: the budget is judged on the level, not on the change."""
    budget(surroundings, limits("2.99"))
    board = dashboards(1)[0]
    assert money(pack.all(board)) == [("monthly-budget", 1)]
    assert money(pack.stack(board)) == [("monthly-budget", 1)]


def test_inputs_count_where_outputs_are_missing(pack: Servicer, surroundings: Path) -> None:
    budget(surroundings, limits("0.10"))
    known = alarm(comparisonOperator="LessThanLowerThreshold", thresholdMetricId="e1")
    hidden = Declared(ALARM, "alarm", known.inputs, under=OBSERVABILITY, outputs={})
    assert money(pack.all(hidden)) == money(pack.all(known))
    assert money(pack.all(hidden)) != []


def test_an_unknown_output_does_not_hide_what_was_not_declared(pack: Servicer) -> None:
    known = alarm()
    planned = Declared(ALARM, "alarm", known.inputs, under=OBSERVABILITY, outputs={"region": UNKNOWN_TEXT})
    assert money(pack.all(planned)) == []


def test_an_unknown_output_of_a_resource_without_inputs_stays_unknown(pack: Servicer) -> None:
    found = pack.stack(Declared(ALARM, "alarm", {}, under=OBSERVABILITY, outputs={"metricQueries": UNKNOWN_TEXT}))
    assert {said.policy for said in found} >= {"every-resource-priced", "cost-gate-could-judge"}


def test_a_billable_resource_that_no_resource_policy_saw_cannot_be_judged(pack: Servicer) -> None:
    found = pack.stack(*dashboards(1), ROLE)
    assert [(said.level, said.urn) for said in found if said.policy == "cost-gate-could-judge"] == [
        (1, dashboards(1)[0].urn)
    ]


def test_a_failed_policy_is_a_violation_and_not_a_way_through(
    pack: Servicer, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cost, "violations", lambda *_: 1 / 0)
    found = pack.all(ROLE)
    message = "cost gate could not run: policy monthly-budget failed with ZeroDivisionError; see its standard error"
    assert [said.level for said in found if said.policy == "monthly-budget" and said.message == message] == [1]
    assert [said.level for said in found if said.policy == "cost-gate-could-judge" and message in said.message] == [1]
    out, err = capfd.readouterr()
    assert out == ""
    assert "Traceback" in err


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (None, "create"),
        ("budget: {monthly: much, caps: {}, resourceCap: 1}", "budget.monthly: 'much'"),
        ("budgets: {}", "budgets: unknown key"),
        (limits("10", more="currency: EUR"), "currency: unknown key"),
        ("- 1", "expected a mapping"),
        ("budget: [", "not YAML"),
        (limits("10", more="usage: {types: {'aws:sns/topc:Topic': {requests: 1}}}"), "no price rule has this type"),
        (limits("10", more="usage: {resources: {nobody: {requests: 1}}}"), "no resource of this name"),
        (limits("10", more="region: eu-west-1"), "make them equal"),
    ],
)
def test_a_bad_environment_cannot_be_judged(
    pack: Servicer, surroundings: Path, content: str | None, named: str
) -> None:
    if content is None:
        (surroundings / "dev.yaml").unlink()
    else:
        budget(surroundings, content)
    found = [said for said in pack.all(*dashboards(1)) if said.policy == "cost-gate-could-judge"]
    assert [said.level for said in found] == [1]
    assert named in found[0].message


@pytest.mark.parametrize(("day", "levels"), [("2027-02-17", []), ("2027-02-18", [1]), ("2026-08-20", [1]), ("x", [1])])
def test_prices_that_are_too_old_or_from_the_future_cannot_be_judged(
    pack: Servicer, monkeypatch: pytest.MonkeyPatch, day: str, levels: list[int]
) -> None:
    monkeypatch.setenv("IAL_AS_OF", day)
    found = pack.all(*dashboards(1))
    assert [said.level for said in found if said.policy == "cost-gate-could-judge"] == levels


def test_a_region_without_prices_cannot_be_judged(pack: Servicer, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(monkeypatch, {"aws:region": "xx-nowhere-9"})
    found = [said for said in pack.all(alarm()) if said.policy == "cost-gate-could-judge"]
    assert [said.level for said in found] == [1]
    assert "ial cost refresh-prices --region xx-nowhere-9" in found[0].message


def test_an_expired_waiver_is_a_violation(pack: Servicer, surroundings: Path) -> None:
    waiver = "{id: W, policy: monthly-budget, scope: stack, maxAmount: 5, reason: r, owner: o, expires: 2026-11-24}"
    budget(surroundings, limits("1", more=f"waivers: [{waiver}]"))
    found = pack.all(*dashboards(1))
    assert [said.level for said in found if said.policy == "waivers-valid"] == [1]
    assert money(found) == [("monthly-budget", 1)]


def test_the_environment_may_come_from_the_policy_config(
    surroundings: Path, monkeypatch: pytest.MonkeyPatch, started: Any
) -> None:
    """`pulumi policy analyze` sends no stack settings: the URN names the stack, the policy's config may override it."""
    from pulumi.runtime.proto import analyzer_pb2

    process = started(PULUMI_STACK="", PULUMI_CONFIG="{}")
    assert [s for s in process.servicer.all(ROLE) if s.policy in MONEY] == []
    request = analyzer_pb2.ConfigureAnalyzerRequest()
    for name in MONEY:
        request.policyConfig[name].enforcementLevel = analyzer_pb2.MANDATORY
        request.policyConfig[name].properties.update({"environment": "nowhere"})
    process.stub.Configure(request, timeout=20)
    found = [said for said in process.servicer.stack(ROLE) if said.policy == "monthly-budget"]
    assert [said.level for said in found] == [1]
    assert "policies/environments/nowhere.yaml" in found[0].message


def test_the_report_tells_what_was_judged(
    pack: Servicer, surroundings: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "report.json"
    monkeypatch.setenv("IAL_PACK_REPORT", str(file))
    monkeypatch.setenv("IAL_RUN_ID", "run-7")
    budget(surroundings, limits("2"))
    pack.all(*dashboards(1))
    report = json.loads(file.read_text(encoding="utf-8"))
    assert report["run_id"] == "run-7"
    assert report["environment"] == "dev"
    assert report["stage"] == 1
    assert report["total"] == {"minimum": "3.00", "expected": "3.00", "maximum": "3.00"}
    assert report["capabilities"]["observability"]["maximum"] == "3.00"
    assert report["problems"] == []
    assert [item["policy"] for item in report["violations"]] == ["monthly-budget"]
    assert list(tmp_path.glob(".report*")) == []


def test_the_report_tells_that_nothing_could_be_judged(
    pack: Servicer, surroundings: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "report.json"
    monkeypatch.setenv("IAL_PACK_REPORT", str(file))
    (surroundings / "dev.yaml").unlink()
    pack.all(*dashboards(1))
    report = json.loads(file.read_text(encoding="utf-8"))
    assert report["total"] is None
    assert "has no environment file" in report["problems"][0]["message"]


def test_the_last_policy_alone_says_why_nothing_can_be_judged(surroundings: Path) -> None:
    (surroundings / "dev.yaml").unlink()
    environments._terms.cache_clear()
    [found] = cost.could_judge(Stack((made("aws:iam/role:Role", {}),)))
    assert found.message.startswith("could not judge: stack 'dev' has no environment file; create ")
    assert MEMORY.failures() == [found.message.removeprefix("could not judge: ")]


def test_a_relative_report_path_cannot_be_judged(pack: Servicer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IAL_PACK_REPORT", "report.json")
    found = [said for said in pack.all(ROLE) if said.policy == "cost-gate-could-judge"]
    assert [said.level for said in found] == [1]
    assert "not an absolute path" in found[0].message
