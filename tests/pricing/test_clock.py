from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pricing.clock import AS_OF, judged_on
from pricing.errors import UsageError


def test_the_day_that_is_named_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(AS_OF, "2020-02-29")
    assert judged_on() == date(2020, 2, 29)


@pytest.mark.parametrize("text", [None, ""])
def test_without_one_it_is_today(monkeypatch: pytest.MonkeyPatch, text: str | None) -> None:
    monkeypatch.delenv(AS_OF, raising=False)
    if text is not None:
        monkeypatch.setenv(AS_OF, text)
    before = datetime.now(UTC).date()
    assert before <= judged_on() <= datetime.now(UTC).date()


def test_what_is_no_day_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(AS_OF, "2021-02-29")
    with pytest.raises(UsageError, match="IAL_AS_OF='2021-02-29' is not a date"):
        judged_on()
