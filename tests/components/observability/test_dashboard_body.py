from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from components.observability.critical_signals import critical_signals
from components.observability.dashboard_body import stack_body, team_body
from components.observability.widgets import COLUMNS, Widget, place_rows
from components.settings import Settings


def _body(settings: Settings) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(stack_body(settings, critical_signals(settings)))
    return body


def _metrics(body: dict[str, Any]) -> int:
    return sum(len(widget["properties"].get("metrics", [])) for widget in body["widgets"])


def test_rows_come_in_order(settings: Callable[..., Settings]) -> None:
    titles = [widget["properties"]["markdown"] for widget in _body(settings())["widgets"] if widget["type"] == "text"]
    assert [title.split("\n")[0] for title in titles] == ["# Service", "# Data stores", "# Backups", "# Chaos"]


@pytest.mark.parametrize("stage", [1, 2, 8])
@pytest.mark.parametrize("tables", [0, 2, 40])
def test_at_most_fifty_metrics(
    settings: Callable[..., Settings], workload: dict[str, Any], stage: int, tables: int
) -> None:
    names = [{"name": f"table-{number}"} for number in range(tables)]
    body = _body(settings(stage=stage, workload={**workload, "tables": names}))
    assert 0 < _metrics(body) <= 50
    texts = "".join(widget["properties"].get("markdown", "") for widget in body["widgets"])
    assert ("Not drawn" in texts) is (tables == 40)


def test_errors_are_drawn_as_the_alarm_counts_them(settings: Callable[..., Settings]) -> None:
    [errors] = [held for held in _body(settings())["widgets"] if held["properties"].get("title") == "Errors"]
    drawn = {line[1]: line[2:-1:2] for line in errors["properties"]["metrics"]}
    assert drawn == {
        "HTTPCode_Target_5XX_Count": ["LoadBalancer", "TargetGroup"],
        "HTTPCode_ELB_5XX_Count": ["LoadBalancer"],
        "HTTPCode_Target_4XX_Count": ["LoadBalancer", "TargetGroup"],
    }


def test_the_body_is_the_same_each_time(settings: Callable[..., Settings]) -> None:
    first, second = (stack_body(settings(), critical_signals(settings())) for _ in range(2))
    assert first == second


def test_every_alarm_of_a_drawn_metric_shows_its_threshold(settings: Callable[..., Settings]) -> None:
    drawn = {
        line["label"]: line["value"]
        for widget in _body(settings())["widgets"]
        for line in widget["properties"].get("annotations", {}).get("horizontal", [])
    }
    assert drawn == {
        "alarm errors": 5,
        "alarm latency": 1,
        "alarm unhealthy-hosts": 1,
        "alarm saturation": 80,
        "alarm data-store": 5,
    }


@pytest.mark.parametrize(("tables", "graph"), [(["orders", "carts"], "Table orders"), ([], "Database load")])
def test_the_line_of_a_data_store_is_on_the_graph_of_its_metric(
    settings: Callable[..., Settings], workload: dict[str, Any], tables: list[str], graph: str
) -> None:
    given = settings(workload={**workload, "tables": [{"name": name} for name in tables]})
    assert lines_of(given, "data-store") == {graph}


def test_little_free_storage_is_a_line_on_its_own_graph(settings: Callable[..., Settings]) -> None:
    given = settings(thresholds={"databaseFreeGib": 20})
    assert lines_of(given, "database-storage") == {"Database free storage"}
    assert lines_of(given, "data-store") == {"Table orders"}
    assert not lines_of(settings(), "database-storage")


def lines_of(given: Settings, signal: str) -> set[str]:
    """The titles of the graphs that show an alarm's threshold."""
    return {
        widget["properties"]["title"]
        for widget in _body(given)["widgets"]
        for line in widget["properties"].get("annotations", {}).get("horizontal", [])
        if line["label"] == f"alarm {signal}"
    }


def test_a_team_sees_the_alarms_and_the_traffic(settings: Callable[..., Settings]) -> None:
    body = json.loads(team_body(settings(), "payments", critical_signals(settings())))
    assert body["widgets"][0]["properties"]["markdown"].startswith("# payments")
    assert [widget["type"] for widget in body["widgets"][1:3]] == ["alarm", "metric"]


def test_an_empty_workload_has_a_body(settings: Callable[..., Settings]) -> None:
    body = _body(settings(workload={}))
    assert not [widget for widget in body["widgets"] if widget["type"] == "alarm"]


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.integers(min_value=1, max_value=COLUMNS), max_size=8), max_size=6))
def test_widgets_never_overlap_and_never_leave_the_grid(rows: list[list[int]]) -> None:
    placed = place_rows([Widget(kind="text", properties={}, width=width) for width in row] for row in rows)
    taken: set[tuple[int, int]] = set()
    for widget in placed:
        assert widget["x"] + widget["width"] <= COLUMNS
        cells = set(_cells(widget))
        assert not cells & taken
        taken |= cells


def _cells(widget: dict[str, Any]) -> Iterator[tuple[int, int]]:
    for x in range(widget["x"], widget["x"] + widget["width"]):
        for y in range(widget["y"], widget["y"] + widget["height"]):
            yield x, y
