"""What `ial fleet plan` and `ial fleet report` answer."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from contract.parts import Amount, Part

_Count = Annotated[int, Meta(ge=0)]


class FleetMachine(Part, frozen=True, kw_only=True, rename="camel"):
    """The state machine of a fleet in one Region.

    Attributes:
        name: Its name.
        region: Region.
        accounts: By account, how many stacks.
        at_once: How many of an account run at once.
        transitions: The most state transitions of one execution of it; those of the suites are the stacks'.
        usd: What these cost at list price, in USD; null where their price is not known.
    """

    name: str
    region: str
    accounts: dict[str, _Count]
    at_once: Annotated[int, Meta(ge=1, le=4)]
    transitions: _Count
    usd: Amount | None


class FleetPlan(Part, frozen=True, kw_only=True, rename="camel"):
    """The state machines of a fleet.

    Attributes:
        version: Version of this document.
        fleet: Name of the fleet.
        suite: The suite that each stack runs.
        account: Account of the state machines.
        machines: One for each Region, as a state machine calls no other Region.
        runs_per_month: How often it is started in a month; null: the file does not say.
        month_usd: What all its machines cost in a month at list price, in USD; null: not known.
        limit_usd: What they may cost; null: the file has no limit.
        unknown: Why a price is not known, with its Region.
    """

    version: Literal[1] = 1
    fleet: str
    suite: str
    account: str
    machines: tuple[FleetMachine, ...]
    runs_per_month: _Count | None = None
    month_usd: Amount | None = None
    limit_usd: Amount | None = None
    unknown: tuple[str, ...] = ()


class Shown(Part, frozen=True, kw_only=True, rename="camel"):
    """A share, with Wilson's interval of 95 %.

    Attributes:
        passed: How many passed.
        of: Of how many that say something.
        low: From this share; null without any.
        high: To this share; null without any.
    """

    passed: _Count
    of: _Count
    low: float | None
    high: float | None


class StackSummary(Part, frozen=True, kw_only=True, rename="camel"):
    """What came of the runs of one stack.

    Attributes:
        stack: Stack.
        account: Account.
        region: Region.
        unread: Why its records could not be read; null when they were.
        experiments: How many runs of experiments ended with each verdict.
        drills: How many drills ended with each verdict.
        executions: How many executions of its state machines ended how; nobody judged them.
        unreadable: How many records are of no version that is known.
        last: When the newest run began; null without one.
    """

    stack: str
    account: str
    region: str
    unread: str | None = None
    experiments: dict[str, _Count] = field(default_factory=dict)
    drills: dict[str, _Count] = field(default_factory=dict)
    executions: dict[str, _Count] = field(default_factory=dict)
    unreadable: _Count = 0
    last: str | None = None


class FleetReport(Part, frozen=True, kw_only=True, rename="camel"):
    """What came of the runs of all stacks of a fleet.

    Attributes:
        version: Version of this document.
        fleet: Name of the fleet.
        since: From when on.
        stacks: Each stack, in the file's order.
        experiments: Runs of experiments that say something about a workload, of all stacks that could be read.
        drills: Drills that say something, likewise.
        executions: How many executions of state machines ended how.
        unread: Stacks whose records could not be read.
        silent: Stacks that were read, and have no run since then.
    """

    version: Literal[1] = 1
    fleet: str
    since: str
    stacks: tuple[StackSummary, ...]
    experiments: Shown
    drills: Shown
    executions: dict[str, _Count]
    unread: tuple[str, ...]
    silent: tuple[str, ...]
