"""Fleets: what their file may say, their state machines as AWS would run them, and the report of all their stacks."""

from __future__ import annotations

import json
import random
from collections import Counter
from contextlib import nullcontext
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from msgspec import structs

from local.server import Running
from pricing.money import plain
from pricing.price_book import PriceBook
from runners.errors import InputError, LimitError
from runners.fleet.fleet_file import Fleet, Member, read_fleet
from runners.fleet.fleet_machine import START, by_region, definition, machine_arn, permissions, transitions
from runners.fleet.fleet_plan import fleet_plan, require_within_limit
from runners.fleet.fleet_price import machine_prices
from runners.fleet.fleet_report import fleet_report, stack_summary, unread
from runners.fleet.model import FleetPlan
from tests.clouds import Clouds
from tests.interpreter import Execution, StateError, Waits, drive, together
from tests.runners.chaos.experiments import passed
from tests.runners.conftest import Ial
from tests.runners.rehearsal import QuickClock
from tests.runners.test_schemas import valid

HUB, OTHER = "123456789012", "210987654321"
STARTER = f"arn:aws:iam::{OTHER}:role/ial-s-fleet-weekly"


def member(number: int) -> Member:
    account = OTHER if number % 3 == 0 else HUB
    return Member(
        stack=f"shop-{number}",
        environment=f"env-{number}",
        account=account,
        region="eu-west-1" if number % 5 == 0 else "us-east-1",
        starter=STARTER if account == OTHER else None,
    )


FLEET = Fleet(version=1, name="all", suite="weekly", account=HUB, stacks=tuple(map(member, range(50))))


class Suites:
    """The suites of all stacks: how long each takes, how it ends, and how many run at once in each place."""

    def __init__(self, failing: frozenset[str], seed: int = 1) -> None:
        self._failing, self._random = failing, random.Random(seed)
        self.active, self.most = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        self.ran: list[str] = []

    def __call__(self, arguments: dict[str, Any]) -> Waits:
        _, _, _, region, account, _, name = arguments["StateMachineArn"].split(":")
        place = (account, region)
        self.active[place] += 1
        self.most[place] = max(self.most[place], self.active[place])
        yield self._random.uniform(600, 7200)
        self.active[place] -= 1
        self.ran.append(name)
        if name in self._failing:
            raise StateError("States.TaskFailed", "NotAllDone")
        return {"Status": "SUCCEEDED"}


def run(fleet: Fleet, suites: Suites) -> dict[str, Execution]:
    """All Regions' state machines at the same time."""
    clock = QuickClock()

    def no_call(*_: object) -> None:
        raise AssertionError

    executions = {
        region: Execution(definition=definition(fleet, region), now=clock.now, call=no_call, handlers={START: suites})
        for region in by_region(fleet)
    }
    drive(together([held.run() for held in executions.values()], clock.now, len(executions)), clock.sleep)
    return executions


def names(fleet: Fleet) -> list[str]:
    return [machine_arn(fleet, held).rsplit(":", 1)[1] for held in fleet.stacks]


@pytest.mark.parametrize("seed", range(3))
def test_fifty_stacks_never_more_than_four_at_once_in_an_account_and_region(seed: int) -> None:
    suites = Suites(frozenset(), seed)
    found = run(FLEET, suites)
    assert sorted(suites.ran) == sorted(names(FLEET))
    assert {held.status for held in found.values()} == {"SUCCEEDED"}
    assert len(suites.most) == 4
    assert max(suites.most.values()) == 4
    for region, execution in found.items():
        assert execution.transitions <= transitions(by_region(FLEET)[region])


def test_fewer_at_once_where_the_file_says_so() -> None:
    suites = Suites(frozenset())
    run(Fleet(**{key: getattr(FLEET, key) for key in FLEET.__struct_fields__} | {"at_once": 2}), suites)
    assert max(suites.most.values()) == 2


def test_one_that_fails_stops_no_other_and_is_told() -> None:
    failing = frozenset({"ial-env-1-suite-weekly", "ial-env-3-suite-weekly"})
    suites = Suites(failing)
    found = run(FLEET, suites)
    assert len(suites.ran) == 50
    assert (found["us-east-1"].status, found["eu-west-1"].status) == ("FAILED", "SUCCEEDED")
    assert "shop-1" in found["us-east-1"].cause
    assert "shop-3" in found["us-east-1"].cause
    assert "shop-2" not in found["us-east-1"].cause


