"""`ial report` against a stack that is there, with records in its table."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from contract.run_table import CHAOS, DRILLS, collection
from local.deployment import local_server
from local.endpoint import ACCOUNT
from runners.aws.run_records import TableRecords
from runners.aws.session import AwsClients
from runners.rollback.consideration import ROLLBACKS
from runners.runs.clock import SystemClock
from runners.suites.life_cycle import SUITES
from runners.wiring.report import whole_documents
from tests.clouds import Clouds
from tests.runners.backup.tables.test_tables import set_knobs
from tests.runners.conftest import Ial
from tests.runners.report.conftest import PREVIEW
from tests.runners.report.suite_documents import BACK, SUITE

pytestmark = pytest.mark.cloud
SCHEMA = json.loads((Path(__file__).parents[3] / "schemas" / "report.schema.json").read_text(encoding="utf-8"))
OF_STACK = ("--stack", "dev", "--engine", "local")


@pytest.fixture(scope="module")
def site(clouds: Clouds, tmp_path_factory: pytest.TempPathFactory, documents: list[dict[str, Any]]) -> Iterator[Path]:
    """A stack whose table has three runs of this week."""
    folder = tmp_path_factory.mktemp("report")
    with clouds.deployed(folder) as running:
        clients = AwsClients("us-east-1", endpoint=running.endpoint.url, keys=("local", "local", None))
        records = TableRecords(clients, "ial-dev-records", SystemClock())
        experiments = [document for document in documents if "experiment" in document][-2:]
        drills = [document for document in documents if "resource" in document][-1:]
        held = (
            *(("c", CHAOS, experiments), ("d", DRILLS, drills)),
            *(("e", SUITES, [SUITE]), ("f", ROLLBACKS, [BACK])),
        )
        # Names differ although both are made within one second.
        for mark, kind, those in held:
            for number, document in enumerate(those):
                run = f"{datetime.now(UTC) - timedelta(hours=number + 1):%Y%m%d-%H%M%S}-{mark}00{number}"
                records.put(run, "record", document | {"run": run})
                records.put(
                    collection(kind, f"{run[:4]}-{run[4:6]}"), run, {"run": run, "verdict": "passed", "usd": "0"}
                )
        yield folder


def billed(site: Path, **knobs: object) -> None:
    running = local_server(site).status()
    assert running is not None
    set_knobs(running, **knobs)


def test_the_report_is_written_in_all_its_forms(site: Path, ial: Ial, tmp_path: Path) -> None:
    estimate = tmp_path / "preview.json"
    totals = {"totalMonthlyCostMinimum": "9", "totalMonthlyCost": "10", "totalMonthlyCostMaximum": "11"}
    estimate.write_text(json.dumps(PREVIEW | {"estimate": totals | {"complete": True}}))
    out = tmp_path / "out"
    ran = ial("report", *OF_STACK, "--out", str(out), "--estimate", str(estimate), "--traces", "--json", folder=site)
    assert ran.code == 0, ran.err
    document = json.loads(ran.out)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert json.loads((out / "report.json").read_text()) == document
    assert (len(document["runs"]), len(document["drills"]), document["services"]) == (2, 1, [])
    assert [len(document[kind]) for kind in ("suites", "rollbacks")] == [1, 1]
    assert document["cost"]["total"] == {"name": "stack dev", "expected": "14.7786", "limit": "14.93", "measured": None}
    # Nobody was billed, and what AWS gives before it has counted is no amount.
    assert (document["bill"]["soFarUsd"], document["bill"]["forecastUsd"]) == (None, None)
    page = (out / "report.html").read_text()
    assert document["runs"][0]["run"] in page
    assert "No trace tells of a call" in page
    assert (out / "report.md").read_text().startswith("## Resilience of dev\n")


def test_the_account_s_bill_stands_beside_what_is_planned(site: Path, ial: Ial, tmp_path: Path) -> None:
    billed(site, billed_amount=131.4, billed_forecast=151.02)
    out = tmp_path / "out"
    ran = ial("report", *OF_STACK, "--out", str(out), "--json", folder=site)
    billed(site, billed_amount=0.0, billed_forecast=0.0)
    assert ran.code == 0, ran.err
    bill = json.loads(ran.out)["bill"]
    assert (bill["budget"], bill["soFarUsd"], bill["missing"]) == ("ial-dev-account-monthly", "131.400", [])
    assert bill["wholeAccount"]
    # The account holds more than the workload, unless somebody says otherwise: the goal takes no number of it.
    assert next(kpi for kpi in json.loads(ran.out)["analysis"]["kpis"] if kpi["name"] == "cost")["value"] is None
    said = "This month's bill so far: $131.40; forecast of the month: $151.02."
    assert said in (out / "report.md").read_text().replace("\\", "")
    assert said in html.unescape((out / "report.html").read_text())


def test_the_goal_takes_the_bill_where_the_team_says_that_it_is_the_workload_s(
    clouds: Clouds, ial: Ial, tmp_path: Path
) -> None:
    with clouds.deployed(tmp_path) as running:
        held = tmp_path / ".ial" / "dev" / "state.json"
        document = json.loads(held.read_text())
        document["outputs"]["ial"]["goals"]["bill_is_workload"] = True
        held.write_text(json.dumps(document))
        set_knobs(running, billed_amount=161.0)
        ran = ial("analyze", *OF_STACK, "--json", folder=tmp_path)
        running.endpoint.client("budgets").delete_budget(AccountId=ACCOUNT, BudgetName="ial-dev-account-monthly")
        later = ial("report", *OF_STACK, "--out", str(tmp_path / "out"), "--json", folder=tmp_path)
    assert json.loads(later.out)["bill"]["missing"][0].startswith("the bill could not be read: budgets:DescribeBudget")
    assert ran.code == 0, ran.err
    cost = next(kpi for kpi in json.loads(ran.out)["kpis"] if kpi["name"] == "cost")
    assert (cost["answer"], cost["interval"]) == ("missed", {"low": 161.0, "high": None})


@dataclass
class Archive:
    """A source that has runs in the archive, as bytes, and one that was damaged."""

    held: tuple[tuple[str, Mapping[str, Any] | bytes], ...]

    def documents(self, _: datetime) -> Iterator[tuple[str, Mapping[str, Any] | bytes]]:
        yield from self.held


def test_what_the_archive_has_is_shown_as_well() -> None:
    held = (("a", json.dumps(SUITE).encode()), ("b", b"{half"), ("c", b"[]"), ("e", b'{"run":"\xff"}'), ("d", BACK))
    assert list(whole_documents(Archive(held), datetime.now(UTC))) == [SUITE, BACK]


def test_people_are_told_what_to_say_first_and_what_is_not_shown(site: Path, ial: Ial, tmp_path: Path) -> None:
    ran = ial("report", *OF_STACK, "--out", str(tmp_path / "out"), folder=site)
    assert ran.code == 0, ran.err
    assert "traces were not asked: --traces does" in ran.out
    assert f"written: {tmp_path / 'out' / 'report.html'}" in ran.err


@pytest.mark.parametrize(("option", "said"), [("--estimate", "is no estimate"), ("--since", "accepted: a day such as")])
def test_what_is_none_is_refused(site: Path, ial: Ial, tmp_path: Path, option: str, said: str) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{}")
    ran = ial("report", *OF_STACK, "--out", str(tmp_path / "out"), option, str(wrong), folder=site)
    assert ran.code == 2
    assert said in ran.err
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written_is_named(site: Path, ial: Ial, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("")
    ran = ial("report", *OF_STACK, "--out", str(taken), folder=site)
    assert ran.code == 2
    assert f"--out {taken}: cannot be written" in ran.err
