"""Where the commands that look at what a stack keeps get their AWS from."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from contract.names import ACCOUNT_KEY
from runners.errors import InputError
from runners.kept.holders import Holders
from runners.runs.clock import Clock
from runners.wiring.opening import Ground

# The local cloud does in moments what takes AWS minutes.
_LOCAL_PACE: Final = timedelta(milliseconds=50)
_PACE: Final = timedelta(seconds=5)


def holders_of(ground: Ground, clock: Clock) -> Holders:
    """Every kind of what holds data, in a stack's account and region.

    Raises:
        InputError: nobody says which account that is.
        WrongAccountError: whoever signs is of another account.
        AwsError: AWS could not be asked.
    """
    from runners.aws.holders.buckets import BucketHolder
    from runners.aws.holders.log_groups import LogGroupHolder
    from runners.aws.holders.patience import Patience
    from runners.aws.holders.roles import RoleHolder
    from runners.aws.holders.tables import TableHolder
    from runners.aws.holders.vaults import VaultHolder

    if ground.account is None:
        msg = f"Pulumi.{ground.stack}.yaml: {ACCOUNT_KEY} is not set, so nobody knows where the stack's data is"
        raise InputError(msg)
    clients = ground.open()
    patience = Patience(clock, _LOCAL_PACE if ground.endpoint else _PACE)
    return {
        "table": TableHolder(clients, patience),
        "bucket": BucketHolder(clients, patience, ground.account),
        "log group": LogGroupHolder(clients),
        "vault": VaultHolder(clients, patience),
        "role": RoleHolder(clients),
    }
