"""A probe as an experiment's file describes it, and what it looks at in a given workload."""

from dataclasses import dataclass

from msgspec.structs import asdict

from components.chaos.probe_source import SeriesSpec
from components.reading import Reader
from components.settings import Settings
from contract.probe_types import PROBE_TYPES, ProbeType
from contract.probes import Metric, Probe

_TYPES: dict[str, ProbeType] = {kind: kind for kind in PROBE_TYPES}
_ADDABLE = ("Sum", "SampleCount")


@dataclass(frozen=True, kw_only=True)
class ProbeSpec:
    """One probe. What it sees of several series is their sum; probes that look at no metric have none."""

    name: str
    type: ProbeType
    target: str | None
    series: tuple[SeriesSpec, ...]
    stat: str
    period_seconds: int
    zero_when_missing: bool
    at_least: float | None
    at_most: float | None

    @classmethod
    def read(cls, reader: Reader) -> "ProbeSpec":
        """From one entry of `probes` or `evidence`."""
        limits = [key for key in ("atLeast", "atMost") if reader.has(key)]
        kind = reader.choice("type", _TYPES, "metric")
        probe = cls(
            name=reader.text("name", r"[\w .-]{1,64}", "a name of 1 to 64 characters"),
            type=kind,
            target=reader.maybe_text("target", r"\S{1,256}", "a name without spaces"),
            series=(SeriesSpec.read(reader), *reader.sections("plus", SeriesSpec.read)) if kind == "metric" else (),
            stat=reader.text(
                "stat", r"Sum|Average|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d+)?", "Sum, p99, ...", "Sum"
            ),
            period_seconds=reader.whole("periodSeconds", 60, 3600, 60),
            zero_when_missing=reader.choice("missing", {"zero": True, "none": False}, default=False),
            at_least=reader.number("atLeast", -1e12, 1e12, 0) if "atLeast" in limits else None,
            at_most=reader.number("atMost", -1e12, 1e12, 0) if "atMost" in limits else None,
        )
        if not limits:
            raise reader.refuse("name", "a probe with atLeast or atMost")
        if len(probe.series) > 1 and probe.stat not in _ADDABLE:
            raise reader.refuse("stat", f"{' or '.join(_ADDABLE)} beside plus: other statistics have no sum")
        return probe

    def lacks(self, settings: Settings) -> str | None:
        """The part of the workload that the probe needs and the stack does not have; None when all is there."""
        own = PROBE_TYPES[self.type].needs
        needed = [series.needs for series in self.series] if self.series else [own]
        return settings.workload.missing(part for part in needed if part is not None)

    def document(self, settings: Settings) -> Probe:
        """The probe in the stack's outputs."""
        return Probe(
            name=self.name,
            type=self.type,
            target=self._target(settings),
            metric=self._metric(settings),
            at_least=self.at_least,
            at_most=self.at_most,
        )

    def _target(self, settings: Settings) -> str:
        kind, named = PROBE_TYPES[self.type], self.target or ""
        if kind.of_stack:
            return settings.place.name(named)
        held = settings.workload.held()
        own = "/".join(str(held[part] or "") for part in kind.parts) or kind.otherwise
        return (kind.named and named) or own

    def _metric(self, settings: Settings) -> Metric | None:
        if not self.series:
            return None
        first, *others = (series.document(settings) for series in self.series)
        return Metric(
            **asdict(first),
            plus=tuple(others),
            stat=self.stat,
            period_seconds=self.period_seconds,
            missing="zero" if self.zero_when_missing else "none",
        )
