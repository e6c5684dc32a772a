"""Runs a Pulumi program as the Python language host does. A script of its own: it must not import `preview`.

The program's directory is the working directory and comes first on the search path, so its own packages win over
those installed. One JSON line on standard input says what to run; it is read only after the SDK is loaded, so that
the caller can prepare meanwhile.
"""
# ruff: noqa: E402 (the search path is put right before anything is imported)

from __future__ import annotations

import gc
import sys

# A run is short: a third of its time would go into looking for garbage among half-loaded modules.
gc.disable()

from ial_program_host import late  # type: ignore[import-not-found]

late.install()

from ial_program_host import calls, outstanding, source_places, still_waiting, unknown_answers, unresolved_applies

# A script's own folder comes first on the search path; the program's modules must not be shadowed by ours.
del sys.path[0]

import asyncio
import atexit
import json
import logging
import os
import runpy
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pulumi
import pulumi.runtime
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

# The language host's own code for "the error has been shown already".
SHOWN = 32
# The program needs the value of a data source that has no answer; preview/program.py knows this code.
NEEDS_ANSWER = 33


class QuietEngine:
    """The engine without the SDK's debug messages, of which there are several for every registration."""

    def __init__(self, address: str) -> None:
        self._stub = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))

    def Log(self, request: engine_pb2.LogRequest) -> None:
        """Sends what people should see."""
        if request.severity != engine_pb2.DEBUG:
            self._stub.Log(request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stub, name)


def watched_applies(folder: Path) -> Any:
    """Watches the program's applies."""
    applies = unresolved_applies.Applies(folder)
    applies.start()
    return applies


def tell(texts: list[str], address: str, stream: int) -> None:
    """Sends what no preview can see, on a stream of messages of its own."""
    engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))
    for text in texts:
        engine.Log(engine_pb2.LogRequest(severity=engine_pb2.WARNING, message=text, streamId=stream))


def configure(spec: dict[str, Any], loop: asyncio.AbstractEventLoop) -> None:
    """Points the SDK at the monitor and at the stack's settings."""
    source_places.install()
    outstanding.install(loop)
    calls.serve_callbacks_in(spec["callbacks"])
    if spec["dry_run"]:
        unknown_answers.install(Path(spec["program"]).resolve().parent)
    pulumi.runtime.set_all_config(spec["config"], spec["secret_keys"])
    pulumi.runtime.configure(
        pulumi.runtime.Settings(
            project=spec["project"],
            stack=spec["stack"],
            organization=spec["organization"],
            root_directory=spec["root_directory"],
            # As many as the real engine allows. What is really made is made one after the other.
            parallel=16 if spec["dry_run"] else 1,
            dry_run=spec["dry_run"],
            monitor=calls.LocatedMonitor(spec["monitor"]),
            engine=QuietEngine(spec["monitor"]),
        )
    )


def program_trace(program: Path) -> str:
    """The traceback from the program's first own frame on."""
    frames = traceback.extract_tb(sys.exc_info()[2])
    for index, frame in enumerate(frames):
        if Path(frame.filename).resolve() == program:
            return traceback.format_exc(limit=-(len(frames) - index))
    return traceback.format_exc()


def run(program: Path, loop: asyncio.AbstractEventLoop, waiting: list[str]) -> int:
    """Runs the program to its end and returns the exit code; `waiting` gets what of it had not its turn."""
    asyncio.set_event_loop(loop)
    # One worker sends registrations in the order in which the event loop made them: the same in every run.
    executor = ThreadPoolExecutor(1)
    loop.set_default_executor(executor)
    # Futures that nobody awaits any more are normal when a program fails.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)

    def main() -> None:
        runpy.run_path(str(program), run_name="__main__")

    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(main))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return 1
    except unknown_answers.UnknownDataSourceError as error:
        pulumi.log.error(str(error))
        return NEEDS_ANSWER
    except Exception:
        pulumi.log.error("Program failed with an unhandled exception:\n" + program_trace(program))
        return SHOWN
    finally:
        executor.shutdown(wait=True)
        waiting += still_waiting.tasks_and_timers(loop, program.parent)
        loop.close()
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def main() -> int:
    """Reads what to run, and runs it."""
    spec = json.loads(sys.stdin.readline())
    # The program must find its standard input empty, as it does under the language host.
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    loop = asyncio.new_event_loop()
    configure(spec, loop)
    program = Path(spec["program"]).resolve()
    sys.path.insert(0, str(program.parent))
    sys.argv = [str(program)]
    applies = watched_applies(program.parent) if spec["dry_run"] else None
    waiting: list[str] = []
    code = run(program, loop, waiting)
    # The language host ends as every Python does: after the threads that are no daemons.
    threading._shutdown()  # type: ignore[attr-defined]
    if applies is not None and code == 0:
        unseen = [*applies.unresolved(), *dict.fromkeys([*waiting, *still_waiting.threads(program.parent)])]
        tell(unseen, spec["monitor"], spec["unseen_stream"])
    return code


if __name__ == "__main__":
    code = main()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    # Taking the interpreter apart takes as long as the program's own run.
    os._exit(code)
