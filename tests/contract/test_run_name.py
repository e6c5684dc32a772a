"""Names of runs: every moment has one, and every name is of a moment."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.run_name import RUN_NAME
from runners.runs.run_folder import new_run_id, run_began

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)
MOMENTS = st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None), timezones=st.just(UTC))


@given(MOMENTS)
def test_every_moment_has_a_name(moment: datetime) -> None:
    name = new_run_id(moment)
    assert re.fullmatch(RUN_NAME, name)
    assert run_began(name) == moment.replace(microsecond=0)


@given(st.from_regex(RUN_NAME, fullmatch=True))
def test_every_name_is_of_a_moment(name: str) -> None:
    assert f"{run_began(name):%Y%m%d-%H%M%S}" == name[:15]


@pytest.mark.parametrize(
    "name",
    [
        "00000000-000000-0000",
        "20261301-083000-a1b2",
        "20260431-083000-a1b2",
        "20260229-083000-a1b2",
        "20261125-240000-a1b2",
        "20261125-086000-a1b2",
        "20261125-083060-a1b2",
        "20261125-083000-A1B2",
        "20261125-083000-a1b2\n",
        "20261125-0830٠0-a1b2",
    ],
)
def test_what_is_of_no_moment_is_no_name(name: str) -> None:
    assert not re.fullmatch(RUN_NAME, name)


def test_a_day_of_years_of_four_is_one() -> None:
    assert re.fullmatch(RUN_NAME, "20280229-083000-a1b2")
