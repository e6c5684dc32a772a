"""Copies of the configuration: what cannot be had is named, and costs nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from runners.backup.buckets.objects import Objects
from runners.backup.configuration.configuration import LATEST, NEEDED, Gathered, take_copy, verify, verify_latest
from runners.errors import AwsError
from runners.exit_codes import ExitCode
from runners.wiring import configuration_sources
from runners.wiring.configuration_sources import sources
from tests.runners.rehearsal import QuickClock

FILES = {name: b"{}" if name.endswith(".json") else b"name: shop" for name in NEEDED}


@dataclass
class Bucket:
    """The two methods of a bucket that copies need."""

    held: dict[str, bytes] = field(default_factory=dict)

    def put(self, _: str, key: str, body: bytes) -> None:
        self.held[key] = body

    def read(self, _: str, key: str) -> bytes | None:
        return self.held.get(key)


@pytest.fixture
def bucket() -> Bucket:
    return Bucket()


def take(bucket: Bucket, clock: QuickClock, files: Mapping[str, bytes], **gaps: str) -> Any:
    gathered = Gathered(files=files, gaps=gaps)
    return take_copy(cast(Objects, bucket), "copies", lambda: gathered, clock)


def test_a_whole_copy_has_no_gap(bucket: Bucket) -> None:
    copied = take(bucket, QuickClock(), FILES)
    assert (copied.exit_code, copied.document()["gaps"]) == (ExitCode.OK, [])
    assert verify_latest(cast(Objects, bucket), "copies").exit_code is ExitCode.OK


def test_a_gap_is_named_in_the_copy_and_when_it_is_read_back(bucket: Bucket) -> None:
    copied = take(bucket, QuickClock(), FILES, alarms="cloudwatch:DescribeAlarms: denied")
    assert copied.exit_code is ExitCode.REFUSED
    found = verify_latest(cast(Objects, bucket), "copies")
    assert found.exit_code is ExitCode.REFUSED
    assert found.checks[0].detail == "missing: alarms: cloudwatch:DescribeAlarms: denied"
    assert all(check.ok for check in found.checks[1:])


def test_a_copy_from_which_no_stack_can_be_made_hides_no_better_one(bucket: Bucket) -> None:
    clock = QuickClock()
    whole = take(bucket, clock, FILES)
    clock.sleep(60)
    poor = take(bucket, clock, {"alarms.json": b"{}"}, state="the CLI is missing")
    assert json.loads(bucket.held[LATEST])["prefix"] == whole.prefix
    assert verify(cast(Objects, bucket), "copies", poor.prefix).exit_code is ExitCode.REFUSED
    clock.sleep(60)
    better = take(bucket, clock, FILES, alarms="denied")
    assert json.loads(bucket.held[LATEST])["prefix"] == better.prefix


def test_the_first_copy_is_the_newest_whatever_it_lacks(bucket: Bucket) -> None:
    poor = take(bucket, QuickClock(), {"alarms.json": b"{}"}, state="the CLI is missing")
    assert json.loads(bucket.held[LATEST])["prefix"] == poor.prefix


def test_copies_of_before_can_be_read_back(bucket: Bucket) -> None:
    copied = take(bucket, QuickClock(), FILES)
    where = f"{copied.prefix}/manifest.json"
    manifest = json.loads(bucket.held[where])
    del manifest["gaps"]
    bucket.held[where] = json.dumps(manifest).encode()
    assert verify_latest(cast(Objects, bucket), "copies").exit_code is ExitCode.OK


def test_a_source_that_cannot_be_asked_costs_its_own_file_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied() -> bytes:
        raise AwsError("cloudwatch:GetDashboard on x: AccessDenied", operation="cloudwatch:GetDashboard", code="x")

    def broken() -> bytes:
        raise PermissionError(13, "Permission denied")

    def parts(_: Any) -> Iterator[Any]:
        yield "state.json", lambda: b"{}"
        yield "dashboards/x.json", denied
        yield "program/Pulumi.yaml", broken
        yield "alarms.json", lambda: b"{}"

    monkeypatch.setattr(configuration_sources, "_parts", parts)
    found = sources(cast(Any, SimpleNamespace()))()
    assert sorted(found.files) == ["alarms.json", "state.json"]
    assert found.gaps["dashboards/x.json"] == "cloudwatch:GetDashboard on x: AccessDenied"
    assert "Permission denied" in found.gaps["program/Pulumi.yaml"]
