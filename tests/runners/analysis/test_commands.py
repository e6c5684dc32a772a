"""`ial analyze`, `ial score` and `ial alarms compare` on a stack that is up, over runs that its table holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import to_builtins

from local.server import Running
from runners.analysis.eight_weeks.weeks import BEGIN, Weeks
from runners.aws.run_records import TableRecords
from runners.aws.session import AwsClients
from runners.runs.clock import SystemClock
from tests.clouds import STACK, Clouds
from tests.runners.analysis.records_for_tests import unjudged
from tests.runners.conftest import Ial, Ran
from tests.runners.test_schemas import valid

pytestmark = pytest.mark.cloud
NAMES = {"chaos": "experiment", "drills": "resource", "controls": "type"}


def keep(records: TableRecords, shift: timedelta) -> int:
    """Eight rehearsed weeks that ended lately, as runs would have stored them; how many there are."""
    count = 0
    for document in Weeks(seed=3).documents():
        at = datetime.strptime(document["run"][:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC) + shift
        run = f"{at:%Y%m%d-%H%M%S}{document['run'][15:]}"
        kind = next(kind for kind, key in NAMES.items() if key in document)
        records.put(run, "record", document | {"run": run})
        records.put(f"{kind}#{at:%Y-%m}", run, {"run": run, "verdict": document["verdict"], "usd": "0"})
        count += 1
    return count


@pytest.fixture(scope="module")
def site(clouds: Clouds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Running, int]]:
    folder = tmp_path_factory.mktemp("site")
    with clouds.deployed(folder) as running:
        clients = AwsClients("us-east-1", endpoint=running.endpoint.url, keys=("x", "x", None))
        records = TableRecords(clients, "ial-dev-records", SystemClock())
        shift = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - (BEGIN + timedelta(weeks=8))
        count = keep(records, shift)
        newest = f"{datetime.now(UTC):%Y%m}"
        month = f"{newest[:4]}-{newest[4:]}"
        records.put(f"chaos#{month}", f"{newest}01-000000-0000", {"run": "x", "verdict": None, "usd": "0"})
        records.put(f"{newest}01-000001-0000", "record", {"version": 9})
        records.put(f"chaos#{month}", f"{newest}01-000001-0000", {"run": "x", "verdict": "passed", "usd": "0"})
        by_machine = f"{newest}01-000002-0000"
        records.put(by_machine, "record", to_builtins(unjudged()) | {"type": "unjudged-run", "run": by_machine})
        records.put(f"chaos#{month}", by_machine, {"run": by_machine, "verdict": "not-judged", "usd": "0.20"})
        yield folder, running, count + 1


@pytest.fixture
def ask(site: tuple[Path, Running, int], ial: Ial) -> object:
    folder, _, _ = site

    def asked(*arguments: str) -> Ran:
        return ial(*arguments, "--stack", STACK, "--engine", "local", folder=folder)

    return asked


def test_what_the_table_holds_is_analysed_and_counted(site: tuple[Path, Running, int], ask: Ial) -> None:
    ran = ask("analyze", "--json")
    found = valid(ran, "analysis")
    counted = found["counted"]
    assert (ran.code, counted["read"], counted["unread"]) == (0, site[2], 1), ran.err
    assert "version 9; accepted: 1" in counted["unreadable"][0]["why"]
    assert "not over, and not counted" in ran.err
    assert {kpi["name"] for kpi in found["kpis"]} >= {"uptime", "detection", "recovery", "chaos-success", "cost"}
    assert found["score"]["score"] > 50
    weekly = [trend["weekly"] for trend in found["trends"]]
    assert [held is None for held in weekly] == [trend["measure"] == "points of the score" for trend in found["trends"]]


def test_goals_that_are_not_shown_are_no_success(ask: Ial, tmp_path: Path) -> None:
    estimate = tmp_path / "estimate.json"
    totals = {"totalMonthlyCostMinimum": "9", "totalMonthlyCost": "12", "totalMonthlyCostMaximum": "14"}
    estimate.write_text(json.dumps(totals | {"complete": True}))
    ran = ask("analyze", "--check", "--estimate", str(estimate))
    assert ran.code == 5, ran.err
    assert "154.00 to 159.00 USD" not in ran.err
    assert "not enough yet" in ran.out
    estimate.write_text(json.dumps(totals | {"complete": False}))
    refused = ask("analyze", "--estimate", str(estimate))
    assert (refused.code, "not complete" in refused.err) == (2, True)


def test_a_day_that_is_none_is_refused(ask: Ial) -> None:
    for given, said in (("soon", "accepted: a day"), ("2999-01-01", "accepted: a day that is past")):
        ran = ask("analyze", "--since", given)
        assert (ran.code, said in ran.err) == (2, True), ran.err


def test_the_score_decides_when_it_is_asked_to(ask: Ial) -> None:
    ran = ask("score", "--json", "--at-least", "1")
    found = valid(ran, "score")
    assert (ran.code, found["required"]) == (0, 4)
    assert [(held["what"], held["runs"]) for held in found["excluded"] if held["why"] == "not-judged"] == [
        ("network-latency", 1)
    ]
    assert ask("score", "--at-least", "100.5").code == 1


def test_a_score_that_nobody_pays_for_is_not_published(ask: Ial) -> None:
    ran = ask("score", "--publish")
    assert (ran.code, "set ial:goals scoreBelow" in ran.err) == (2, True)
    # A workflow asks on any stack.
    asked = ask("score", "--publish", "--if-watched")
    assert (asked.code, "published" in asked.err) == (0, False)


def test_alarms_are_compared_with_too_few_faults_to_name_one(ask: Ial) -> None:
    ran = ask("alarms", "compare", "--alarm", "errors", "--days", "1", "--json")
    found = valid(ran, "alarms-compare")
    assert ran.code == 0, ran.err
    [alarm] = found["alarms"]
    assert (alarm["answer"], alarm["better"]) == ("not-enough-runs", None)
    assert alarm["designs"][0]["design"] == "as-it-is"
    assert {"single-threshold", "burn-rate", "composite"} <= {held["design"] for held in alarm["designs"]}
    refused = ask("alarms", "compare", "--alarm", "none")
    assert (refused.code, "accepted: errors" in refused.err) == (2, True)
