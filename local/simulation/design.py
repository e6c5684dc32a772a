"""How the simulated workload is built: what it has to spare, and how its clients and its database calls behave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self


class DesignError(ValueError):
    """A design cannot be read; the message names the key and what is accepted."""


@dataclass(frozen=True, kw_only=True)
class Design:
    """A small web service on instances behind a load balancer, with a database. Times in seconds unless named.

    The same seed gives the same traffic, second by second.
    """

    seed: int = 1
    requests_per_second: float = 60.0
    instances: int = 2
    # What one instance can answer a second; 35 leaves nothing to spare for two instances at 60.
    capacity: float = 100.0
    base_ms: float = 40.0
    database_ms: float = 10.0
    database_timeout_ms: float = 500.0
    # What the database allows, and what each instance's pool takes of it.
    max_connections: int = 100
    pool: int = 10
    retries: bool = True
    circuit_breaker: bool = True
    # Whether users follow when the load balancer's traffic is shifted away from a zone.
    zonal_shift: bool = True
    breaker_opens_after: int = 5
    breaker_tries_again_after: int = 15
    breaker_tries_calls: int = 10
    health_interval: int = 10
    unhealthy_after: int = 2
    healthy_after: int = 3
    replaced_after: int = 30
    # How long the group looks on while the load balancer calls an instance unhealthy, before it ends it.
    ended_after: int = 60
    boot: int = 45

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """The design that a document describes; what it leaves out keeps its default.

        Raises:
            DesignError: a key is unknown, or a value has the wrong type.
        """
        return cls().changed(data)

    def changed(self, data: Mapping[str, Any]) -> Self:
        """This design with other values.

        Raises:
            DesignError: a key is unknown, or a value has the wrong type.
        """
        known: dict[str, type] = {field.name: type(field.default) for field in fields(self)}
        for key, value in data.items():
            if key not in known:
                msg = f"design: unknown key {key!r}; accepted: {', '.join(known)}"
                raise DesignError(msg)
            wanted = known[key]
            fits = type(value) is wanted or (wanted is float and type(value) is int)
            if not fits or (wanted is not bool and value < 0):
                msg = f"design: {key} is {value!r}; accepted: a {wanted.__name__}, not below zero"
                raise DesignError(msg)
        return replace(self, **{key: known[key](value) for key, value in data.items()})
