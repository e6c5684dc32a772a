"""The cloud's time out of answers: over HTTP, from a clock that is right and from clocks that are not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from local.server import Running
from runners.aws.answer_dates import AnswerDates
from runners.aws.injection import AwsInjection
from runners.aws.session import AwsClients
from runners.chaos.before.preflight import CLOCKS_APART
from runners.chaos.running.rehearsal import RehearsalClock, begin_rehearsal, end_rehearsal
from runners.errors import AwsError
from runners.runs.clock import SystemClock
from tests.runners.aws.test_session import _Raw

pytestmark = pytest.mark.cloud


class ShiftedClock(SystemClock):
    """This machine's clock, set wrongly."""

    def __init__(self, **by: float) -> None:
        self._by = timedelta(**by)

    def now(self) -> datetime:
        return super().now() + self._by


@pytest.fixture
def fresh(cloud: Running) -> AwsClients:
    return AwsClients("us-east-1", endpoint=cloud.endpoint.url, keys=("local", "local", None), attempts=1)


@pytest.mark.parametrize(
    ("by", "off"), [({}, False), ({"seconds": 3}, False), ({"seconds": -10}, True), ({"minutes": 4}, True)]
)
def test_a_clock_that_is_off_is_seen_in_an_answer(fresh: AwsClients, by: dict[str, float], off: bool) -> None:
    dates = AnswerDates(fresh, ShiftedClock(**by))
    AwsInjection(fresh).lever()
    found = dates.compared()
    assert (found.apart > CLOCKS_APART) == off
    assert abs(found.cloud - datetime.now(UTC)) < timedelta(seconds=30)


def answer(fresh: AwsClients, status: int, headers: dict[str, str]) -> None:
    def told(request: Any, **_: Any) -> AWSResponse:
        body = b'{"__type": "ExpiredTokenException", "message": "it is over"}'
        return AWSResponse(request.url, status, HTTPHeaders.from_dict(headers), _Raw(body))

    fresh.client("fis").meta.events.register("before-send.fis", told, unique_id="told")
    with pytest.raises(AwsError, match="ExpiredTokenException"):
        AwsInjection(fresh).lever()
    fresh.client("fis").meta.events.unregister("before-send.fis", unique_id="told")


def test_a_refusal_has_a_time_too(fresh: AwsClients) -> None:
    dates = AnswerDates(fresh, SystemClock())
    answer(fresh, 403, {"date": "Wed, 25 Nov 2020 09:00:00 GMT"})
    assert dates.compared().cloud == datetime(2020, 11, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize("headers", [{}, {"Date": "soon"}, {"Date": "Wed, 99 Nov 2020 09:00:00 GMT"}])
def test_a_time_that_cannot_be_read_is_not_the_one_before(fresh: AwsClients, headers: dict[str, str]) -> None:
    dates = AnswerDates(fresh, SystemClock())
    AwsInjection(fresh).lever()
    answer(fresh, 403, headers)
    with pytest.raises(AwsError, match="the time at AWS is not known: its Date is '"):
        dates.compared()


def test_without_an_answer_there_is_no_time(fresh: AwsClients) -> None:
    with pytest.raises(AwsError, match="the time at AWS is not known: there was no answer"):
        AnswerDates(fresh, SystemClock()).compared()


def test_in_a_rehearsal_the_clock_is_the_clouds_own(cloud: Running) -> None:
    begin_rehearsal(cloud.endpoint.url, [], "ial/dev")
    try:
        clock = RehearsalClock(cloud.endpoint.url)
        clock.sleep(6 * 3600)
        found = clock.compared()
        assert found.apart == timedelta(0)
        assert found.cloud == clock.now() > datetime.now(UTC) + timedelta(hours=5)
    finally:
        end_rehearsal(cloud.endpoint.url)
