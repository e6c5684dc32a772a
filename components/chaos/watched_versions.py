"""The versions that runs look at: the workload's service and group, and whatever may be rolled back."""

from components.rollback_settings import RollbackTarget
from components.settings import Settings
from contract.rollback import RollbackTerms, WatchedVersion


def watched_targets(settings: Settings) -> tuple[RollbackTarget, ...]:
    """Everything whose version is read, in the order in which it is told."""
    rollback = settings.chaos.rollback
    asked = rollback.targets if rollback else ()
    own = [version for part in settings.workload.parts().values() if (version := part.version())]
    known = {(target.kind, target.name) for target in asked}
    unasked = (RollbackTarget.unasked(kind, name) for kind, name in own if (kind, name) not in known)
    return (*asked, *unasked)


def watched_versions(settings: Settings) -> tuple[WatchedVersion, ...]:
    """The same as runners need it."""
    rollback = settings.chaos.rollback
    return tuple(
        WatchedVersion(
            kind=target.kind,
            name=target.name,
            parameter=target.parameter,
            rollback=RollbackTerms(compatible=target.compatible, strategy=target.strategy)
            if rollback and target in rollback.targets
            else None,
        )
        for target in watched_targets(settings)
    )
