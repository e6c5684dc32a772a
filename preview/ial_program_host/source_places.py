"""Where in the program a resource is made: one place, and not the whole stack with the text of each of its lines.

The SDK reads all of it for every resource, which is a fifth of a large program's time, and a preview shows the place.
"""

from __future__ import annotations

import sys
import traceback
from typing import Any

from pulumi.runtime import resource
from pulumi.runtime.proto import source_pb2

# The constructors of `Resource`, of the kind of resource, and of the class that the program calls.
_CONSTRUCTORS = 3


def install() -> None:
    """Puts this behaviour in place of the SDK's."""
    reading: Any = resource
    reading._get_stack_trace = stack_trace


def stack_trace() -> source_pb2.StackTrace:
    """The frame that called the class's constructor, as the SDK finds it; empty where there is none."""
    frame = sys._getframe(1)
    left = _CONSTRUCTORS
    while frame is not None:
        left -= frame.f_code.co_name == "__init__"
        frame = frame.f_back  # type: ignore[assignment]
        if left == 0:
            break
    if frame is None:
        return source_pb2.StackTrace()
    place = traceback.FrameSummary(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name, lookup_line=False)
    position = resource._get_source_position_for_frame(place)
    return source_pb2.StackTrace(frames=[source_pb2.StackFrame(pc=position)])
