"""The way to the local cloud: boto3 clients that can reach nothing but this machine."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from local.errors import LocalCloudError

if TYPE_CHECKING:
    from boto3.session import Session

ACCOUNT: Final = "123456789012"
REGION: Final = "us-east-1"
_MAKING: Final = threading.Lock()
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class Endpoint:
    """The address of the local cloud, and clients for it with credentials that are worth nothing elsewhere."""

    def __init__(self, url: str) -> None:
        if urlsplit(url).hostname not in _LOOPBACK:
            msg = f"{url} is not on this machine; the local cloud only works on {', '.join(_LOOPBACK)}"
            raise LocalCloudError(msg)
        self.url = url
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """A boto3 client for one service, made once."""
        if service not in self._clients:
            self._clients[service] = self._new_client(service)
        return self._clients[service]

    def _new_client(self, service: str) -> Any:
        from botocore.config import Config

        config = Config(
            proxies={}, s3={"addressing_style": "path"}, retries={"max_attempts": 2}, connect_timeout=5, read_timeout=30
        )
        # A session makes one client after the other.
        with _MAKING:
            return _session().client(service, endpoint_url=self.url, config=config)  # type: ignore[call-overload]

    def environment(self) -> Mapping[str, str]:
        """A child process's variables: at the local cloud, and without anything that leads to another one."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return kept | {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }


@cache
def _session() -> Session:
    """One for all clouds of a process: a session's first client reads botocore's lists of everything, for 0.1 s.

    No profile and no shared files: what the user is logged in to must not be reached from here.
    """
    import boto3
    from botocore.session import Session as Core

    nowhere = {"config_file": os.devnull, "credentials_file": os.devnull, "profile": None}
    return boto3.session.Session(
        aws_access_key_id="local",
        aws_secret_access_key="local",
        region_name=REGION,
        botocore_session=Core(session_vars={name: (None, None, value, None) for name, value in nowhere.items()}),
    )
