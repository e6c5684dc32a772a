"""In which subnets this process runs, as far as the machine knows: on EC2 and in ECS tasks, and nowhere else."""

from __future__ import annotations

import ipaddress
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import urllib3

_TASK: Final = "ECS_CONTAINER_METADATA_URI_V4"
_NO_INSTANCE: Final = "AWS_EC2_METADATA_DISABLED"
_INSTANCE: Final = "http://169.254.169.254"
_NETWORKS: Final = "/latest/meta-data/network/interfaces/macs/"
_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Whereabouts:
    """The ids of the subnets, or where only those are known, their ranges of addresses."""

    subnets: frozenset[str] = frozenset()
    ranges: frozenset[str] = frozenset()

    def inside(self, subnets: Mapping[str, str]) -> bool:
        """Whether one of the subnets, each with its range, is one of these. Equal ranges count: better too careful."""
        mine = {ipaddress.ip_network(held) for held in self.ranges}
        return bool(self.subnets & subnets.keys()) or any(ipaddress.ip_network(r) in mine for r in subnets.values())


def whereabouts(environment: Mapping[str, str] = os.environ, instance: str = _INSTANCE) -> Whereabouts | None:
    """Where this process is; None when nothing can tell."""
    task = environment.get(_TASK)
    try:
        if task:
            return _of_task(json.loads(_read(task)))
        if environment.get(_NO_INSTANCE, "").lower() == "true":
            return None
        return _of_instance(instance)
    except (urllib3.exceptions.HTTPError, ValueError, KeyError, TypeError):
        return None


def _of_task(container: Mapping[str, Any]) -> Whereabouts | None:
    networks = container.get("Networks") or []
    ranges = frozenset(held["IPv4SubnetCIDRBlock"] for held in networks if held.get("IPv4SubnetCIDRBlock"))
    return Whereabouts(ranges=ranges) if ranges else None


def _of_instance(address: str) -> Whereabouts | None:
    token = _read(f"{address}/latest/api/token", "PUT", {"X-aws-ec2-metadata-token-ttl-seconds": "60"})
    with_token = {"X-aws-ec2-metadata-token": token}
    cards = _read(address + _NETWORKS, headers=with_token).split()
    found = frozenset(
        _read(f"{address}{_NETWORKS}{card.strip('/')}/subnet-id", headers=with_token).strip() for card in cards
    )
    return Whereabouts(subnets=found) if found else None


def _read(url: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> str:
    # Without a proxy: the answer is this machine's own.
    pool = urllib3.PoolManager(retries=False, timeout=_SECONDS)
    answer = pool.request(method, url, headers=headers)
    if answer.status != 200:
        msg = f"{url} answers {answer.status}"
        raise ValueError(msg)
    return answer.data.decode()
