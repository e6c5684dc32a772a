"""Bucket policies as far as moto gets them wrong: it denies whatever a statement denies, whatever its condition."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket


def heed_conditions() -> None:
    """Leaves out statements against requests without TLS: a request on loopback is as private as one over TLS."""
    from moto.s3.models import FakeBucket

    plain = FakeBucket.get_permission

    def get_permission(bucket: FakeBucket, action: str, resource: str) -> Any:
        if not bucket.policy:
            return plain(bucket, action, resource)
        policy = json.loads(bucket.policy)
        held = policy["Statement"]
        # IAM's grammar lets one statement stand without a list.
        statements = [held] if isinstance(held, dict) else held
        policy["Statement"] = [statement for statement in statements if not _is_about_tls(statement)]
        judged = copy.copy(bucket)
        judged.policy = json.dumps(policy).encode()
        return plain(judged, action, resource)

    FakeBucket.get_permission = get_permission  # type: ignore[method-assign,assignment]


def _is_about_tls(statement: Mapping[str, Any]) -> bool:
    asked = statement.get("Condition", {}).get("Bool", {})
    return statement.get("Effect") == "Deny" and asked.get("aws:SecureTransport") == "false"
