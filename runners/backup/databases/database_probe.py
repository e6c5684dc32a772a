"""Asks a restored database with a command of the user's: what proves that it answers is known to them alone."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from typing import Final

from preview.child_process import with_parent
from runners.errors import InputError

_LONGEST: Final = 120
_MOST_SHOWN: Final = 200


@dataclass(frozen=True)
class CommandProbe:
    """A command line, run without a shell; exit code 0 is an answer, and its first line is shown.

    It finds the database in PGHOST and PGPORT, MYSQL_HOST and MYSQL_TCP_PORT, DATABASE_HOST and DATABASE_PORT.
    """

    command: str

    def ask(self, host: str, port: int) -> tuple[bool, str]:
        """Whether the command answered, and the first line of what it said.

        Raises:
            InputError: the command line cannot be read, or there is no such command.
        """
        where = {
            **{name: host for name in ("PGHOST", "MYSQL_HOST", "DATABASE_HOST")},
            **{name: str(port) for name in ("PGPORT", "MYSQL_TCP_PORT", "DATABASE_PORT")},
        }
        try:
            words = shlex.split(self.command)
            if shutil.which(words[0]) is None:
                raise FileNotFoundError(2, "no such command")
            done = subprocess.run(
                with_parent(words),
                env={**os.environ, **where},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_LONGEST,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False, f"no answer within {_LONGEST} s"
        except (OSError, ValueError, IndexError) as error:
            msg = f"--probe {self.command!r} cannot be run: {error}; give a command with its arguments"
            raise InputError(msg) from error
        said = (done.stdout if done.returncode == 0 else done.stderr or done.stdout).strip().splitlines()
        return done.returncode == 0, (said[0] if said else f"exit code {done.returncode}")[:_MOST_SHOWN]
