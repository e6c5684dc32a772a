from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from contract.names import ROLE_TRUST
from pricing.budget import Waiver
from pricing.environment import IN_APPLY, Environment, EnvironmentMissing
from pricing.errors import UsageError
from pricing.quantity import Quantity
from pricing.registry import unit_of

GOOD = "budget: {monthly: 10.5, caps: {backup: '1.86'}, resourceCap: 3}\n"
OWN = "arn:aws:ssm:us-east-1:123456789012:document/own"
WAIVER = "id: W1, policy: monthly-budget, scope: stack, maxAmount: 2, reason: r, owner: o, expires: 2026-12-01"


def load(folder: Path, text: str) -> Environment:
    file = folder / "dev.yaml"
    file.write_text(text, encoding="utf-8")
    return Environment.for_stack("dev", folder)


def test_what_a_minimal_file_means(tmp_path: Path) -> None:
    found = load(tmp_path, GOOD)
    terms = found.terms({"ial:stage": "3", "aws:region": "eu-west-1"})
    assert (found.name, terms.stage, terms.region, terms.recovery_window_days) == ("dev", 3, "eu-west-1", None)
    assert terms.budget.monthly == Decimal("10.5")
    assert terms.budget.caps == {"backup": Decimal("1.86")}
    assert (terms.budget.warn_at, terms.budget.case, terms.budget.waivers) == (Decimal("0.8"), "maximum", ())
    assert (found.terms({}).stage, found.terms({}).region) == (8, "us-east-1")


def test_the_stage_of_the_file_is_the_furthest(tmp_path: Path) -> None:
    found = load(tmp_path, GOOD + "stage: 2\n")
    assert [found.terms({"ial:stage": stage}).stage for stage in ("1", "2", "8")] == [1, 2, 2]


