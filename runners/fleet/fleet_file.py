"""A fleet as a file: which stacks' state machines run together, from where, and how many at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from msgspec import Meta, ValidationError, convert

from contract.names import ACCOUNT, REGION
from contract.parts import Amount, Part
from contract.reading.errors import ReadingError
from contract.reading.files import read_yaml_file
from runners.errors import InputError

# "Active experiments per account and Region: 5": one is left for a person.
# https://docs.aws.amazon.com/fis/latest/userguide/fis-quotas.html
MOST_AT_ONCE: Final = 4
_Account = Annotated[str, Meta(pattern=rf"^{ACCOUNT[0]}\Z")]
_Region = Annotated[str, Meta(pattern=rf"^{REGION[0]}\Z")]
_Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}\Z")]
_Role = Annotated[str, Meta(pattern=r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/\S+\Z")]


class Member(Part, frozen=True, kw_only=True, rename="camel"):
    """One stack. `starter` is the role that starts its state machine, `reader` the one that reads its records."""

    stack: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,100}\Z")]
    environment: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,19}\Z")]
    account: _Account
    region: _Region
    starter: _Role | None = None
    reader: _Role | None = None


class Fleet(Part, frozen=True, kw_only=True, rename="camel"):
    """Stacks that run one suite. `account` is that of the fleet's own state machine.

    `runs_per_month` is how often it is started in a month, all its Regions once, and `limit_usd` what its own state
    machines may cost in that month.
    """

    version: Literal[1]
    name: _Name
    suite: _Name
    account: _Account
    stacks: Annotated[tuple[Member, ...], Meta(min_length=1, max_length=10_000)]
    at_once: Annotated[int, Meta(ge=1, le=MOST_AT_ONCE)] = MOST_AT_ONCE
    runs_per_month: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    limit_usd: Amount | None = None


def read_fleet(path: Path) -> Fleet:
    """The fleet of a file.

    Raises:
        InputError: one line that names the file, the line and what is accepted.
    """
    try:
        document = read_yaml_file(path, "a file of a fleet")
    except ReadingError as error:
        raise InputError(str(error)) from None
    try:
        fleet = convert(document.data, Fleet)
    except ValidationError as error:
        text, _, place = str(error).partition(" - at `$")
        found = place.rstrip("`").lstrip(".")
        msg = f"{path}:{document.file.line(found)}: {found or 'the file'}: {text}; see docs/fleets.md"
        raise InputError(msg) from None
    _check(path, fleet)
    return fleet


def _check(path: Path, fleet: Fleet) -> None:
    if fleet.limit_usd is not None and fleet.runs_per_month is None:
        msg = f"{path}: limitUsd is for a month; say with `runsPerMonth` how often the fleet is started in one"
        raise InputError(msg)
    seen = set[tuple[str, str, str]]()
    for number, member in enumerate(fleet.stacks):
        place = (member.account, member.region, member.environment)
        if place in seen:
            msg = f"{path}: stacks[{number}]: {member.environment} is twice in its account and Region; take one out"
            raise InputError(msg)
        seen.add(place)
        if member.account == fleet.account and member.starter is not None:
            msg = f"{path}: stacks[{number}]: {member.stack} is in the fleet's own account; take `starter` out"
            raise InputError(msg)
        if member.account != fleet.account and member.starter is None:
            msg = (
                f"{path}: stacks[{number}]: {member.stack} is in another account than the fleet and has no `starter`; "
                "name the role ial-ENVIRONMENT-fleet-SUITE that its setting `startedBy` makes"
            )
            raise InputError(msg)
