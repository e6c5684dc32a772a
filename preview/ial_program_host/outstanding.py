"""How a program waits for its own calls. The SDK starts all, and asks at the end, for each that ends, about all others.

Here large programs let the calls under way end from time to time, so that what they hold is free again, and the wait at
the end is for all at once: time and memory grow with the number of resources and not with its square. No clock says
how long a break is, so a slow machine has the same breaks.
"""

from __future__ import annotations

import asyncio
import gc
from collections import deque
from collections.abc import Callable
from typing import Any

import pulumi.resource
from pulumi.runtime import settings, stack, sync_await
from pulumi.runtime.settings import SETTINGS

# Registrations between two breaks. A small program has none.
BETWEEN_BREAKS = 250


def install(loop: asyncio.AbstractEventLoop) -> None:
    """Puts this behaviour in place of the SDK's, for a program that runs in this loop."""
    stack.wait_for_rpcs = wait_for_rpcs
    registering: Any = pulumi.resource
    registering.register_resource = Breaks(registering.register_resource, Errands(loop))
    # What was loaded so far stays: nobody needs to look for garbage in it.
    gc.freeze()


class Errands:
    """What the loop has sent to its worker thread and has not got back, oldest first."""

    def __init__(self, loop: Any) -> None:
        self._send = loop.run_in_executor
        self._away: dict[asyncio.Future[Any], None] = {}
        self._ready = loop._ready = Ready(loop)
        loop.run_in_executor = self._sent

    def _sent(self, *args: Any) -> asyncio.Future[Any]:
        errand: asyncio.Future[Any] = self._send(*args)
        self._away[errand] = None
        errand.add_done_callback(self._away.pop)
        return errand

    async def progress(self) -> bool:
        """Lets the loop do what it can; false when it can do nothing more by itself."""
        await asyncio.sleep(0)
        if self._ready:
            return True
        if not self._away:
            return False
        await asyncio.wait([next(iter(self._away))])
        return True

    def tidy(self) -> None:
        """Takes away what the SDK puts into the loop's queue after each wait within the loop: more each time."""
        while self._ready and self._ready[-1].cancelled():
            self._ready.pop()


class Ready(deque[asyncio.Handle]):
    """What a loop does next. A wait within the loop may do it all, and whoever counted on some finds nothing to do."""

    def __init__(self, loop: Any) -> None:
        super().__init__(loop._ready)
        self._nothing = asyncio.Handle(lambda: None, [], loop)
        self._nothing.cancel()

    def popleft(self) -> asyncio.Handle:
        """The next one."""
        return super().popleft() if self else self._nothing


class Breaks:
    """Registers as the SDK does, and takes a break after so many registrations."""

    def __init__(self, register: Callable[..., Any], errands: Errands) -> None:
        self._register, self._errands = register, errands
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
            ended = sync_await._sync_await(_rest(self._errands))
            self._errands.tidy()
            # Objects of a resource that is done refer to each other. What is still needed is not looked at again.
            gc.collect()
            gc.freeze()
        finally:
            self._resting = False
        # A break in which little ends costs its time for nothing: the next one comes later.
        self._between = BETWEEN_BREAKS if ended else 2 * self._between
        self._left = self._between


async def _rest(errands: Errands) -> bool:
    """Waits until all calls have ended, or those left wait for what the program has yet to register."""
    calls: list[asyncio.Future[Any]] = settings._get_rpc_manager().rpcs  # type: ignore[assignment]
    before = len(calls)
    ending = asyncio.ensure_future(asyncio.wait(calls))
    while not ending.done() and await errands.progress():
        pass
    ending.cancel()
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
