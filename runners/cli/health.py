"""Checks of the machine that `ial` runs on: each says what was found and, if it is not well, what to do."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import Final

from preview.errors import PreviewError
from pricing.errors import PricingError
from pricing.price_book import WARN_AFTER_DAYS, PriceBook
from runners.stack.locations import HOME, PACK

_OLDEST_PYTHON: Final = (3, 11)
_CLI_LIMIT_SECONDS: Final = 10
_KEYS: Final = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI")


class Health(StrEnum):
    """How a check went: a note is about something that not every command needs."""

    OK = "ok"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    check: str
    health: Health
    found: str
    remedy: str = ""


def examine(today: date, environment: Mapping[str, str] = os.environ) -> list[Finding]:
    """Runs all checks; none of them changes anything or asks the network."""
    checks: list[Callable[[], Finding]] = [
        _python,
        _virtual_environment,
        lambda: _prices(today),
        _pack,
        _moto,
        _loopback,
        _pulumi,
        lambda: _login(environment),
        lambda: _credentials(environment),
    ]
    return [check() for check in checks]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < _OLDEST_PYTHON:
        return Finding("Python", Health.BAD, version, "install Python 3.11 or newer, and run `make install` again")
    return Finding("Python", Health.OK, version)


def _virtual_environment() -> Finding:
    if sys.prefix == sys.base_prefix:
        return Finding("virtual environment", Health.NOTE, "none", "run `make install` and use `.venv/bin/ial`")
    return Finding("virtual environment", Health.OK, Path(sys.prefix).name)


def _prices(today: date) -> Finding:
    try:
        prices = PriceBook.load().validate()
    except PricingError as error:
        return Finding("prices", Health.BAD, str(error), "restore the price files")
    oldest = max(price.age_days(today) for price in prices)
    if min(price.age_days(today) for price in prices) < 0:
        return Finding("prices", Health.BAD, f"some are dated after {today}", "check this machine's clock")
    gone = sum(price.last_day < today for price in prices)
    found = f"{len(prices)} prices, the oldest source {oldest} days before {today}, {gone} too old to be used"
    if gone == len(prices):
        return Finding(
            "prices", Health.BAD, found, "run `ial cost refresh-prices --write`: the gate refuses such prices"
        )
    if oldest > WARN_AFTER_DAYS:
        first = min(price.last_day for price in prices if price.last_day >= today)
        remedy = f"run `ial cost refresh-prices --write`; the next prices can be used until {first}"
        return Finding("prices", Health.NOTE, found, remedy)
    return Finding("prices", Health.OK, found)


def _pack() -> Finding:
    from preview.pack import Pack
    from preview.project import Project

    project = Project(
        name="ial",
        stack="doctor",
        directory=HOME,
        main=HOME / "__main__.py",
        interpreter=Path(sys.executable),
        config={},
    )
    try:
        with Pack(PACK, project) as pack:
            analyst = pack.analyst()
            levels = list(analyst.policies.values())
            name = f"{analyst.name} {analyst.version}"
            analyst.close()
    except PreviewError as error:
        return Finding("policy pack", Health.BAD, str(error), "run `make install`, then `ial doctor --debug`")
    mandatory = levels.count("mandatory")
    found = f"{name} starts: {len(levels)} policies, {mandatory} mandatory"
    if not mandatory:
        return Finding("policy pack", Health.BAD, found, "a pack without mandatory policies refuses nothing")
    return Finding("policy pack", Health.OK, found)


def _moto() -> Finding:
    if importlib.util.find_spec("moto") is None or importlib.util.find_spec("flask") is None:
        remedy = "run `make install`, or `pip install 'ial[local]'`: `ial local`, `ial up --engine local`, `ial demo`"
        return Finding("local cloud", Health.NOTE, "moto is not installed", remedy)
    return Finding("local cloud", Health.OK, f"moto {metadata.version('moto')}")


def _loopback() -> Finding:
    try:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            return Finding("loopback", Health.OK, "a port can be opened")
    except OSError as error:
        return Finding(
            "loopback", Health.BAD, f"no port can be opened ({error.strerror})", "allow loopback connections"
        )


def _pulumi() -> Finding:
    command = shutil.which("pulumi")
    if command is None:
        return Finding("Pulumi CLI", Health.NOTE, "not on PATH", "only `--engine pulumi` needs it")
    try:
        answer = subprocess.run(
            [command, "version"], capture_output=True, text=True, timeout=_CLI_LIMIT_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        return Finding("Pulumi CLI", Health.BAD, f"does not run: {type(error).__name__}", "install it again")
    return Finding("Pulumi CLI", Health.OK, answer.stdout.strip())


def _login(environment: Mapping[str, str]) -> Finding:
    home = Path(environment.get("PULUMI_HOME") or Path.home() / ".pulumi")
    named = [name for name in ("PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN") if environment.get(name)]
    if named or (home / "credentials.json").is_file():
        return Finding("Pulumi login", Health.OK, named[0] if named else "logged in")
    return Finding("Pulumi login", Health.NOTE, "none", "run `pulumi login` before `--engine pulumi`")


def _credentials(environment: Mapping[str, str]) -> Finding:
    """Says where credentials are, never what they are."""
    named = [name for name in _KEYS if environment.get(name)]
    if named:
        return Finding("AWS credentials", Health.OK, f"{named[0]} is set")
    file = Path(environment.get("AWS_SHARED_CREDENTIALS_FILE") or Path.home() / ".aws" / "credentials")
    if file.is_file():
        return Finding("AWS credentials", Health.OK, "a credentials file is present")
    remedy = "only `--engine pulumi` and `ial cost refresh-prices` need them"
    return Finding("AWS credentials", Health.NOTE, "none", remedy)
