"""Experiments of a stack that mutes what they expect: its rules on the local cloud, the plan, and a run at any time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.deployment import LocalStack
from local.server import Running
from preview.project import Project
from runners.aws.alarms import AwsAlarms
from runners.aws.session import AwsClients
from runners.errors import AwsError
from runners.runs.clock import SystemClock
from tests.clouds import Clouds
from tests.runners.chaos.conftest import SHIPPED, UNHEALTHY, Deployed
from tests.runners.conftest import ROOT, Ial
from tests.runners.deployed import changed
from tests.runners.test_schemas import valid

pytestmark = pytest.mark.cloud
RULE = "ial-dev-mute-alb-health-check"
SLOW = {"Schedule": {"Expression": "cron(0 10 8,22 * *)", "Duration": "PT57M", "Timezone": "Europe/Lisbon"}}


def configure(folder: Path, chaos: str) -> None:
    """The shipped stack with `ial:chaos`."""
    (folder / "Pulumi.dev.yaml").write_text((ROOT / "Pulumi.dev.yaml").read_text() + f"  ial:chaos: {chaos}\n")


def give_times(folder: Path) -> None:
    """The shipped experiments beside the program, none of them with a rate: Scheduler is given times only."""
    shutil.copytree(ROOT / "experiments", folder / "experiments", dirs_exist_ok=True)
    file = folder / "experiments" / "application.yaml"
    file.write_text(file.read_text().replace("rate(14 days)", "cron(0 10 8,22 * ? *)"))


def restore(folder: Path) -> None:
    """The stack as the fixture made it."""
    shutil.rmtree(folder / "experiments", ignore_errors=True)
    configure(folder, "{mute: expected}")
    LocalStack(Project.load(folder, "dev")).up()


@pytest.fixture(scope="module")
def muting(clouds: Clouds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Running]]:
    folder = tmp_path_factory.mktemp("muting")
    with changed(clouds, folder, lambda _: configure(folder, "{mute: expected}")) as found:
        yield found


@pytest.fixture
def stack(muting: tuple[Path, Running], ial: Ial) -> Deployed:
    return Deployed(*muting, ial)


def test_the_plan_tells_what_is_muted_and_when(stack: Deployed) -> None:
    planned = stack.run("plan", "alb-health-check", "--json")
    document = valid(planned, "chaos-plan")
    mute = document["mute"]
    assert (mute["rule"], mute["alarms"]) == (RULE, ["ial-dev-unhealthy-hosts"])
    assert mute["from"].endswith("-01T10:00:00.000Z")
    assert mute["until"].endswith("-01T10:54:00.000Z")
    said = stack.run("plan", "alb-health-check").out
    assert f"notifications of ial-dev-unhealthy-hosts from {mute['from']} to {mute['until']} (rule {RULE})" in said
    assert valid(stack.run("plan", "network-latency", "--json"), "chaos-plan")["mute"] is None


@pytest.mark.parametrize("days_ago", [0, 30])
def test_a_run_at_any_other_time_says_whom_it_pages(stack: Deployed, days_ago: int) -> None:
    watch = stack.client("cloudwatch")
    held = watch.get_alarm_mute_rule(AlarmMuteRuleName=RULE)
    begins = datetime.now(UTC) - timedelta(days=days_ago, hours=12)
    once = {"Schedule": {"Expression": f"at({begins:%Y-%m-%dT%H:%M})", "Duration": "P1D"}}
    watch.put_alarm_mute_rule(Name=RULE, Rule=once, MuteTargets=held["MuteTargets"])
    ran = stack.run("run", "alb-health-check", "--rehearsal", "design.seed=2", "--json")
    record = valid(ran, "chaos-record")
    assert (ran.code, record["verdict"]) == (0, "passed")
    assert ("warning: not-muted: ial-dev-unhealthy-hosts will page: muted never" in ran.err) is (days_ago > 0)
    assert ("not-muted" in ran.err) is (days_ago > 0)
    watch.put_alarm_mute_rule(Name=RULE, Rule=held["Rule"], MuteTargets=held["MuteTargets"])
    # Alarms go on changing state under a mute, so the alerting is judged as ever.
    assert (record["alerts"]["fired"], record["alerts"]["recall"]) == (["ial-dev-unhealthy-hosts"], 1.0)


def test_a_rule_that_was_taken_away_is_said(stack: Deployed) -> None:
    watch = stack.client("cloudwatch")
    held = watch.get_alarm_mute_rule(AlarmMuteRuleName=RULE)
    watch.delete_alarm_mute_rule(AlarmMuteRuleName=RULE)
    try:
        planned = stack.run("plan", "alb-health-check", "--json")
        document = valid(planned, "chaos-plan")
        assert (planned.code, document["refused"]) == (0, False)
        assert [held["code"] for held in document["obstacles"]] == ["alarm-within-tolerance", "mute-missing"]
        assert document["mute"] == {"rule": RULE, "alarms": None, "from": None, "until": None}
        assert "whose times are not known" in stack.run("plan", "alb-health-check").out
    finally:
        watch.put_alarm_mute_rule(Name=RULE, Rule=held["Rule"], MuteTargets=held["MuteTargets"])


def test_rules_follow_the_configuration(stack: Deployed) -> None:
    folder, watch = stack.folder, stack.client("cloudwatch")
    try:
        give_times(folder)
        configure(folder, "{mute: expected, starter: scheduler, timezone: Europe/Lisbon}")
        LocalStack(Project.load(folder, "dev")).up()
        schedule = watch.get_alarm_mute_rule(AlarmMuteRuleName=RULE)["Rule"]["Schedule"]
        assert schedule == {"Expression": "cron(0 10 1 * *)", "Duration": "PT25M", "Timezone": "Europe/Lisbon"}
        configure(folder, "{mute: none}")
        LocalStack(Project.load(folder, "dev")).up()
        assert watch.list_alarm_mute_rules()["AlarmMuteRuleSummaries"] == []
    finally:
        restore(folder)


def test_a_halt_reaches_what_scheduler_would_start(stack: Deployed) -> None:
    folder, scheduler = stack.folder, stack.client("scheduler")
    names = [f"ial-dev-{name}" for name in SHIPPED]

    def states() -> list[str]:
        return [scheduler.get_schedule(Name=name)["State"] for name in names]

    try:
        give_times(folder)
        configure(folder, "{starter: scheduler}")
        LocalStack(Project.load(folder, "dev")).up()
        assert states() == ["ENABLED"] * 4
        halted = stack.run("halt", "--reason", "enough", "--json")
        assert (halted.code, valid(halted, "chaos-halt")["left"]) == (0, [])
        assert states() == ["DISABLED"] * 4
        assert f"schedule {names[0]} is disabled" in halted.err
        assert stack.run("halt", "--release").code == 0
        assert states() == ["ENABLED"] * 4
        missing = names.pop(1)
        scheduler.delete_schedule(Name=missing)
        halted = stack.run("halt", "--reason", "again", "--json")
        assert halted.code == 7
        [left] = valid(halted, "chaos-halt")["left"]
        assert left.startswith(f"schedule {missing}, which is to be disabled: ")
        assert states() == ["DISABLED"] * 3
    finally:
        stack.run("halt", "--release")
        restore(folder)


def test_rules_are_read_as_they_are(rehearsal: Any, clients: AwsClients) -> None:
    alarms, watch = AwsAlarms(clients, SystemClock()), clients.client("cloudwatch")
    assert alarms.mute_rule("slow") is None
    watch.put_alarm_mute_rule(Name="slow", Rule=SLOW, MuteTargets={"AlarmNames": [UNHEALTHY]})
    try:
        found = alarms.mute_rule("slow")
        assert found is not None
        assert (found.alarms, found.days, found.hours) == ((UNHEALTHY,), frozenset({8, 22}), frozenset({10}))
        assert (found.duration.total_seconds(), found.timezone.key) == (57 * 60, "Europe/Lisbon")
        twofold = {"Schedule": {"Expression": "cron(0 10 8 * TUE)", "Duration": "PT1H"}}
        watch.put_alarm_mute_rule(Name="slow", Rule=twofold)
        with pytest.raises(AwsError, match=r"mute rule slow: .* gives days of the month and of the week"):
            alarms.mute_rule("slow")
    finally:
        watch.delete_alarm_mute_rule(AlarmMuteRuleName="slow")


def test_an_expired_rule_mutes_nothing(rehearsal: Any, clients: AwsClients) -> None:
    watch = clients.client("cloudwatch")
    watch.put_alarm_mute_rule(Name="old", Rule=SLOW, ExpireDate="2020-01-01T00:00:00Z")
    try:
        assert AwsAlarms(clients, SystemClock()).mute_rule("old") is None
    finally:
        watch.delete_alarm_mute_rule(AlarmMuteRuleName="old")


def test_what_aws_does_not_answer_is_an_error() -> None:
    nowhere = AwsClients("us-east-1", endpoint="http://127.0.0.1:9", keys=("local", "local", None), attempts=1)
    with pytest.raises(AwsError, match="cloudwatch:GetAlarmMuteRule on slow"):
        AwsAlarms(nowhere, SystemClock()).mute_rule("slow")
