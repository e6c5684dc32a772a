"""The terms on which experiments run: who starts them, when, and for how much a month."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from components.machine_settings import MachineSettings
from components.reading import Reader
from components.rollback_settings import RollbackSettings
from contract.experiments import Starter

Mute = Literal["expected", "none"]
# AWS's price list, us-east-1: https://aws.amazon.com/fis/pricing/ (GovCloud asks 0.12).
USD_PER_ACTION_MINUTE: Final = Decimal("0.10")
_STARTERS: Final[dict[str, Starter]] = {"pipeline": "pipeline", "scheduler": "scheduler", "none": "none"}
_MUTES: Final[dict[str, Mute]] = {"expected": "expected", "none": "none"}
_DAY: Final = (r"\d{4}-\d{2}-\d{2}", "a day such as 2026-12-24")
_ZONE: Final = (r"[A-Za-z0-9_+/-]{1,64}", "a time zone such as Europe/Lisbon")
_HOUR: Final = (r"([01]\d|2[0-3]):[0-5]\d", "a time such as 09:00")


@dataclass(frozen=True, kw_only=True)
class Window:
    """Days and hours in which experiments may begin."""

    timezone: str
    days: tuple[str, ...]
    opens: str
    closes: str

    @classmethod
    def read(cls, reader: Reader) -> "Window":
        """From `ial:chaos.window`."""
        window = cls(
            timezone=_zone(reader),
            days=reader.texts("days", "MON|TUE|WED|THU|FRI|SAT|SUN", "a list of MON, TUE, WED, THU, FRI, SAT, SUN"),
            opens=reader.text("opens", *_HOUR),
            closes=reader.text("closes", *_HOUR),
        )
        if not window.days:
            raise reader.refuse("days", "at least one day")
        if window.opens >= window.closes:
            raise reader.refuse("closes", f"a time after {window.opens}")
        return window


@dataclass(frozen=True, kw_only=True)
class Freeze:
    """Days, both included, on which nothing may run."""

    first: str
    last: str

    @classmethod
    def read(cls, reader: Reader) -> "Freeze":
        """From one entry of `ial:chaos.freezes`."""
        freeze = cls(first=reader.text("first", *_DAY), last=reader.text("last", *_DAY))
        if freeze.first > freeze.last:
            raise reader.refuse("last", f"{freeze.first} or later")
        return freeze


@dataclass(frozen=True, kw_only=True)
class ChaosSettings:
    """From `ial:chaos`. `confirm` asks for `--confirm STACK`; without it production asks, others don't.

    `timezone` is that of the experiments' schedules; without it, that of the window. `mute` says whose notifications
    planned runs hold back: those of the alarms that an experiment expects, or nobody's. `environment_tag` is what the
    tag `environment` says of resources of this workload, where they have one: others are not hit. `rollback` is absent
    unless somebody switches it on.
    """

    enabled: bool
    starter: Starter
    timezone: str
    monthly_budget: Decimal
    confirm: bool
    mute: Mute
    environment_tag: str
    window: Window | None
    freezes: tuple[Freeze, ...]
    rollback: RollbackSettings | None
    state_machines: tuple[MachineSettings, ...]

    @classmethod
    def read(cls, reader: Reader, environment: str) -> "ChaosSettings":
        """Reads the section."""
        window = reader.section("window", Window.read)
        found = cls(
            enabled=reader.flag("enabled", default=True),
            starter=reader.choice("starter", _STARTERS, "pipeline"),
            timezone=_zone(reader, window.timezone if window else "UTC"),
            monthly_budget=Decimal(reader.amount("monthlyBudget") or "4.30"),
            confirm=reader.flag("confirm", default=environment.startswith("prod")),
            mute=reader.choice("mute", _MUTES, "none"),
            environment_tag=reader.text(
                "environmentTag", r"[^*?$]{1,256}", "the value of the workload's tag environment", environment
            ),
            window=window,
            freezes=reader.sections("freezes", Freeze.read),
            rollback=reader.section("rollback", RollbackSettings.read),
            state_machines=reader.sections("stateMachines", MachineSettings.read),
        )
        if found.mute == "expected" and found.starter == "none":
            raise reader.refuse("mute", "none where starter is none, as nothing starts at its planned time then")
        if found.starter == "scheduler":
            found._check_scheduler(reader)
        if found.state_machines:
            found._check_machines(reader)
        return found

    def _check_scheduler(self, reader: Reader) -> None:
        """Refuses what only a runner heeds: EventBridge Scheduler starts FIS, and asks nothing and nobody."""
        self._refuse_terms(reader, "where starter is scheduler, which")

    def _check_machines(self, reader: Reader) -> None:
        """Refuses what a state machine does not heed, and a start that does not heed the turn which it takes."""
        names = [machine.suite for machine in self.state_machines]
        if len(set(names)) < len(names):
            raise reader.refuse("stateMachines", "each suite once", names)
        if self.starter == "scheduler":
            raise reader.refuse("starter", "pipeline or none where there are stateMachines: scheduler takes no turns")
        self._refuse_terms(reader, "where there are stateMachines, which")

    def _refuse_terms(self, reader: Reader, where: str) -> None:
        verb = "heed" if where.startswith("where there") else "heeds"
        for key, given in (("window", self.window), ("freezes", self.freezes)):
            if given:
                raise reader.refuse(key, f"none {where} {verb} no such terms; runners do")
        if self.confirm:
            asks = "ask" if verb == "heed" else "asks"
            raise reader.refuse("confirm", f"false {where} {asks} for no confirmation")


def _zone(reader: Reader, default: str = "UTC") -> str:
    name = reader.text("timezone", *_ZONE, default)
    if not _is_zone(name):
        raise reader.refuse("timezone", "a time zone of the IANA list, such as Europe/Lisbon")
    return name


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True
