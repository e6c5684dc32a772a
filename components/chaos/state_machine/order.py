"""What a state machine is made from: one suite, and the stack whose turn, records and alarms it shares with runners."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.chaos.state_machine.claims import Claimed
from contract.suites import Suite


@dataclass(frozen=True, kw_only=True)
class MachineOrder:
    """`templates` has FIS's id of each experiment's template, `alarms` the names of those that must not ring.

    `bucket` is that of the records' archive, in `account`. `owner` is the tag's value on every experiment of the stack,
    `budget` what experiments may cost in a month, in USD.
    """

    name: str
    stack: str
    suite: Suite
    claimed: Claimed
    templates: Mapping[str, str]
    table: str
    bucket: str
    account: str
    owner: str
    budget: str
    alarms: Sequence[str]
