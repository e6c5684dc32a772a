"""Where the commands that look at what a stack keeps get their AWS from."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Final

from preview.engines import Engine
from preview.project import Project
from runners.clock import Clock
from runners.errors import InputError
from runners.kept.holders import Holders

# The local cloud does in moments what takes AWS minutes.
_LOCAL_PACE: Final = timedelta(milliseconds=50)
_PACE: Final = timedelta(seconds=5)


def holders_of(engine: Engine, folder: Path, project: Project, clock: Clock) -> Holders:
    """Every kind of what holds data, in the account and region of a stack's settings.

    Raises:
        InputError: the settings name no account or no region.
        LocalCloudError: the local cloud does not run.
    """
    from runners.aws.holders.buckets import BucketHolder
    from runners.aws.holders.log_groups import LogGroupHolder
    from runners.aws.holders.patience import Patience
    from runners.aws.holders.roles import RoleHolder
    from runners.aws.holders.tables import TableHolder
    from runners.aws.holders.vaults import VaultHolder
    from runners.aws.session import AwsClients

    endpoint = None
    if engine is Engine.LOCAL:
        from runners.local_cloud import require_running

        endpoint = require_running(folder)
    keys = ("local", "local", None) if endpoint else None
    clients = AwsClients(_setting(project, "aws:region"), endpoint=endpoint, keys=keys)
    patience = Patience(clock, _LOCAL_PACE if endpoint else _PACE)
    return {
        "table": TableHolder(clients, patience),
        "bucket": BucketHolder(clients, patience, _setting(project, "ial:accountId")),
        "log group": LogGroupHolder(clients),
        "vault": VaultHolder(clients, patience),
        "role": RoleHolder(clients),
    }


def _setting(project: Project, key: str) -> str:
    value = project.config.get(key)
    if not value:
        msg = f"Pulumi.{project.stack}.yaml: {key} is not set, so nobody knows where the stack's data is"
        raise InputError(msg)
    return value