def test_usage_waits_for_its_stage(tmp_path: Path) -> None:
    usage = "usage: {resources: {x: {requests: {expected: 2, from_stage: 3}}}}\n"
    found = load(tmp_path, GOOD + usage)
    assert found.terms({"ial:stage": "2"}).usage.declared("t", "x", "requests", unit_of) is None
    assert found.terms({"ial:stage": "3"}).usage.declared("t", "x", "requests", unit_of) == Quantity.exact(2)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "the file: expected a mapping, got None"),
        ("budget: 3", "budget: expected a mapping, got 3"),
        ("stage: 1", "budget: missing"),
        (GOOD + "budgets: 1", "budgets: unknown key; accepted: budget, usage, waivers"),
        (GOOD + "stage: 9", "stage: 9; accepted: a whole number from 0 to 8"),
        (GOOD + "stage: true", "stage: True; accepted"),
        (GOOD + "stage: null", "stage: None; accepted"),
        (GOOD + "region: Virginia", "region: 'Virginia'; accepted: an AWS region"),
        (GOOD + "recoveryWindowDays: 0", "recoveryWindowDays: 0; accepted"),
        (GOOD + "stage: 1\nstage: 2", "stage: given twice"),
        (GOOD + "accountId: 123456789012", "accountId: 123456789012; accepted: twelve digits, in quotes"),
        (GOOD + f"chaosDocuments: {{{OWN}: '3'}}", "accepted: a list"),
        (GOOD + f"chaosDocuments: [{OWN}]", "chaosDocuments[0]: expected a mapping"),
        (GOOD + f"chaosDocuments: [{{arn: '{OWN}'}}]", "chaosDocuments[0].version: missing"),
        (GOOD + f"chaosDocuments: [{{arn: '{OWN}', version: 3}}]", "version: 3; accepted: the number of one version"),
        (GOOD + f"chaosDocuments: [{{arn: '{OWN}', version: $LATEST}}]", "version: '$LATEST'; accepted"),
        (GOOD + f"chaosDocuments: [{{arn: '{OWN}*', version: '3'}}]", "accepted: arn:aws:ssm:REGION:ACCOUNT:document"),
        (GOOD + "chaosDocuments: [{arn: own, version: '3'}]", "arn: 'own'; accepted"),
        (
            GOOD + f"chaosDocuments: [{{arn: '{OWN}', version: '3'}}, {{arn: '{OWN}', version: '4'}}]",
            "each document once",
        ),
        (GOOD.replace("10.5", "-1"), "budget.monthly: -1; accepted: a number from 0"),
        (GOOD.replace("10.5", ".nan"), "budget.monthly: '.nan'; accepted"),
        (GOOD.replace("10.5", ".inf"), "budget.monthly: '.inf'; accepted"),
        (GOOD.replace("10.5", "ten"), "budget.monthly: 'ten'; accepted"),
        (GOOD.replace("10.5", "10.5, warnAt: 80"), "budget.warnAt: 80; accepted: a number from 0 to 1"),
        (GOOD.replace("10.5", "10.5, case: worst"), "budget.case: 'worst'; accepted: minimum, expected, maximum"),
        (GOOD.replace("resourceCap", "resourcecap"), "budget.resourcecap: unknown key"),
        (GOOD + "usage: {types: {T: {requests: many}}}", "usage.types.T.requests: 'many'"),
        (GOOD + "usage: {kinds: {}}", "usage.kinds: unknown key"),
        (GOOD + "waivers: {W1: {}}", "waivers: {'W1': {}}; accepted: a list"),
        (GOOD + f"waivers: [{{{WAIVER}, extra: 1}}]", "waivers[0].extra: unknown key"),
        (GOOD + f"waivers: [{{{WAIVER}}}, {{{WAIVER}}}]", "id 'W1' is used twice"),
    ],
)
def test_bad_files(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path, text)
    assert named in str(caught.value)
    assert "dev.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("scope: stack", "scope: backup", "scope: 'backup'; accepted: `stack` for monthly-budget"),
        ("monthly-budget", "capability-budget", "scope: 'stack'; accepted"),
        ("scope: stack", "scope: '*'", "scope: '*'; accepted: one capability or resource name, no wildcard"),
        ("monthly-budget", "cost-gate-could-judge", "policy: 'cost-gate-could-judge'; accepted: monthly-budget"),
        ("maxAmount: 2", "maxAmount: 0", "maxAmount: 0; accepted"),
        ("maxAmount: 2", "maxAmount: .inf", "maxAmount: '.inf'; accepted"),
        ("maxAmount: 2, ", "", "waivers[0].maxAmount: missing"),
        (", expires: 2026-12-01", "", "waivers[0].expires: missing"),
        ("2026-12-01", "never", "expires: 'never'; accepted: a date"),
        ("reason: r", "reason: ' '", "reason: ' '; accepted: a sentence"),
        (", owner: o", "", "waivers[0].owner: missing"),
    ],
)
def test_bad_waivers(tmp_path: Path, old: str, new: str, named: str) -> None:
    assert load(tmp_path, GOOD + f"waivers: [{{{WAIVER}}}]").budget.waivers[0].max_amount == 2
    with pytest.raises(UsageError) as caught:
        load(tmp_path, GOOD + f"waivers: [{{{WAIVER.replace(old, new)}}}]")
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"ial:stage": "nine"}, "ial:stage: 'nine' is not a stage"),
        ({"ial:stage": "9"}, "ial:stage: '9'"),
        ({"aws:region": "eu-west-1"}, "make them equal"),
        (
            {"ial:accountId": "999999999999"},
            "ial:accountId is '999999999999' but .* accountId: 123456789012; make them",
        ),
    ],
)
def test_configuration_that_contradicts_the_file(tmp_path: Path, config: dict[str, str], named: str) -> None:
    with pytest.raises(UsageError, match=named):
        load(tmp_path, GOOD + "region: us-east-1\naccountId: '123456789012'").terms(config)


def test_the_account_is_what_either_says(tmp_path: Path) -> None:
    config = {"ial:accountId": "123456789012"}
    assert [load(tmp_path, GOOD).terms(held).account for held in ({}, config)] == [None, "123456789012"]
    found = load(tmp_path, GOOD + "accountId: '123456789012'")
    assert [found.terms(held).account for held in ({}, config)] == ["123456789012"] * 2


def test_documents_of_others_by_arn(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD).terms({}).chaos_documents == {}
    found = load(tmp_path, GOOD + f"chaosDocuments: [{{arn: '{OWN}', version: '3'}}]")
    assert found.terms({}).chaos_documents == {OWN: "3"}


@pytest.mark.parametrize(("stack", "named"), [("prod", "prod.yaml"), ("../dev", "accepted: letters")])
def test_a_stack_without_a_file(tmp_path: Path, stack: str, named: str) -> None:
    load(tmp_path, GOOD)
    with pytest.raises(EnvironmentMissing, match=named):
        Environment.for_stack(stack, tmp_path)


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "dev.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="not UTF-8"):
        Environment.for_stack("dev", tmp_path)


