from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from local.deployment import local_server, start_with_workload
from local.server import LocalServer, Running


@pytest.mark.cloud
def test_a_second_start_keeps_the_cloud_and_its_workload(cloud: Running, folder: Path) -> None:
    assert start_with_workload(local_server(folder)) == (cloud, False)
    assert cloud.endpoint.client("ecs").describe_clusters(clusters=["shop"])["clusters"][0]["clusterName"] == "shop"
    assert len(cloud.endpoint.client("autoscaling").describe_auto_scaling_instances()["AutoScalingInstances"]) == 2
    assert cloud.endpoint.client("dynamodb").scan(TableName="orders")["Count"] > 0


def test_a_file_of_a_dead_cloud_is_not_believed_and_nobody_elses_process_is_ended(tmp_path: Path) -> None:
    server = LocalServer(tmp_path)
    (tmp_path / "server.json").write_text(json.dumps({"pid": os.getpid(), "port": 1, "instance": "x"}))
    assert server.status() is None
    assert server.stop() is False
    assert not (tmp_path / "server.json").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"pid": 1}', '{"pid": 1, "port": 2, "instance": "", "x": 0}'])
def test_what_is_not_a_file_of_a_cloud_means_none_runs(tmp_path: Path, text: str) -> None:
    (tmp_path / "server.json").write_text(text)
    assert LocalServer(tmp_path).status() is None
    assert LocalServer(tmp_path).stop() is False
