"""Expectations as an experiment's file describes them."""

from __future__ import annotations

from typing import Any

import pytest

from components.chaos.expectation_spec import ExpectationSpec
from components.chaos.experiment_spec import HypothesisSpec
from components.reading import Reader, SettingsError

METRIC = {"name": "opened", "source": "logs", "metric": "CircuitOpened", "atLeast": 1}
REPLACED = {"name": "replaced", "type": "replaced", "atLeast": 1}


@pytest.mark.parametrize("when", ["during", "throughout", "after"])
def test_a_metric_may_be_asked_for_at_any_moment(when: str) -> None:
    assert ExpectationSpec.read(Reader({**METRIC, "when": when}, "e.")).when == when


def test_the_moment_is_the_end_unless_it_is_said() -> None:
    assert ExpectationSpec.read(Reader(REPLACED, "e.")).when == "after"


@pytest.mark.parametrize("when", ["during", "throughout"])
def test_what_cannot_be_looked_at_later_is_refused(when: str) -> None:
    with pytest.raises(SettingsError, match=rf"e.when is \"{when}\"; accepted: after"):
        ExpectationSpec.read(Reader({**REPLACED, "when": when}, "e."))


def test_replaced_is_no_steady_state() -> None:
    given: dict[str, Any] = {"kind": "recovery", "probes": [REPLACED]}
    with pytest.raises(SettingsError, match="probes other than `replaced`, which belongs in `expect`"):
        HypothesisSpec.read(Reader(given, "h."))
    assert HypothesisSpec.read(Reader({"probes": [METRIC], "expect": [REPLACED]}, "h.")).expectations
