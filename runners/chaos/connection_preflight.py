"""Why a database's connections must not be taken now: it is not the one, not well, or none would be left. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from runners.chaos.obstacle import Obstacle
from runners.chaos_outputs import Connections


@dataclass(frozen=True, kw_only=True)
class DatabaseSituation:
    """The database whose connections are taken, and the document that takes them. None is "could not be told".

    `limit` is its max_connections, rather too low than too high; `document_sha256` is empty when there is none.
    """

    status: str | None
    host: str | None
    port: int | None
    engine: str | None
    limit: int | None
    document_sha256: str | None


def connection_obstacles(wanted: Connections, seen: DatabaseSituation | None) -> Iterator[Obstacle]:
    """Everything about the database that stands against it; what could not be read refuses."""
    if seen is None or seen.status is None:
        yield Obstacle("database-unknown", f"database {wanted.database} could not be read")
        return
    if seen.status != "available":
        yield Obstacle("database-not-available", f"database {wanted.database} is {seen.status}; it must be available")
    if (seen.host, seen.port) != (wanted.host, wanted.port):
        text = f"{wanted.host}:{wanted.port} is not {wanted.database}, which answers at {seen.host}:{seen.port}"
        yield Obstacle("other-database", text)
    if seen.engine != wanted.engine:
        text = f"database {wanted.database} is {seen.engine or 'of an unknown engine'}, not {wanted.engine}"
        yield Obstacle("other-engine", text)
    yield from _limit(wanted, seen.limit)
    yield from _document(wanted, seen.document_sha256)


def _limit(wanted: Connections, limit: int | None) -> Iterator[Obstacle]:
    if limit is None:
        text = f"max_connections of {wanted.database} could not be told; set it in its parameter group as a number"
        yield Obstacle("limit-unknown", text)
    elif wanted.most + wanted.reserve > limit:
        text = f"{wanted.most} connections and a reserve of {wanted.reserve} are more than the {limit} that"
        yield Obstacle("too-many-connections", f"{text} {wanted.database} is known to have")


def _document(wanted: Connections, seen: str | None) -> Iterator[Obstacle]:
    if seen is None:
        yield Obstacle("document-unknown", f"document {wanted.document} could not be read")
    elif not seen:
        yield Obstacle("document-missing", f"document {wanted.document} does not exist; apply the stack again")
    elif seen != wanted.document_sha256:
        yield Obstacle("document-changed", f"document {wanted.document} is not what was applied; apply it again")
