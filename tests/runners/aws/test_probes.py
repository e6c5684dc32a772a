"""Looking at a metric: asked for until its period is there, and then not again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from msgspec.structs import replace

from contract.probes import Metric, Probe, Series
from runners.aws.probes import AwsProbes
from runners.aws.session import AwsClients
from runners.errors import AwsError

pytestmark = pytest.mark.cloud
MINUTE = timedelta(minutes=1)


@dataclass
class SetClock:
    """A clock that is set by hand."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def put(watch: Any, name: str, begin: datetime, *values: float) -> None:
    """Values of minutes, one after the other."""
    data = [
        {"MetricName": name, "Timestamp": begin + number * MINUTE, "Value": value}
        for number, value in enumerate(values)
    ]
    watch.put_metric_data(Namespace="test/probes", MetricData=data)


def test_a_zero_is_believed_when_it_will_not_come_any_more(clients: AwsClients) -> None:
    watch = clients.client("cloudwatch")
    begin = datetime.now(UTC).replace(second=0, microsecond=0) - 10 * MINUTE
    clock = SetClock(begin + 3 * MINUTE + timedelta(seconds=50))
    metric = Metric(namespace="test/probes", name="Late", dimensions={}, stat="Sum", period_seconds=60, missing="zero")
    probes = AwsProbes(clients, clock, lambda: "")
    probe = Probe(name="late", type="metric", target="", metric=metric, at_least=None, at_most=1)
    assert probes.look([probe], ()) == [[(begin, 0)]]
    clock.sleep(10)
    assert probes.look([probe], ()) == [[(begin + MINUTE, 0)]]
    # More than two minutes late, and without the period of another look.
    put(watch, "Late", begin + MINUTE, 700)
    clock.sleep(30)
    assert probes.look([probe], ()) == [[(begin + MINUTE, 0), (begin + 2 * MINUTE, 700)]]


def test_a_period_is_asked_for_until_it_is_there(clients: AwsClients) -> None:
    watch = clients.client("cloudwatch")
    begin = datetime.now(UTC).replace(second=0, microsecond=0) - 5 * MINUTE
    clock, asked = SetClock(begin + 4 * MINUTE), list[Any]()

    def note(**seen: Any) -> None:
        asked.append(seen)

    metric = Metric(
        namespace="test/probes", name="Latency", dimensions={}, stat="Sum", period_seconds=60, missing="none"
    )
    probe = Probe(name="latency", type="metric", target="", metric=metric, at_least=None, at_most=1)
    probes = AwsProbes(clients, clock, lambda: "")
    watch.meta.events.register("before-call.cloudwatch.GetMetricData", note)
    try:
        # Nothing is there: of the periods that ended one and two minutes ago that is not known yet.
        assert probes.look([probe], ()) == [[(begin + MINUTE, None)]]
        put(watch, "Latency", begin, 6, 7, 8, 9)
        clock.sleep(20)
        assert probes.look([probe], ()) == [[(begin + MINUTE, None)]]
        clock.sleep(10)
        for _ in range(3):
            assert probes.look([probe], ()) == [[(begin + number * MINUTE, 5 + number) for number in (1, 2, 3)]]
            clock.sleep(10)
        assert len(asked) == 2
        # What has come since then counts too.
        put(watch, "Latency", begin + 2 * MINUTE, 30)
        later = [(2, 7), (3, 38), (4, 9)]
        assert probes.look([probe], ()) == [[(begin + number * MINUTE, value) for number, value in later]]
        assert len(asked) == 3
    finally:
        watch.meta.events.unregister("before-call.cloudwatch.GetMetricData", note)


@pytest.mark.parametrize("status", ["InternalError", "Forbidden", "PartialData"])
@pytest.mark.parametrize("spoiled", ["m0", "m1"])
def test_an_answer_that_is_not_complete_is_no_zero(clients: AwsClients, status: str, spoiled: str) -> None:
    watch, end = clients.client("cloudwatch"), datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
    own = Series(namespace="test/status", name="Balancer", dimensions={})
    metric = Metric(
        namespace="test/status",
        name="Targets",
        dimensions={},
        stat="Sum",
        period_seconds=60,
        missing="zero",
        plus=(own,),
    )
    probe = Probe(name="errors", type="metric", target="", metric=metric, at_least=None, at_most=1)
    other = replace(probe, metric=replace(metric, name="Other", plus=()))

    def spoil(parsed: Any, **_: Any) -> None:
        for result in parsed["MetricDataResults"]:
            result["StatusCode"] = status if result["Id"] == spoiled else "Complete"

    probes = AwsProbes(clients, SetClock(end + 10 * MINUTE), lambda: "")
    watch.meta.events.register("after-call.cloudwatch.GetMetricData", spoil)
    try:
        assert probes.look([probe, other], ()) == [[(end + 9 * MINUTE, None)], [(end + 7 * MINUTE, 0)]]
        with pytest.raises(AwsError, match=f"test/status/(Targets|Balancer): .*{status}"):
            probes.series([probe, other], end, end)
    finally:
        watch.meta.events.unregister("after-call.cloudwatch.GetMetricData", spoil)
    assert probes.series([probe, other], end, end) == [[(end, 0)]] * 2


