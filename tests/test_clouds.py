"""Copies of local clouds are clouds of their own."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest

from local.cloud_processes import CloudProcess, clouds_of
from local.deployment import LocalStack, local_server
from local.provisioner import Changes
from local.server import Running
from preview.project import Project
from tests.clouds import Clouds

pytestmark = pytest.mark.cloud


def topics(running: Running) -> list[str]:
    return [topic["TopicArn"] for topic in running.endpoint.client("sns").list_topics()["Topics"]]


def test_what_happens_in_one_is_not_seen_in_another(clouds: Clouds, tmp_path: Path) -> None:
    with clouds.deployed(tmp_path / "one") as one, clouds.deployed(tmp_path / "other") as other:
        there = topics(other)
        assert there
        made = one.endpoint.client("sns").create_topic(Name="own")["TopicArn"]
        assert topics(one) == [*there, made]
        assert topics(other) == there
        with clouds.deployed(tmp_path / "third") as third:
            assert topics(third) == there


def test_the_program_is_applied_to_it(clouds: Clouds, tmp_path: Path) -> None:
    with clouds.deployed(tmp_path):
        stack = LocalStack(Project.load(tmp_path, "dev"))
        assert stack.outputs()
        changes = stack.up().changes
        assert changes.same
        assert changes == Changes(same=changes.same)


def test_each_is_found_by_its_folder_alone_and_ends_with_its_block(clouds: Clouds, tmp_path: Path) -> None:
    names = ("one", "two")
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(clouds.empty(tmp_path / name)) for name in names]
        processes = [CloudProcess(held.pid, held.started) for held in running]
        assert [clouds_of(local_server(tmp_path / name).home) for name in names] == [[held] for held in processes]
        assert topics(running[0]) == []
        local_server(tmp_path / "one").stop()
        assert [held.alive for held in processes] == [False, True]
    assert not any(held.alive for held in processes)


def test_all_end_with_the_tests_that_made_them(tmp_path: Path) -> None:
    own = Clouds(tmp_path)
    with own, own.empty(tmp_path / "one") as running:
        process = CloudProcess(running.pid, running.started)
        own.close()
        until = time.monotonic() + 60
        while process.alive and time.monotonic() < until:
            time.sleep(0.02)
        assert not process.alive
