"""Holds in Parameter Store, one parameter each: standard parameters are free of charge and hold 4 KB."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from contract.names import ENVIRONMENT_TAG, MANAGED_BY_TAG, MANAGED_BY_US
from runners.aws.session import Clients, calling
from runners.errors import AwsError, InputError
from runners.rollback.hold import Hold

_GONE: Final = "ParameterNotFound"
_THERE: Final = "ParameterAlreadyExists"
_ABOUT: Final = "A version that was rolled back and must not come back; removed by `ial rollback hold --release`."


@dataclass(frozen=True)
class AwsHolds:
    """Those under one path."""

    clients: Clients
    path: str
    environment: str

    def all(self) -> Sequence[Hold]:
        """Every hold.

        Raises:
            AwsError: they could not be read.
            InputError: a parameter holds something else.
        """
        with calling("ssm:GetParametersByPath", self.path):
            pages = self.clients.client("ssm").get_paginator("get_parameters_by_path").paginate(Path=self.path)
            found = [(held["Name"], held["Value"]) for page in pages for held in page["Parameters"]]
        return [_read(name, value) for name, value in sorted(found)]

    def put(self, hold: Hold) -> None:
        """Keeps it.

        Raises:
            AwsError: it could not be written.
        """
        tags = [{"Key": ENVIRONMENT_TAG, "Value": self.environment}, {"Key": MANAGED_BY_TAG, "Value": MANAGED_BY_US}]
        try:
            self._put(hold, Description=_ABOUT, Tags=tags)
        except AwsError as error:
            if error.code != _THERE:
                raise
            # Tags are given at the beginning only.
            self._put(hold, Overwrite=True)

    def release(self, hold: Hold) -> None:
        """Takes it away.

        Raises:
            AwsError: that was refused.
        """
        name = f"{self.path}/{hold.key}"
        try:
            with calling("ssm:DeleteParameter", name):
                self.clients.client("ssm").delete_parameter(Name=name)
        except AwsError as error:
            if error.code != _GONE:
                raise

    def _put(self, hold: Hold, **more: Any) -> None:
        name = f"{self.path}/{hold.key}"
        with calling("ssm:PutParameter", name):
            self.clients.client("ssm").put_parameter(
                Name=name, Value=json.dumps(hold.document(), separators=(",", ":")), Type="String", **more
            )


def _read(name: str, value: str) -> Hold:
    try:
        return Hold.read(json.loads(value))
    except (TypeError, ValueError) as error:
        msg = f"parameter {name} is no hold of a rollback ({error}); look at it, and delete it if nobody needs it"
        raise InputError(msg) from None