@pytest.mark.parametrize(
    ("missing", "targets", "balancer", "seen"),
    [
        ("zero", 3, 4, 7),
        ("zero", 3, None, 3),
        ("zero", None, 4, 4),
        # Neither is there: they may still come.
        ("zero", None, None, ()),
        ("none", 3, 4, 7),
        # What is not known of one makes the sum unknown: the other alone would be too little.
        ("none", 3, None, ()),
        ("none", None, 4, ()),
    ],
)
def test_a_sum_is_asked_for_with_one_question(
    clients: AwsClients, missing: Any, targets: float | None, balancer: float | None, seen: Any
) -> None:
    watch, asked = clients.client("cloudwatch"), list[Any]()
    begin = datetime.now(UTC).replace(second=0, microsecond=0) - 5 * MINUTE
    clock, case = SetClock(begin + 2 * MINUTE), f"{missing}-{targets}-{balancer}"
    for name, value in (("Targets", targets), ("Balancer", balancer)):
        if value is not None:
            dimensions = [{"Name": "Case", "Value": case}]
            data: Any = [{"MetricName": name, "Dimensions": dimensions, "Timestamp": begin, "Value": value}]
            watch.put_metric_data(Namespace="test/sum", MetricData=data)
    own = Series(namespace="test/sum", name="Balancer", dimensions={"Case": case})
    metric = Metric(
        namespace="test/sum", name="Targets", dimensions={"Case": case}, stat="Sum", period_seconds=60, missing="none"
    )
    alone = Probe(name="targets", type="metric", target="", metric=metric, at_least=None, at_most=60)
    both = replace(alone, name="errors", metric=replace(metric, plus=(own,), missing=missing))

    def note(**given: Any) -> None:
        asked.append(given)

    probes = AwsProbes(clients, clock, lambda: "")
    watch.meta.events.register("before-call.cloudwatch.GetMetricData", note)
    try:
        looks = [[value for at, value in own if at == begin + MINUTE] for own in probes.look([both, alone], ())]
        assert looks == [[] if seen == () else [seen], [] if targets is None else [targets]]
        assert len(asked) == 1
    finally:
        watch.meta.events.unregister("before-call.cloudwatch.GetMetricData", note)
    nothing = 0 if missing == "zero" else None
    assert probes.series([alone, both], begin, begin + MINUTE) == [
        [(begin, None), (begin + MINUTE, targets)],
        [(begin, nothing), (begin + MINUTE, nothing if seen == () else seen)],
    ]


class Answering(BaseHTTPRequestHandler):
    """Answers with the status that the path says."""

    def do_GET(self) -> None:
        status = int(self.path.strip("/"))
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.mark.parametrize(
    ("status", "seen"), [(200, 1), (301, None), (302, None), (308, None), (404, 1), (500, 0), (503, 0)]
)
def test_a_redirect_tells_nothing(clients: AwsClients, status: int, seen: float | None) -> None:
    now = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
    probe = Probe(name="home", type="http", target=f"/{status}", metric=None, at_least=1, at_most=None)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        probes = AwsProbes(clients, SetClock(now), lambda: f"http://127.0.0.1:{server.server_port}")
        assert probes.look([probe], ()) == [[(now, seen)]]
        server.shutdown()


def live(kind: Any, target: str) -> Probe:
    return Probe(name=kind, type=kind, target=target, metric=None, at_least=1, at_most=None)


@pytest.mark.parametrize(("state", "seen"), [("OK", 1.0), ("ALARM", 0.0), ("INSUFFICIENT_DATA", 0.0)])
def test_an_alarm_is_well_or_not(clients: AwsClients, state: str, seen: float) -> None:
    watch, name = clients.client("cloudwatch"), "seen-by-a-probe"
    watch.put_metric_alarm(
        AlarmName=name,
        Namespace="test/probes",
        MetricName="Latency",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    try:
        watch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="a test")
        probes = AwsProbes(clients, SetClock(datetime.now(UTC)), lambda: "")
        looks = probes.look([live("alarm", name), live("alarm", "nobody")], ())
        assert [[value for _, value in own] for own in looks] == [[seen], [None]]
    finally:
        watch.delete_alarms(AlarmNames=[name])


def test_a_database_is_available_or_not(clients: AwsClients) -> None:
    rds, probes = clients.client("rds"), AwsProbes(clients, SetClock(datetime.now(UTC)), lambda: "")
    asked = [live("database", "shop-db"), live("database", "nobody")]
    assert [[value for _, value in own] for own in probes.look(asked, ())] == [[1.0], [None]]
    rds.stop_db_instance(DBInstanceIdentifier="shop-db")
    try:
        assert [[value for _, value in own] for own in probes.look(asked, ())] == [[0.0], [None]]
    finally:
        rds.start_db_instance(DBInstanceIdentifier="shop-db")


@pytest.mark.parametrize(
    ("states", "seen"),
    [
        (["healthy", "unhealthy", "healthy", "initial"], 0.5),
        (["healthy", "draining"], 1.0),
        (["unhealthy", "draining"], 0.0),
        ([], 0.0),
    ],
)
def test_a_share_is_of_the_targets_that_stay(
    clients: AwsClients, monkeypatch: pytest.MonkeyPatch, states: list[str], seen: float
) -> None:
    balancers = clients.client("elbv2")
    told = {"TargetHealthDescriptions": [{"TargetHealth": {"State": state}} for state in states]}
    monkeypatch.setattr(balancers, "describe_target_health", lambda **_: told)
    probes = AwsProbes(clients, SetClock(datetime.now(UTC)), lambda: "")
    named = balancers.describe_target_groups(Names=["shop-web"])["TargetGroups"][0]["TargetGroupArn"]
    asked = live("target-share", named.rpartition(":")[2])
    assert [[value for _, value in own] for own in probes.look([asked], ())] == [[seen]]


def test_the_share_of_a_group_that_is_there(clients: AwsClients) -> None:
    probes = AwsProbes(clients, SetClock(datetime.now(UTC)), lambda: "")
    asked = [live("target-share", "targetgroup/shop-web/x"), live("target-share", "targetgroup/nobody/x")]
    [[(_, seen)], [(_, nobody)]] = probes.look(asked, ())
    assert seen is not None
    assert 0 <= seen <= 1
    assert nobody is None