def test_the_call_is_one_of_awss_and_each_account_has_a_branch() -> None:
    machine = definition(FLEET, "us-east-1")
    branches = machine["States"]["All accounts"]["Branches"]
    tasks = {}
    for branch in branches:
        (state,) = branch["States"].values()
        assert state["ItemProcessor"]["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
        assert state["MaxConcurrency"] <= 4
        tasks[branch["StartAt"]] = state["ItemProcessor"]["States"]["Run the suite"]
    model = botocore.session.get_session().get_service_model("stepfunctions").operation_model("StartExecution")
    assert model.input_shape is not None
    known = {name[:1].upper() + name[1:] for name in model.input_shape.members}
    assert all(set(task["Arguments"]) <= known for task in tasks.values())
    assert ["Credentials" in tasks[f"Account {account}"] for account in (HUB, OTHER)] == [False, True]
    states = machine["States"]
    assert {held["Next"] for held in states["Was all done"]["Choices"]} | {states["Was all done"]["Default"]} <= set(
        states
    )


BOOK, TODAY = PriceBook.load(), date(2026, 11, 28)
ONCE = Decimal("0.025") / 1000


HOME = tuple(structs.replace(held, region="us-east-1") for held in FLEET.stacks)


def priced(today: date = TODAY, stacks: tuple[Member, ...] = HOME, **changes: Any) -> FleetPlan:
    fleet = structs.replace(FLEET, stacks=stacks, **changes)
    return fleet_plan(fleet, machine_prices(fleet, BOOK, today))


def test_a_month_is_priced_by_the_gate_s_own_rules() -> None:
    plan = priced(runs_per_month=5, limit_usd="0.10")
    # Two accounts, 50 stacks with 4 transitions each.
    (machine,) = plan.machines
    assert machine.transitions == 4 + 2 * 2 + 50 * 4
    assert (machine.usd, plan.month_usd) == (plain(ONCE * 208), plain(ONCE * 208 * 5))
    require_within_limit(plan)


@pytest.mark.parametrize(
    ("limit", "refused"),
    [("0.026", None), ("0.0259", "would cost 0.026 USD a month, more than its limitUsd of 0.0259")],
)
def test_a_fleet_over_its_limit_is_refused(limit: str, refused: str | None) -> None:
    plan = priced(runs_per_month=5, limit_usd=limit)
    with nullcontext() if refused is None else pytest.raises(LimitError, match=refused):
        require_within_limit(plan)


@pytest.mark.parametrize(
    ("how", "why"),
    [({"today": date(2036, 1, 1)}, "us-east-1: "), ({"stacks": FLEET.stacks}, "eu-west-1: all-eu-west-1")],
    ids=["a price that is too old", "a Region without a price"],
)
def test_what_is_not_known_is_no_zero_and_not_within_a_limit(how: dict[str, Any], why: str) -> None:
    plan = priced(**how, runs_per_month=5, limit_usd="100")
    assert plan.month_usd is None
    assert [held.region for held in plan.machines if held.usd is None] == [held.split(":")[0] for held in plan.unknown]
    assert plan.unknown[0].startswith(why)
    with pytest.raises(InputError, match="what it costs is not known, and it has a limit"):
        require_within_limit(plan)
    require_within_limit(priced(**how, runs_per_month=5))
    assert priced().month_usd is None


def test_the_policy_names_what_is_started_and_no_more() -> None:
    statements = {held["Sid"]: held for held in permissions(FLEET, "us-east-1", "ial-fleet-all")["Statement"]}
    own = [machine_arn(FLEET, held) for held in by_region(FLEET)["us-east-1"][HUB]]
    assert statements["StartSuites"]["Resource"] == own
    assert statements["StartElsewhere"]["Resource"] == [STARTER]
    assert all("*" not in action for held in statements.values() for action in held["Action"])
    alone = Fleet(version=1, name="all", suite="weekly", account="333333333333", stacks=(member(3),))
    assert "StartSuites" not in {held["Sid"] for held in permissions(alone, "us-east-1", "x")["Statement"]}


def large(count: int) -> Fleet:
    stacks = tuple(
        Member(stack=f"shop-{number}", environment=f"env-{number}", account=HUB, region="eu-west-1")
        for number in range(count)
    )
    return Fleet(version=1, name="all", suite="weekly", account=HUB, stacks=stacks)


def test_a_policy_that_names_too_many_is_one_of_their_names_pattern() -> None:
    few, many = (permissions(large(count), "eu-west-1", "ial-fleet-all") for count in (25, 400))
    statements = {held["Sid"]: held["Resource"] for held in many["Statement"]}
    place = f"arn:aws:states:eu-west-1:{HUB}"
    assert statements["StartSuites"] == [f"{place}:stateMachine:ial-*-suite-weekly"]
    assert statements["FollowSuites"] == [f"{place}:execution:ial-*-suite-weekly:*"]
    for policy in (few, many):
        assert len(json.dumps(policy, separators=(",", ":"))) <= 6_144


def test_more_stacks_than_a_state_machine_can_tell_are_refused() -> None:
    told = [{"stack": held.stack, "outcome": "States.DataLimitExceeded"} for held in large(2_500).stacks]
    assert len(json.dumps(told)) < 256 * 1024
    assert len(json.dumps(definition(large(2_500), "eu-west-1"), indent=2)) < 1_048_576
    with pytest.raises(InputError, match="eu-west-1 has 10000 stacks, more than one state machine can hold"):
        definition(large(10_000), "eu-west-1")


DEAR = 'suite: weekly\nrunsPerMonth: 9000\nlimitUsd: "0.01"'
GOOD = """version: 1
name: all
suite: weekly
account: "123456789012"
stacks:
  - {stack: dev, environment: dev, account: "123456789012", region: us-east-1}
"""


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("region: us-east-1", "region: mars", "fleet.yaml:6: stacks[0].region"),
        ("name: all", "name: all\ncolour: red", "colour"),
        ("suite: weekly", "suite: weekly\natOnce: 5", "fleet.yaml:4: atOnce"),
        ("suite: weekly", 'suite: weekly\nlimitUsd: "0.10"', "say with `runsPerMonth` how often"),
        ("suite: weekly", "suite: weekly\nlimitUsd: 0.10", "fleet.yaml:4: limitUsd"),
        ("suite: weekly", "suite: weekly\nrunsPerMonth: 0", "fleet.yaml:4: runsPerMonth"),
        ('account: "123456789012", region', 'account: "210987654321", region', "name the role ial-ENVIRONMENT-fleet"),
        ("region: us-east-1}", f"region: us-east-1, starter: {STARTER}}}", "take `starter` out"),
        ("region: us-east-1}\n", "region: us-east-1}\n" + GOOD.splitlines()[-1] + "\n", "is twice in its account"),
        (GOOD, "version: [", "fleet.yaml"),
    ],
)
def test_a_file_that_is_not_understood_is_refused(tmp_path: Path, old: str, new: str, why: str) -> None:
    path = tmp_path / "fleet.yaml"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(InputError) as refused:
        read_fleet(path)
    assert why in str(refused.value)
    assert "\n" not in str(refused.value)
    path.write_text(GOOD)
    assert read_fleet(path).at_once == 4


