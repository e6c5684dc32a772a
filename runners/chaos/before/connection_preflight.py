"""Why a database's connections must not be taken now: it is not the one, not well, or none would be left. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from contract.experiments import Connections
from runners.chaos.before.obstacle import Obstacle, changed_obstacles, unread_obstacle

IN_FORCE: Final = "in-sync"


@dataclass(frozen=True, kw_only=True)
class DatabaseSituation:
    """The database whose connections are taken, and the document that takes them. None is "could not be told".

    `limit` is its max_connections and `parameters` whether its parameter group is in force, as RDS calls it;
    `unfinished_logins` is MySQL's max_connect_errors, after which a host is blocked, and has no meaning elsewhere.
    `document_sha256` is empty when there is none. `unread` says why something is None, by these names.
    """

    status: str | None
    host: str | None
    port: int | None
    engine: str | None
    parameters: str | None
    limit: int | None
    unfinished_logins: int | None
    document_sha256: str | None
    unread: Mapping[str, str] = field(default_factory=dict)


def connection_obstacles(wanted: Connections, instances: int, seen: DatabaseSituation | None) -> Iterator[Obstacle]:
    """Everything about the database that stands against it; what could not be read refuses.

    `instances` share the connections.
    """
    if seen is None or seen.status is None:
        unread = {} if seen is None else seen.unread
        yield unread_obstacle("database-unknown", f"database {wanted.database}", unread, "status")
        return
    if seen.status != "available":
        yield Obstacle("database-not-available", f"database {wanted.database} is {seen.status}; it must be available")
    if (seen.host, seen.port) != (wanted.host, wanted.port):
        text = f"{wanted.host}:{wanted.port} is not {wanted.database}, which answers at {seen.host}:{seen.port}"
        yield Obstacle("other-database", text)
    if seen.engine != wanted.engine:
        text = f"database {wanted.database} is {seen.engine or 'of an unknown engine'}, not {wanted.engine}"
        yield Obstacle("other-engine", text)
    yield from _parameters(wanted, seen)
    yield from _limit(wanted, seen)
    if wanted.engine == "mysql":
        yield from _blocking(wanted, -(-wanted.most // max(1, instances)), seen)
    yield from changed_obstacles(
        "document", wanted.document, seen.document_sha256, wanted.document_sha256, seen.unread, "document_sha256"
    )


def _parameters(wanted: Connections, seen: DatabaseSituation) -> Iterator[Obstacle]:
    """What a parameter group says is not what the database does before it is applied, or restarted."""
    if seen.parameters is None:
        what = f"whether the parameter group of {wanted.database} is in force"
        yield unread_obstacle("parameters-unknown", what, seen.unread, "parameters")
    elif seen.parameters != IN_FORCE:
        shown = "not known" if seen.limit is None else str(seen.limit)
        text = f"the parameter group of {wanted.database} is {seen.parameters}, it must be {IN_FORCE}"
        yield Obstacle(
            "parameters-not-in-force", f"{text}: its max_connections ({shown}) may not hold yet; reboot the database"
        )


def _limit(wanted: Connections, seen: DatabaseSituation) -> Iterator[Obstacle]:
    if seen.limit is None:
        why = seen.unread.get("limit", "it is no number and no formula that is known")
        text = f"max_connections of {wanted.database} could not be told: {why}"
        yield Obstacle("limit-unknown", f"{text}; set it in its parameter group as a number")
    elif wanted.most + wanted.reserve > seen.limit:
        text = f"{wanted.most} connections and a reserve of {wanted.reserve} are more than the {seen.limit} that"
        yield Obstacle("too-many-connections", f"{text} {wanted.database} is known to have")


def _blocking(wanted: Connections, each: int, seen: DatabaseSituation) -> Iterator[Obstacle]:
    """MySQL blocks a host for good after so many logins in a row that were never finished: two runs must fit."""
    if seen.unfinished_logins is None:
        why = seen.unread.get("unfinished_logins", "it is no number")
        text = f"max_connect_errors of {wanted.database} could not be told: {why}"
        yield Obstacle("blocking-unknown", f"{text}; set it in its parameter group as a number")
    elif 2 * each >= seen.unfinished_logins:
        text = f"{each} connections from an instance, twice, are not below max_connect_errors of {wanted.database}"
        yield Obstacle("would-block-hosts", f"{text} ({seen.unfinished_logins}): it would block the instances for good")
