"""The wait at a program's end: the SDK asks again for each call that ends about all that are still under way."""

from __future__ import annotations

import asyncio

from pulumi.runtime import settings, stack
from pulumi.runtime.settings import SETTINGS


async def wait_for_rpcs(await_all_outstanding_tasks: bool = True) -> None:
    """Waits as `pulumi.runtime.stack.wait_for_rpcs` does, but for all at once: linear, not quadratic.

    Raises:
        Exception: what a registration, a call or an output's function raised first.
    """
    manager = settings._get_rpc_manager()
    while True:
        while manager.rpcs:
            await asyncio.sleep(0)
            try:
                await manager.rpcs.pop()
            except Exception as error:
                cause = manager.unhandled_exception
                raise error from (cause.with_traceback(manager.exception_traceback) if cause else None)
        if manager.unhandled_exception is not None:
            raise manager.unhandled_exception.with_traceback(manager.exception_traceback)
        if await_all_outstanding_tasks and await _outputs():
            continue
        if not manager.rpcs:
            return


async def _outputs() -> bool:
    """Waits for the outputs that are under way now; false when there were none."""
    with SETTINGS.lock:
        pending = list(SETTINGS.outputs)
        SETTINGS.outputs.clear()
    if not pending:
        return False
    done, left = await asyncio.wait(pending, return_when=asyncio.FIRST_EXCEPTION)
    for task in done:
        await task
    with SETTINGS.lock:
        SETTINGS.outputs.update(left)
    return True


def install() -> None:
    """Puts this wait in place of the SDK's."""
    stack.wait_for_rpcs = wait_for_rpcs