def test_the_report_counts_all_stacks_and_names_those_that_are_missing() -> None:
    document = passed().document()
    documents = [(document["run"], document), ("x", {"version": 9})]
    stacks = [
        stack_summary(member(1), documents, [{"outcome": "done"}, {"outcome": "stopped"}]),
        stack_summary(member(2), [], []),
        unread(member(4), "no credentials"),
    ]
    found = fleet_report(FLEET, datetime(2026, 11, 1, tzinfo=UTC), stacks)
    assert (found.experiments.passed, found.experiments.of) == (1, 1)
    assert found.experiments.low == pytest.approx(0.2065, abs=1e-4)
    assert (found.executions, found.silent, found.unread) == ({"done": 1, "stopped": 1}, ("shop-2",), ("shop-4",))
    assert found.stacks[0].unreadable == 1
    assert found.drills.low is None


@pytest.fixture
def stack(clouds: Clouds, tmp_path: Path) -> Any:
    with clouds.deployed(tmp_path) as running:
        (tmp_path / "fleet.yaml").write_text(GOOD)
        yield running


@pytest.mark.cloud
def test_the_commands(stack: Running, tmp_path: Path, ial: Ial) -> None:
    planned = ial("fleet", "plan", "fleet.yaml", "--json", folder=tmp_path)
    (machine,) = valid(planned, "fleet-plan")["machines"]
    assert (machine["name"], machine["accounts"]) == ("ial-fleet-all", {HUB: 1})
    assert "us-east-1" in ial("fleet", "plan", "fleet.yaml", folder=tmp_path).out
    (tmp_path / "dear.yaml").write_text(GOOD.replace("suite: weekly", DEAR))
    for refused in (("plan", "dear.yaml", "--json"), ("write", "dear.yaml", "--to", "dear")):
        ran = ial("fleet", *refused, folder=tmp_path)
        assert (ran.code, "more than its limitUsd" in ran.err) == (1, True), ran.err
    assert not (tmp_path / "dear").exists()
    written = ial("fleet", "write", "fleet.yaml", "--to", "made", folder=tmp_path)
    assert written.code == 0
    assert json.loads((tmp_path / "made" / "ial-fleet-all.us-east-1.asl.json").read_text())["StartAt"] == "All accounts"
    told = ial("fleet", "report", "fleet.yaml", "--engine", "local", "--json", folder=tmp_path)
    report = valid(told, "fleet-report")
    assert (told.code, report["unread"], report["silent"]) == (0, [], ["dev"]), told.err
    (tmp_path / "fleet.yaml").write_text(GOOD.replace("environment: dev", "environment: gone"))
    told = ial("fleet", "report", "fleet.yaml", "--engine", "local", folder=tmp_path)
    assert (told.code, "not read: dev" in told.out) == (1, True)
