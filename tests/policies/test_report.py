"""The pack's account of its run, whole: what whoever started the pack reads instead of the messages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contract.redaction import SECRETS
from policies import environments
from policies.memory import MEMORY, Finding
from policies.report import document, write_report
from policies.stack import Stack
from pricing.errors import UsageError
from pricing.price_book import PriceBook
from tests.policies.conftest import AS_OF, made
from tests.policies.test_cost import DASHBOARD, limits

WAIVER = "{id: W1, policy: cost-traps, scope: x, maxAmount: 1, reason: r, owner: o, expires: 2026-12-01}"
BOARD = made(DASHBOARD, {"dashboardBody": '{"widgets": []}'}, components=("ial:observability:Observability",))
READ = made(DASHBOARD, {"dashboardBody": '{"widgets": []}'}, "read", external=True)
UNPRICED = made("aws:madeup/thing:Thing", {}, "new")


@pytest.fixture
def told(surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (surroundings / "dev.yaml").write_text(limits("9", more=f"waivers: [{WAIVER}]"), encoding="utf-8")
    environments._terms.cache_clear()
    monkeypatch.setenv("IAL_RUN_ID", "run-7")
    MEMORY.begin({"monthly-budget": "advisory"})


def cases(amount: str) -> dict[str, str]:
    return dict.fromkeys(("minimum", "expected", "maximum"), amount)


@pytest.mark.usefixtures("told")
def test_the_whole_report() -> None:
    MEMORY.note("monthly-budget", "advisory", Finding("too much", "urn-1"))
    MEMORY.note("alarm-tells-somebody", "mandatory", Finding("nobody"))
    stack = Stack((BOARD, READ, UNPRICED))
    [problem] = stack.estimate.problems
    assert document(stack, [Finding("a doubt", "urn-2")]) == {
        "run_id": "run-7",
        "resources": 3,
        "levels": {"monthly-budget": "advisory"},
        "cloud": [BOARD.urn, UNPRICED.urn],
        "environment": "dev",
        "stage": 1,
        "region": "us-east-1",
        "as_of": AS_OF,
        "prices": PriceBook.load().digest,
        "total": cases("3.00"),
        "capabilities": {"observability": cases("3.00"), "other": cases("0")},
        "limit": "9",
        "waivers": ["W1"],
        "problems": [
            {"code": "could-not-judge", "message": "a doubt", "urn": "urn-2"},
            {"code": problem.code, "message": problem.message, "urn": UNPRICED.urn},
        ],
        "violations": [
            {"policy": "monthly-budget", "level": "advisory", "message": "too much", "urn": "urn-1"},
            {"policy": "alarm-tells-somebody", "level": "mandatory", "message": "nobody", "urn": None},
        ],
    }


@pytest.mark.usefixtures("told")
def test_what_could_not_be_judged(surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (surroundings / "dev.yaml").unlink()
    environments._terms.cache_clear()
    monkeypatch.delenv("IAL_RUN_ID")
    found: dict[str, Any] = document(Stack((BOARD,)), [])
    [problem] = found.pop("problems")
    assert problem["code"] == "could-not-judge"
    assert "has no environment file" in problem["message"]
    assert problem["urn"] is None
    assert found == {
        "run_id": "",
        "resources": 1,
        "levels": {"monthly-budget": "advisory"},
        "cloud": [BOARD.urn],
        "total": None,
        "capabilities": {},
        "violations": [],
    }


@pytest.mark.usefixtures("told")
def test_no_message_has_a_secret() -> None:
    SECRETS.note("hunter2-hunter2")
    try:
        MEMORY.note("p", "mandatory", Finding("says hunter2-hunter2"))
        found = json.dumps(document(Stack((BOARD,)), [Finding("doubts hunter2-hunter2")]))
    finally:
        SECRETS.clear()
    assert "hunter2" not in found
    assert found.count("[secret]") == 2


@pytest.mark.usefixtures("told")
def test_where_it_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def written(place: str | None) -> Any:
        monkeypatch.delenv("IAL_PACK_REPORT", raising=False)
        if place is not None:
            monkeypatch.setenv("IAL_PACK_REPORT", place)
        write_report(Stack((BOARD,)), [])

    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    for nowhere in (None, ""):
        written(nowhere)
        assert set(tmp_path.iterdir()) == before
    with pytest.raises(UsageError) as raised:
        written("report.json")
    assert str(raised.value) == (
        "IAL_PACK_REPORT='report.json' is not an absolute path; the pack runs in a folder of its own"
    )
    with pytest.raises(UsageError, match=r"^IAL_PACK_REPORT: .*no/such/place"):
        written(str(tmp_path / "no/such/place/report.json"))
    written(str(tmp_path / "report.json"))
    text = (tmp_path / "report.json").read_text(encoding="utf-8")
    assert json.loads(text) == document(Stack((BOARD,)), [])
    assert text.startswith('{\n "run_id"')
