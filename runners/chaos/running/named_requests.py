"""Requests to a load balancer at its own address, under the name of the service behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from urllib3 import PoolManager


def named_pool(host_name: str | None, *, connections: int = 1, seconds: float) -> PoolManager:
    """Connections that say `host_name` in `Host`, and, over TLS, in SNI, and that a certificate must be made out for.

    Each wait lasts at most the seconds, and nothing is tried again. Without a name, that of the address is used.
    """
    from urllib3 import PoolManager

    if host_name is None:
        return PoolManager(maxsize=connections, retries=False, timeout=seconds)
    named = {"Host": host_name}
    return PoolManager(maxsize=connections, retries=False, timeout=seconds, headers=named, server_hostname=host_name)