PLAN = "stages: [11.77, 1.86, 2.80, 0.70, 0.80, 0, 0, -3]"


@pytest.mark.parametrize(
    ("stage", "configured", "total"), [(8, "8", "14.93"), (8, "2", "13.63"), (2, "2", "14.93"), (2, "1", "13.07")]
)
def test_stages_are_what_the_file_says(tmp_path: Path, stage: int, configured: str, total: str) -> None:
    text = f"budget: {{monthly: 14.93, {PLAN}, caps: {{}}, resourceCap: 3}}\nstage: {stage}\n"
    budget = load(tmp_path, text).terms({"ial:stage": configured}).budget
    assert budget.total == Decimal(total)


def test_stages_must_reach_the_stage_of_the_file(tmp_path: Path) -> None:
    text = "budget: {monthly: 14.93, stages: [11.77], caps: {}, resourceCap: 3}\nstage: "
    assert load(tmp_path, text + "1\n").budget.additions == (Decimal("11.77"),)
    with pytest.raises(UsageError, match=r"budget\.stages: .*one amount for each stage, at least up to 2"):
        load(tmp_path, text + "2\n")


def test_what_a_full_file_means(tmp_path: Path) -> None:
    text = GOOD.replace("resourceCap: 3", "resourceCap: 3, warnAt: 1, case: expected") + (
        "region: eu-west-1\nrecoveryWindowDays: 35\nproduction: true\nresourcesInApply: allow\nstage: 0\n"
        "freeTypes: [{type: 'a:b:C', why: w, source: s, until: 2027-01-01}]\n"
    )
    found = load(tmp_path, text.replace("resourcesInApply: allow", f"resourcesInApply: {IN_APPLY[-1]}"))
    terms = found.terms({"ial:stage": "", "aws:region": "eu-west-1"})
    assert (terms.budget.warn_at, terms.budget.case, terms.budget.full_stage) == (Decimal(1), "expected", 0)
    assert (terms.region, terms.recovery_window_days, terms.production, terms.stage) == ("eu-west-1", 35, True, 0)
    assert terms.resources_in_apply == found.resources_in_apply == IN_APPLY[-1]
    assert [entry.what for entry in terms.declarations] == ["a:b:C"]
    assert terms.environment == "dev"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("production: 'yes'", "production: 'yes'; accepted: true or false"),
        ("production: null", "production: None; accepted: true or false"),
        ("resourcesInApply: maybe", "resourcesInApply: 'maybe'; accepted"),
        ("recoveryWindowDays: 3651", "recoveryWindowDays: 3651; accepted: a whole number from 1 to 3650"),
        ("stage: -1", "stage: -1; accepted"),
    ],
)
def test_what_a_file_may_not_say(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path, f"{GOOD}{text}\n")
    assert named in str(caught.value)


def test_production_and_apply_where_nothing_is_said(tmp_path: Path) -> None:
    found = load(tmp_path, GOOD)
    assert (found.production, found.resources_in_apply, found.terms({}).production) == (False, "warn", False)
    assert load(tmp_path, GOOD + "production: false\n").production is False
    assert load(tmp_path, GOOD + "recoveryWindowDays: 1\n").recovery_window_days == 1


def test_a_waiver_that_is_not_about_money_has_no_amount(tmp_path: Path) -> None:
    trust = WAIVER.replace("monthly-budget", ROLE_TRUST).replace("scope: stack", "scope: deploy")
    assert load(tmp_path, f"{GOOD}waivers: [{{{trust.replace('maxAmount: 2, ', '')}}}]").budget.waivers[0] == Waiver(
        id="W1", policy=ROLE_TRUST, scope="deploy", max_amount=None, reason="r", owner="o", expires=date(2026, 12, 1)
    )
    with pytest.raises(UsageError, match="maxAmount: 2; accepted: nothing"):
        load(tmp_path, f"{GOOD}waivers: [{{{trust}}}]")


def test_stages_may_be_eight_and_no_more(tmp_path: Path) -> None:
    text = "budget: {monthly: 1, stages: [%s], caps: {}, resourceCap: 3}\nstage: 1\n"
    assert len(load(tmp_path, text % ", ".join("1" * 8)).budget.additions) == 8
    with pytest.raises(UsageError, match="at most up to 8"):
        load(tmp_path, text % ", ".join("1" * 9))
