"""Where commands write: results on stdout, everything else on stderr, colour only on a terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from contract.redaction import SECRETS

if TYPE_CHECKING:
    from rich.console import Console

# Pipes and log files have no width; tables would fold at rich's 80 columns.
_PIPE_WIDTH: Final = 120


@dataclass
class Terminal:
    """The two streams of one command. With `as_json`, stdout carries one JSON document and nothing else."""

    as_json: bool = False

    @cached_property
    def console(self) -> Console:
        """Stdout for people; NO_COLOR and pipes are respected."""
        from rich.console import Console

        width = None if sys.stdout.isatty() or os.environ.get("COLUMNS") else _PIPE_WIDTH
        return Console(highlight=False, width=width)

    def say(self, text: str) -> None:
        """Progress and notes, on stderr and in the log of the run."""
        tell(text)

    def document(self, document: Mapping[str, object]) -> None:
        """The result for machines."""
        # Redacted as data: a secret that looks like JSON must not break it.
        stream = getattr(sys.stdout, "unredacted", sys.stdout)
        print(json.dumps(SECRETS.redacted_data(document), indent=2), file=stream, flush=True)

    def line(self, text: str = "", style: str = "") -> None:
        """One line of the result for people, never folded."""
        from rich.text import Text

        self.console.print(Text(text, style=style), soft_wrap=True)


def tell(text: str) -> None:
    """One text for people."""
    # Late: a command that only helps has nothing to log.
    from runners.cli.terminal_log import shown

    shown().info("%s", text, extra={"told": True})


def fault(text: str) -> None:
    """One line on stderr, led by the command's name; what was folded over lines becomes one."""
    tell(f"ial: {' '.join(text.split())}")
