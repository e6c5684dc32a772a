"""An experiment as its file describes it."""

from collections.abc import Callable
from dataclasses import dataclass

from components.chaos.expectation_spec import ExpectationSpec
from components.chaos.fault import Fault
from components.chaos.fault_kinds import FaultOrder, fault_kinds, read_fault
from components.chaos.fault_settings import FaultSettings
from components.chaos.probe_spec import ProbeSpec
from components.observability.signal import all_signals
from components.planned_times import check_schedule
from components.reading import Reader
from components.settings import Settings
from contract.experiments import Category, Load
from contract.probe_types import PROBE_TYPES, ProbeKind
from contract.probes import Hypothesis, HypothesisKind

_KINDS: dict[str, HypothesisKind] = {"sustained": "sustained", "recovery": "recovery"}


@dataclass(frozen=True, kw_only=True)
class TargetSpec:
    """How many may be hit, and what must be left."""

    count: int
    most: int
    most_percent: int
    min_healthy: int

    @classmethod
    def read(cls, reader: Reader) -> "TargetSpec":
        """From `targets`."""
        count = reader.whole("count", 1, 5, 1)
        return cls(
            count=count,
            most=reader.whole("most", 1, 5, count),
            most_percent=reader.whole("mostPercent", 1, 100, 50),
            min_healthy=reader.whole("minHealthy", 0, 1000, 1),
        )


@dataclass(frozen=True, kw_only=True)
class HypothesisSpec:
    """What is expected of the workload."""

    kind: HypothesisKind
    rto_seconds: int
    stability_seconds: int
    probes: tuple[ProbeSpec, ...]
    expectations: tuple[ExpectationSpec, ...]

    @classmethod
    def read(cls, reader: Reader) -> "HypothesisSpec":
        """From `hypothesis`."""
        found = cls(
            kind=reader.choice("kind", _KINDS, "recovery"),
            rto_seconds=reader.whole("rtoSeconds", 1, 24 * 3600, 900),
            stability_seconds=reader.whole("stabilitySeconds", 60, 3600, 120),
            probes=reader.sections("probes", ProbeSpec.read),
            expectations=reader.sections("expect", ExpectationSpec.read),
        )
        if not found.probes:
            raise reader.refuse("probes", "at least one probe")
        if len({probe.name for probe in found.probes}) < len(found.probes):
            raise reader.refuse("probes", "each name once")
        if any(PROBE_TYPES[probe.type].expected_only for probe in found.probes):
            raise reader.refuse(
                "probes",
                f"probes other than `{'`, `'.join(_of(lambda kind: kind.expected_only))}`, which belongs in `expect`",
            )
        return found

    def document(self, settings: Settings) -> Hypothesis:
        """The hypothesis in the stack's outputs."""
        return Hypothesis(
            kind=self.kind,
            probes=tuple(probe.document(settings) for probe in self.probes),
            expectations=tuple(expected.document(settings) for expected in self.expectations),
            rto_seconds=self.rto_seconds,
            stability_seconds=self.stability_seconds,
        )


@dataclass(frozen=True, kw_only=True)
class ExperimentSpec:
    """One experiment. Alarms are named by their signal."""

    name: str
    category: Category
    description: str
    enabled: bool
    schedule: str | None
    fault: FaultSettings
    targets: TargetSpec
    hypothesis: HypothesisSpec
    evidence: tuple[ProbeSpec, ...]
    expected_alarms: tuple[str, ...]
    stop_alarms: tuple[str, ...]
    load: Load | None
    weight: int
    required: bool
    allow_outage: bool
    needs_recovery_point: bool

    @classmethod
    def read(cls, reader: Reader, category: Category) -> "ExperimentSpec":
        """From one entry of `experiments`."""
        names = [signal.name for signal in all_signals()]
        signals = "|".join(names), f"a list of {', '.join(names)}"
        spec = cls(
            name=reader.text("name", r"[a-z][a-z0-9-]{0,39}", "1 to 40 of a-z, 0-9 and `-`"),
            category=category,
            description=reader.text("description", r"[^\n]{1,500}", "one line of text"),
            enabled=reader.flag("enabled", default=True),
            schedule=reader.maybe_text("schedule", r"(cron|rate)\([^()]+\)", "cron(...) or rate(...)"),
            fault=_fault(reader),
            targets=reader.section("targets", TargetSpec.read) or TargetSpec.read(Reader({}, "")),
            hypothesis=_hypothesis(reader),
            evidence=reader.sections("evidence", ProbeSpec.read),
            expected_alarms=reader.texts("expectedAlarms", *signals),
            stop_alarms=reader.texts("stopAlarms", *signals),
            load=reader.section("load", _load),
            weight=reader.whole("weight", 1, 100, 1),
            required=reader.flag("required", default=True),
            allow_outage=reader.flag("allowOutage", default=False),
            needs_recovery_point=reader.flag("needsRecoveryPoint", default=False),
        )
        if spec.schedule is not None:
            check_schedule(reader, "schedule", spec.schedule)
        if not 1 <= len(spec.stop_alarms) <= 5:
            raise reader.refuse("stopAlarms", "one to five alarms that stop it")
        if not spec.evidence:
            raise reader.refuse("evidence", "at least one probe that shows that the fault happened")
        if any(not PROBE_TYPES[probe.type].shows_fault for probe in spec.evidence):
            # The others look when the fault is over, and would show it without it.
            raise reader.refuse("evidence", f"probes of type {' or '.join(_of(lambda kind: kind.shows_fault))}")
        return spec

    def ordered_fault(self, settings: Settings) -> Fault:
        """The fault in the form in which FIS takes it, of the workload's parts.

        Raises:
            SettingsError: the workload's parts can't take it.
        """
        order = FaultOrder(
            experiment=self.name, fault=self.fault, count=self.targets.count, allow_outage=self.allow_outage
        )
        return fault_kinds()[self.fault.kind].make(order, settings)


def _of(asked: Callable[[ProbeKind], bool]) -> list[str]:
    return [name for name, kind in PROBE_TYPES.items() if asked(kind)]


def _load(reader: Reader) -> Load:
    return Load(
        requests_per_second=reader.whole("requestsPerSecond", 1, 500, 10),
        seconds=reader.whole("seconds", 1, 900, 60),
        path=reader.text("path", r"/\S{0,255}", "a path that starts with `/`", "/"),
    )


def _fault(reader: Reader) -> FaultSettings:
    found = reader.section("fault", read_fault)
    if found is None:
        raise reader.refuse("fault", "an object with the fault's kind")
    return found


def _hypothesis(reader: Reader) -> HypothesisSpec:
    found = reader.section("hypothesis", HypothesisSpec.read)
    if found is None:
        raise reader.refuse("hypothesis", "an object with kind and probes")
    return found
