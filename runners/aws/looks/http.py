"""An address: 1 when the answer is below 500, 0 when it isn't, or when none comes; a redirect tells nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urljoin

from runners.aws.look import Looking, look
from runners.chaos.running.named_requests import named_pool

_TIMEOUT_SECONDS: Final = 5.0


@look("http")
def http(at: Looking, target: str, _hit: Sequence[str]) -> float | None:
    """Whether it serves. A redirect is not followed."""
    import urllib3

    own = "://" not in target
    pool = named_pool(at.host_name if own else None, seconds=_TIMEOUT_SECONDS)
    address = urljoin(at.base(), target) if own else target
    try:
        status = pool.request("GET", address, redirect=False).status
    except urllib3.exceptions.HTTPError:
        return 0.0
    # Whoever redirects has not served the request: the load balancer does that without any target.
    return None if 300 <= status < 400 else float(status < 500)
