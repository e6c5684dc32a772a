"""How a program waits for its own calls. The SDK starts all, and asks at the end, for each that ends, about all others.

Here large programs let the calls under way end from time to time, so that what they hold is free again, and the wait at
the end is for all at once: time and memory grow with the number of resources and not with its square.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pulumi.resource
from pulumi.runtime import settings, stack, sync_await
from pulumi.runtime.settings import SETTINGS

# Registrations between two breaks. A small program has none.
BETWEEN_BREAKS = 250
# A break ends when nothing ends any more: what is under way may wait for what the program has yet to register.
STILL_SECONDS = 0.2


def install() -> None:
    """Puts this behaviour in place of the SDK's."""
    stack.wait_for_rpcs = wait_for_rpcs
    registering: Any = pulumi.resource
    registering.register_resource = Breaks(registering.register_resource)


class Breaks:
    """Registers as the SDK does, and takes a break after so many registrations."""

    def __init__(self, register: Callable[..., Any]) -> None:
        self._register = register
        self._left = self._between = BETWEEN_BREAKS
        self._resting = False

    def __call__(self, *args: Any, **named: Any) -> None:
        """Registers one resource."""
        self._register(*args, **named)
        self._left -= 1
        if self._left > 0 or self._resting:
            return
        self._resting = True
        try:
            ended = sync_await._sync_await(_rest())
        finally:
            self._resting = False
        # A break in which little ends costs its time for nothing: the next one comes later.
        self._between = BETWEEN_BREAKS if ended else 2 * self._between
        self._left = self._between


async def _rest() -> bool:
    """Waits while calls end; whether any did."""
    calls: list[asyncio.Future[Any]] = settings._get_rpc_manager().rpcs  # type: ignore[assignment]
    before = len(calls)
    while pending := [call for call in calls if not call.done()]:
        done, _ = await asyncio.wait(pending, timeout=STILL_SECONDS)
        if not done:
            break
    # What failed stays: the wait at the end raises it.
    calls[:] = [call for call in calls if not call.done() or call.cancelled() or call.exception()]
    return len(calls) < before


async def wait_for_rpcs(await_all_outstanding_tasks: bool = True) -> None:
    """Waits as `pulumi.runtime.stack.wait_for_rpcs` does, but for all at once.

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
