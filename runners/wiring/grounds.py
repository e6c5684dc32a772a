"""On whose ground `ial up` and `ial down` stand: the account that is configured, and the one that was applied to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from contract.names import ACCOUNT_KEY
from contract.outputs import EXPORT
from preview.engines import Engine
from runners.errors import WrongAccountError
from runners.stack.outputs import plain
from runners.wiring.opening import Ground


def ground_to_apply(stack: str, folder: Path, engine: Engine, settings: Sequence[str]) -> Ground:
    """Of the account that the settings name.

    Raises:
        WrongAccountError: the stack is applied to another account, where its resources would be taken for lost.
        InputError: an `aws:` setting is refused.
    """
    ground = Ground.of(stack, folder, engine, overrides=settings)
    there = applied_account(stack, folder, engine)
    if there is not None and ground.account is not None and there != ground.account:
        msg = f"stack {stack} is applied to account {there}, and {ACCOUNT_KEY} is {ground.account}; nothing was done: "
        raise WrongAccountError(msg + "take it down there first, or give the new account a stack of its own")
    return ground


def ground_to_take_down(stack: str, folder: Path, engine: Engine) -> Ground:
    """Of the account that was applied to; of the configured one when an update never came to its end.

    Raises:
        InputError: an `aws:` setting is refused.
    """
    return Ground.of(stack, folder, engine, account=applied_account(stack, folder, engine))


def applied_account(stack: str, folder: Path, engine: Engine) -> str | None:
    """The account in the outputs document, of whatever version it is; None when there is no such document.

    Raises:
        PreviewError: the engine cannot be asked.
    """
    if engine is Engine.PULUMI:
        from runners.stack.pulumi_stack import NoStackError, stack_outputs

        try:
            data = stack_outputs(folder, stack)
        except NoStackError:
            return None
    else:
        from local.errors import LocalCloudError
        from runners.stack.local_cloud import deployed_outputs

        try:
            data = deployed_outputs(folder, stack)
        except LocalCloudError:
            return None
    document = plain(data.get(EXPORT))
    account = document.get("account_id") if isinstance(document, dict) else None
    return str(account) if account else None
