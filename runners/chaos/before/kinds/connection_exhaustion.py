"""Why a database's connections must not be taken now: it is not the one, not well, or none would be left. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from contract.experiments import Connections, Experiment
from runners.chaos.before.changed import Changed
from runners.chaos.before.fault_kinds import judges
from runners.chaos.before.reasons import ChaosReason
from runners.chaos.before.situation import DatabaseSituation, TargetSituation
from runners.runs.reason import Obstacle

IN_FORCE: Final = "in-sync"
_DOCUMENT: Final = Changed(
    unknown=ChaosReason.DOCUMENT_UNKNOWN, missing=ChaosReason.DOCUMENT_MISSING, changed=ChaosReason.DOCUMENT_CHANGED
)


@judges("connection-exhaustion", "connections")
def own_obstacles(experiment: Experiment, targets: TargetSituation) -> Iterator[Obstacle]:
    """What the database and the document that takes its connections have against it."""
    reach = experiment.blast_radius
    if reach.connections is None:
        yield ChaosReason.KIND_UNKNOWN.against(kind=experiment.kind, part="no database is named")
    else:
        yield from connection_obstacles(reach.connections, reach.wanted, targets.database)


def connection_obstacles(wanted: Connections, instances: int, seen: DatabaseSituation | None) -> Iterator[Obstacle]:
    """Everything about the database that stands against it; what could not be read refuses.

    `instances` share the connections.
    """
    database = wanted.database
    if seen is None or seen.status is None:
        why = None if seen is None else seen.unread.get("status")
        yield ChaosReason.DATABASE_UNKNOWN.unread(why, database=database)
        return
    if seen.status != "available":
        yield ChaosReason.DATABASE_NOT_AVAILABLE.against(database=database, status=seen.status)
    if (seen.host, seen.port) != (wanted.host, wanted.port):
        told = {"wanted": f"{wanted.host}:{wanted.port}", "seen": f"{seen.host}:{seen.port}"}
        yield ChaosReason.OTHER_DATABASE.against(database=database, **told)
    if seen.engine != wanted.engine:
        engine = seen.engine or "of an unknown engine"
        yield ChaosReason.OTHER_ENGINE.against(database=database, engine=engine, wanted=wanted.engine)
    yield from _parameters(wanted, seen)
    yield from _limit(wanted, seen)
    if wanted.engine == "mysql":
        yield from _blocking(wanted, -(-wanted.most // max(1, instances)), seen)
    why = seen.unread.get("document_sha256")
    yield from _DOCUMENT.obstacles(wanted.document, seen.document_sha256, wanted.document_sha256, why)


def _parameters(wanted: Connections, seen: DatabaseSituation) -> Iterator[Obstacle]:
    """What a parameter group says is not what the database does before it is applied, or restarted."""
    if seen.parameters is None:
        why = seen.unread.get("parameters")
        yield ChaosReason.PARAMETERS_UNKNOWN.unread(why, database=wanted.database)
    elif seen.parameters != IN_FORCE:
        shown = "not known" if seen.limit is None else seen.limit
        yield ChaosReason.PARAMETERS_NOT_IN_FORCE.against(
            database=wanted.database, state=seen.parameters, wanted=IN_FORCE, limit=shown
        )


def _limit(wanted: Connections, seen: DatabaseSituation) -> Iterator[Obstacle]:
    if seen.limit is None:
        why = seen.unread.get("limit", "it is no number and no formula that is known")
        yield ChaosReason.LIMIT_UNKNOWN.against(database=wanted.database, why=why)
    elif wanted.most + wanted.reserve > seen.limit:
        yield ChaosReason.TOO_MANY_CONNECTIONS.against(
            most=wanted.most, reserve=wanted.reserve, limit=seen.limit, database=wanted.database
        )


def _blocking(wanted: Connections, each: int, seen: DatabaseSituation) -> Iterator[Obstacle]:
    """MySQL blocks a host for good after so many logins in a row that were never finished: two runs must fit."""
    if seen.unfinished_logins is None:
        why = seen.unread.get("unfinished_logins", "it is no number")
        yield ChaosReason.BLOCKING_UNKNOWN.against(database=wanted.database, why=why)
    elif 2 * each >= seen.unfinished_logins:
        limit = seen.unfinished_logins
        yield ChaosReason.WOULD_BLOCK_HOSTS.against(each=each, database=wanted.database, limit=limit)
