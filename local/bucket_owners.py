"""Buckets of others are refused to who says whose they should be: moto does not look.

"If the account ID that you provide does not match the actual owner of the bucket, the request fails with the HTTP
status code 403 Forbidden" (S3 API reference, ExpectedBucketOwner).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from local.endpoint import ACCOUNT
from local.web import Environ, Start, Wsgi

_SAID: Final = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


class BucketOwners:
    """A WSGI application in front of moto, all of whose buckets are of one account."""

    def __init__(self, inner: Wsgi) -> None:
        self._inner = inner

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Serves one request."""
        if environ.get("HTTP_X_AMZ_EXPECTED_BUCKET_OWNER", ACCOUNT) == ACCOUNT:
            return self._inner(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "application/xml")])
        return [_SAID]
