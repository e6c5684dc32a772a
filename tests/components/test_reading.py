from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components.reading import Reader, SettingsError
from components.settings import Settings

KEYS = (
    *("stage", "environment", "owner", "accountId", "workload", "notifyEmails", "runbooks", "containerInsights"),
    *("logRetentionDays", "metricNamespace", "metrics", "thresholds", "alarmInstances", "teamDashboards", "tracing"),
    *("slo", "spendingLimit", "recoveryWindowDays", "backup"),
)
PARTS = ("tables", "buckets", "logGroups", "ecsCluster", "loadBalancer", "targetGroup", "name", "leave", "target")
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(PARTS), inner, max_size=3),
    max_leaves=8,
)


def _read(values: dict[str, Any], *, encoded: bool) -> None:
    message = "accepted"
    try:
        Settings.read(Reader(values, "ial:", encoded=encoded), stack="dev", region="us-east-1")
    except SettingsError as error:
        message = str(error)
    assert "accepted" in message
    assert "\n" not in message


@CALM
@given(st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=4))
def test_any_value_is_settings_or_one_clear_line(values: dict[str, Any]) -> None:
    _read({"owner": "team", "accountId": "1" * 12, **values}, encoded=False)


@CALM
@given(st.dictionaries(st.sampled_from(KEYS), st.text(max_size=30) | ANYTHING.map(json.dumps), max_size=4))
def test_any_text_is_settings_or_one_clear_line(values: dict[str, str]) -> None:
    _read({"owner": "team", "accountId": "1" * 12, **values}, encoded=True)


def test_a_key_that_was_never_read_is_refused_on_close() -> None:
    reader = Reader({"known": 1, "unknown": 2}, "ial:")
    assert reader.whole("known", 0, 9, 5) == 1
    with pytest.raises(SettingsError, match="ial:unknown is not a setting; accepted: known"):
        reader.close()


def test_null_counts_as_absent() -> None:
    reader = Reader({"a": None}, "ial:")
    assert reader.whole("a", 0, 9, 5) == 5
    assert not reader.has("a")
    with contextlib.suppress(SettingsError):
        reader.close()
