from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from local.cloud_processes import CloudProcess, clouds_of, end, started
from local.deployment import local_server, start_with_workload
from local.errors import LocalCloudError
from local.server import LocalServer, Running

_LIMIT = 60.0
# A process that looks like a cloud to whoever lists processes.
_LIKE_A_CLOUD = ["-c", "import sys; sys.stdin.read()", "local.cloud_process"]
_STARTER = """
import sys, time
from pathlib import Path
from local.server import LocalServer

def prepare(running):
    print(running.pid, flush=True)
    time.sleep(100)

LocalServer(Path(sys.argv[1])).start(prepare)
"""


@pytest.mark.cloud
def test_a_second_start_keeps_the_cloud_and_its_workload(cloud: Running, folder: Path) -> None:
    assert start_with_workload(local_server(folder)) == (cloud, False)
    assert cloud.endpoint.client("ecs").describe_clusters(clusters=["shop"])["clusters"][0]["clusterName"] == "shop"
    assert len(cloud.endpoint.client("autoscaling").describe_auto_scaling_instances()["AutoScalingInstances"]) == 2
    assert cloud.endpoint.client("dynamodb").scan(TableName="orders")["Count"] > 0


def test_a_file_of_a_dead_cloud_is_not_believed_and_nobody_elses_process_is_ended(tmp_path: Path) -> None:
    server = LocalServer(tmp_path)
    mine = {"pid": os.getpid(), "port": 1, "instance": "x", "started": started(os.getpid())}
    (tmp_path / "server.json").write_text(json.dumps(mine))
    assert server.status() is None
    assert server.stop() is False
    assert not (tmp_path / "server.json").exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"pid": 1}', '{"pid": 1, "port": 2, "instance": "", "started": "", "x": 0}']
)
def test_what_is_not_a_file_of_a_cloud_means_none_runs(tmp_path: Path, text: str) -> None:
    (tmp_path / "server.json").write_text(text)
    assert LocalServer(tmp_path).status() is None
    assert LocalServer(tmp_path).stop() is False


def _until_gone(pid: int) -> None:
    until = time.monotonic() + _LIMIT
    while started(pid) is not None:
        assert time.monotonic() < until
        time.sleep(0.02)


def _like_a_cloud(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, *_LIKE_A_CLOUD, str(home)], stdin=subprocess.PIPE)


def test_only_the_processes_of_the_folder_are_ended_and_only_those_that_began_then(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    ours, theirs = _like_a_cloud(tmp_path / "b"), _like_a_cloud(tmp_path / "b b")
    with ours, theirs:
        while not (clouds_of(tmp_path / "b") and clouds_of(tmp_path / "b b")):
            time.sleep(0.01)
        assert [found.pid for found in clouds_of(tmp_path / "b")] == [ours.pid]
        end(CloudProcess(theirs.pid, "another time"))
        assert theirs.poll() is None
        assert LocalServer(tmp_path / "b").stop() is True
        ours.wait(_LIMIT)
        assert theirs.poll() is None
        theirs.kill()


@pytest.mark.cloud
def test_a_start_that_is_killed_leaves_no_cloud_and_shows_while_it_lasts(tmp_path: Path) -> None:
    server = LocalServer(tmp_path)
    command = [sys.executable, "-c", _STARTER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path.cwd()) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        assert server.status() is None
        assert server.busy() == f"a start of the local cloud (process {starter.pid})"
        starter.send_signal(signal.SIGKILL)
        starter.wait()
        _until_gone(pid)
    assert server.status() is None
    assert server.busy() is None


@pytest.mark.cloud
def test_a_stop_ends_a_cloud_that_boots_and_its_start_says_so(tmp_path: Path) -> None:
    server, said = LocalServer(tmp_path), list[str]()
    begun, stopped = threading.Event(), threading.Event()

    def prepare(_: Running) -> None:
        begun.set()
        stopped.wait(_LIMIT)

    def start() -> None:
        try:
            server.start(prepare)
        except LocalCloudError as error:
            said.append(str(error))

    def stop() -> None:
        assert LocalServer(tmp_path).stop() is True

    starting, stopping = threading.Thread(target=start), threading.Thread(target=stop)
    starting.start()
    assert begun.wait(_LIMIT)
    [process] = clouds_of(tmp_path)
    stopping.start()
    while process.alive:
        time.sleep(0.02)
    stopped.set()
    starting.join()
    stopping.join()
    assert len(said) == 1
    assert "the local cloud did not start" in said[0]
    assert clouds_of(tmp_path) == []


@pytest.mark.cloud
def test_two_starts_at_once_give_one_cloud(tmp_path: Path) -> None:
    found: list[tuple[Running, bool]] = []
    starts = [
        threading.Thread(target=lambda: found.append(LocalServer(tmp_path).start(lambda _: time.sleep(0.1))))
        for _ in range(2)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert found[0][0] == found[1][0]
    assert sorted(own for _, own in found) == [False, True]
    assert len(clouds_of(tmp_path)) == 1
    assert LocalServer(tmp_path).stop() is True


@pytest.mark.cloud
def test_a_workload_that_does_not_come_up_leaves_no_cloud(tmp_path: Path) -> None:
    def fail(_: Running) -> None:
        raise RuntimeError("no workload")

    with pytest.raises(RuntimeError, match="no workload"):
        LocalServer(tmp_path).start(fail)
    assert clouds_of(tmp_path) == []
    assert LocalServer(tmp_path).status() is None
