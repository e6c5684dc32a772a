"""The pages say of signals what the signals themselves say."""

from __future__ import annotations

import pkgutil
import re

import pytest

from components.observability import signals
from components.observability.signal import Row, Scene, all_signals, signal
from components.observability.threshold import Thresholds
from components.reading import Reader
from components.workload.workload import Workload
from tests.docs.test_pages import CONFIGURATION, ROOT, text


def test_the_table_of_thresholds_is_what_the_signals_say() -> None:
    table = text(CONFIGURATION).split("| `thresholds` | default |", 1)[1].split("\n\n", 1)[0]
    cells = [re.fullmatch(r"\| `(\w+)` \| ([\d.]+) \| (.*) \|", line) for line in table.splitlines()[2:]]
    rows = [(row[1], float(row[2]), row[3]) for row in cells if row is not None]
    assert rows == [(key.key, key.default, key.meaning) for held in all_signals() for key in held.thresholds]


def test_the_page_names_the_signals_of_alarms() -> None:
    named = text(CONFIGURATION).split("Alarms are named by their signal: ", 1)[1].split(".", 1)[0]
    assert re.findall(r"`([\w-]+)`", named) == [held.name for held in all_signals()]


def test_each_signal_has_a_file_and_a_runbook_of_its_name() -> None:
    names = {held.name for held in all_signals()}
    assert {info.name.replace("_", "-") for info in pkgutil.iter_modules(signals.__path__)} == names
    assert {path.stem for path in (ROOT / "docs/runbooks").glob("*.md")} == {
        *names,
        *("instance", "burn-rate", "pipeline", "score-drop"),
    }


def test_a_signal_is_there_once_and_has_a_place_of_its_own() -> None:
    for name, place in (("errors", 99), ("another", 1)):
        with pytest.raises(ValueError, match=f"signal {name} is there twice, or another has its place {place}"):
            signal(name, place=place, thresholds=(), absent="it is", row=Row.DATA)(lambda _scene: None)


def test_a_signal_is_drawn_where_it_says() -> None:
    for row, draw in ((Row.TRAFFIC, None), (Row.DATA, lambda _scene, _alarms: [])):
        with pytest.raises(ValueError, match=f"signal another draws nothing in row {row}, or something in that of"):
            signal("another", place=99, thresholds=(), absent="it is", row=row, draw=draw)(lambda _scene: None)


def test_what_is_watched_has_the_name_of_its_signal() -> None:
    keys = [key for held in all_signals() for key in held.thresholds]
    parts = {"loadBalancer": "app/a/1", "targetGroup": "targetgroup/a/1", "autoScalingGroup": "a", "database": "a"}
    work = Workload.read(Reader(parts, ""))
    scene = Scene(
        work=work, namespace="a", region="us-east-1", thresholds=Thresholds({key.key: key.highest for key in keys})
    )
    watched = [(held.name, held.watch(scene)) for held in all_signals()]
    assert [name for name, spec in watched if spec is None or spec.signal != name] == []
