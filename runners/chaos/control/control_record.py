"""The record of a control run, from its journal alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import ValidationError, convert

from contract.control_record import (
    ControlAlerts,
    ControlChange,
    ControlCost,
    ControlDocument,
    ControlProbe,
    ControlSample,
    ControlSteady,
    ControlTimes,
    ControlVerdict,
)
from contract.parts import plain
from contract.probes import Probe
from runners.chaos.control.judging import fired, gaps, steady, unexpected
from runners.chaos.control.lines import LOOK, TYPE, WATCHED, WATCHING
from runners.chaos.control.watched_probes import WatchedProbe
from runners.chaos.evidence.probing import is_metric, tolerance_of
from runners.chaos.judging.alert_accuracy import StateChange
from runners.chaos.judging.hypothesis import Sample
from runners.errors import JournalError
from runners.exit_codes import ExitCode
from runners.runs.clock import parse_rfc3339, rfc3339
from runners.runs.journal import Entry
from runners.runs.outcome import RunRecord, cleaned_in, exit_code
from runners.runs.steps import ENDED, FAULT, REFUSED, STARTED


@dataclass(frozen=True, kw_only=True)
class ControlRecord(RunRecord):
    """One control run."""

    run: str
    stack: str
    operator: str
    minutes: int
    verdict: ControlVerdict
    reasons: tuple[str, ...]
    times: ControlTimes
    steady: ControlSteady | None
    alerts: ControlAlerts | None

    @property
    def exit_code(self) -> ExitCode:
        """What the shell is told."""
        return exit_code(self.verdict, confirmed=self.cleaned)

    def document(self) -> dict[str, Any]:
        """The record as it is stored, and printed by `--json`."""
        document = ControlDocument(
            run=self.run,
            stack=self.stack,
            operator=self.operator,
            minutes=self.minutes,
            verdict=self.verdict,
            reasons=self.reasons,
            exit_code=int(self.exit_code),
            times=self.times,
            steady=self.steady,
            alerts=self.alerts,
            cost=ControlCost(usd="0"),
            cleaned=self.cleaned,
            left=self.left,
        )
        return plain(document)


def control_record(entries: Sequence[Entry]) -> ControlRecord:
    """The record that a journal tells, of a run that ended or not.

    Raises:
        JournalError: the journal does not begin as one of a control run does.
    """
    begun = begun_in(entries)
    last = {entry.step: entry for entry in entries}
    watching, watched = last.get(WATCHING), last.get(WATCHED)
    samples = _samples(entries, begun, watched)
    seen = None if watching is None else _steady(samples, begun)
    alerts = None if watched is None or watching is None else _alerts(samples, begun, watching, watched)
    verdict, reasons = _verdict(entries, last, seen, alerts)
    record = ControlRecord(
        run=begun["run"],
        stack=begun["stack"],
        operator=begun["operator"],
        minutes=begun["minutes"],
        verdict=verdict,
        reasons=reasons,
        times=ControlTimes(
            planned=entries[0].at,
            began=None if watching is None else watching.data["began"],
            ended=None if watched is None else watched.data["ended"],
        ),
        steady=seen,
        alerts=alerts,
    )
    return cleaned_in(record, entries)


def begun_in(entries: Sequence[Entry]) -> Mapping[str, Any]:
    """The first line of a control run.

    Raises:
        JournalError: it is none.
    """
    if not entries or entries[0].step != STARTED or entries[0].data.get("type") != TYPE:
        msg = "this journal is not that of a control run"
        raise JournalError(msg)
    return entries[0].data


def probes_of(begun: Mapping[str, Any]) -> tuple[WatchedProbe, ...]:
    """What it looks at.

    Raises:
        JournalError: the probes are those of another version.
    """
    try:
        return tuple(
            WatchedProbe(probe=convert(held["probe"], Probe), experiments=tuple(held["experiments"]))
            for held in begun["probes"]
        )
    except ValidationError as error:
        msg = f"this journal's probes are those of another version of ial: {error}; finish it with that version"
        raise JournalError(msg) from error


def _samples(entries: Sequence[Entry], begun: Mapping[str, Any], watched: Entry | None) -> list[Sample]:
    """Looks as they were taken, and the metrics as they were read when it was over."""
    tolerances = {held.probe.name: tolerance_of(held.probe) for held in probes_of(begun)}
    noted = [look for entry in entries if entry.step == LOOK for look in entry.data["samples"]]
    noted += watched.data["samples"] if watched is not None else []
    return [Sample.of(parse_rfc3339(at), name, value, tolerances[name]) for at, name, value in noted]


def _steady(samples: Sequence[Sample], begun: Mapping[str, Any]) -> ControlSteady:
    probes = probes_of(begun)
    holds, _ = steady(samples, [held.probe.name for held in probes])
    return ControlSteady(holds=holds, probes=tuple(_probe(held, samples) for held in probes))


def _probe(held: WatchedProbe, samples: Sequence[Sample]) -> ControlProbe:
    own = sorted((sample for sample in samples if sample.probe == held.probe.name), key=lambda sample: sample.at)
    known = [sample.ok for sample in own if sample.ok is not None]
    return ControlProbe(
        name=held.probe.name,
        type=held.probe.type,
        experiments=held.experiments,
        tolerance=str(tolerance_of(held.probe)),
        ok_ratio=sum(known) / len(known) if known else None,
        samples=tuple(ControlSample(at=rfc3339(sample.at), value=sample.value, ok=sample.ok) for sample in own),
    )


def _alerts(
    samples: Sequence[Sample], begun: Mapping[str, Any], watching: Entry, watched: Entry
) -> ControlAlerts | None:
    already, told = watching.data["already"], watched.data["changes"]
    if told is None:
        return None
    changes = [StateChange(alarm, parse_rfc3339(at), state) for alarm, at, state in told]
    return ControlAlerts(
        watched=tuple(name for name in begun["alarms"] if name not in watching.data.get("gone", ())),
        fired=fired(changes, already),
        unexpected=unexpected(changes, already, samples),
        already=tuple(already),
        changes=tuple(ControlChange(alarm=held.alarm, at=rfc3339(held.at), state=held.state) for held in changes),
    )


def _verdict(
    entries: Sequence[Entry], last: Mapping[str, Entry], seen: ControlSteady | None, alerts: ControlAlerts | None
) -> tuple[ControlVerdict, tuple[str, ...]]:
    if REFUSED in last:
        return "refused", tuple(last[REFUSED].data["reasons"])
    if FAULT in last:
        interrupted = last[FAULT].data["interrupted"]
        return ("aborted-by-operator" if interrupted else "error"), (str(last[FAULT].data["message"]),)
    if seen is None or WATCHED not in last or ENDED not in last:
        return "inconclusive", ("the run has not ended",)
    _, reasons = steady(_samples(entries, entries[0].data, last[WATCHED]), [probe.name for probe in seen.probes])
    rang = () if alerts is None else tuple(f"{alarm} rang, and nothing was wrong on purpose" for alarm in alerts.fired)
    if seen.holds is False or rang:
        return "failed", (*reasons, *rang)
    unsure = (*reasons, *_unlooked(entries, last), *_mute(last[WATCHING]))
    if alerts is None:
        unsure = (*unsure, "what the alarms did could not be read")
    return ("inconclusive", unsure) if unsure else ("passed", ())


def _mute(watching: Entry) -> Iterator[str]:
    """The alarms of which nobody can say whether they would have been quiet."""
    yield from (f"{alarm} rang already when the watch began" for alarm in watching.data["already"])
    yield from (f"{alarm} does not exist" for alarm in watching.data.get("gone", ()))


def _unlooked(entries: Sequence[Entry], last: Mapping[str, Entry]) -> tuple[str, ...]:
    if all(is_metric(held.probe) for held in probes_of(entries[0].data)):
        return ()
    began, ended = (parse_rfc3339(last[step].data[key]) for step, key in ((WATCHING, "began"), (WATCHED, "ended")))
    return gaps([parse_rfc3339(entry.data["at"]) for entry in entries if entry.step == LOOK], began, ended)
