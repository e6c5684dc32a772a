"""What a run's journal says of it: evidence, outcome, verdict. Computed from the journal alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import ValidationError, convert

from contract.experiments import Experiment
from runners.chaos.evidence.before_the_fault import noted
from runners.chaos.evidence.delivered_load import load_missing
from runners.chaos.evidence.expectations import Met, by_the_fault, doubted, marks_of
from runners.chaos.evidence.probing import is_metric, noted_samples, tolerance_of
from runners.chaos.judging.alert_accuracy import AlertAccuracy, StateChange, alert_accuracy
from runners.chaos.judging.hypothesis import HypothesisKind, Outcome, Sample, Window, outcome, recovered_after
from runners.chaos.judging.verdict import UNKNOWN, Evidence, Stop, judge
from runners.chaos.record.chaos_record import ChaosRecord
from runners.chaos.record.steps import BASELINE, INJECTING, LOCKED, OVER, SEEN, STARTING, STOPPING
from runners.chaos.record.tested_versions import tested_versions
from runners.errors import JournalError
from runners.runs.clock import parse_rfc3339
from runners.runs.journal import Entry
from runners.runs.outcome import cleaned_in
from runners.runs.steps import CLEANED, ENDED, FAULT, REFUSED, STARTED

# Alarms ring up to this long after what they ring for.
ALARM_LAG: Final = timedelta(minutes=3)


def record_of_run(entries: Sequence[Entry]) -> ChaosRecord:
    """The record that the journal gives, as far as it goes.

    Raises:
        JournalError: the journal does not begin with a chaos run.
    """
    begun, last = _begun(entries), {entry.step: entry for entry in entries}
    experiment = _experiment(begun["experiment"])
    over = last[OVER].data if OVER in last else {}
    seen = last[SEEN].data if SEEN in last else None
    samples = noted_samples(seen["samples"] if seen else [], experiment)
    window = _window(experiment, over, seen, last.get(OVER))
    found = _outcome(experiment, samples, window)
    expectations, shown = _expectations(experiment, last), _shown(experiment, last)
    evidence = _evidence(last, experiment, found, expectations, shown)
    record = ChaosRecord(
        run=begun["run"],
        stack=begun["stack"],
        operator=begun["operator"],
        experiment=experiment,
        judgement=judge(evidence),
        evidence=evidence,
        outcome=found,
        alerts=_alert_accuracy(experiment, last, seen, window, found),
        times=_times(last, over, seen),
        shown=shown,
        expectations=expectations,
        launches=None if seen is None else seen["launches"],
        recovered={} if window is None else _recovered(samples, window),
        samples=samples,
        hit=None if over.get("hit") is None else tuple(over["hit"]),
        load=None if seen is None else seen["load"],
        versions=tested_versions(last),
        cleaned=False,
    )
    return cleaned_in(record, entries)


def _begun(entries: Sequence[Entry]) -> Mapping[str, Any]:
    if not entries or entries[0].step != STARTED or "experiment" not in entries[0].data:
        msg = "this journal is not that of an experiment; accepted: a run that `ial chaos history` lists"
        raise JournalError(msg)
    return entries[0].data


def _experiment(data: object) -> Experiment:
    try:
        return convert(data, Experiment)
    except ValidationError as error:
        msg = f"this journal's experiment is that of another version of ial: {error}; finish it with that version"
        raise JournalError(msg) from error


def _window(
    experiment: Experiment, over: Mapping[str, Any], seen: Mapping[str, Any] | None, entry: Entry | None
) -> Window | None:
    if seen is None or entry is None or over.get("injected") is None:
        return None
    expected = experiment.hypothesis
    return Window(
        injected=parse_rfc3339(over["injected"]),
        lifted=parse_rfc3339(over["lifted"] or entry.at),
        ended=parse_rfc3339(seen["ended"]),
        rto=timedelta(seconds=expected.rto_seconds),
        stability=timedelta(seconds=expected.stability_seconds),
    )


def _outcome(experiment: Experiment, samples: Sequence[Sample], window: Window | None) -> Outcome | None:
    if window is None:
        return None
    expected = experiment.hypothesis
    looked = [probe.name for probe in expected.probes if not is_metric(probe)]
    return outcome(HypothesisKind(expected.kind), samples, window, [probe.name for probe in expected.probes], looked)


def _before(last: Mapping[str, Entry], part: str, count: int) -> list[list[float | None]]:
    return noted([last[step].data for step in (BASELINE, SEEN) if step in last], part, count)


def _expectations(experiment: Experiment, last: Mapping[str, Entry]) -> tuple[Met, ...]:
    if SEEN not in last:
        return ()
    asked, held = experiment.hypothesis.expectations, last[SEEN].data["expectations"]
    before = _before(last, "expectations", len(asked))
    return tuple(
        doubted(Met(**found), tolerance_of(probe), values)
        for probe, found, values in zip(asked, held, before, strict=True)
    )


def _shown(experiment: Experiment, last: Mapping[str, Entry]) -> list[dict[str, Any]]:
    """What each probe shows of the fault: what was so before it already shows nothing."""
    if SEEN not in last:
        return []
    asked, held = experiment.evidence, last[SEEN].data["evidence"]
    before = _before(last, "evidence", len(asked))
    return [
        {**found, "ok": by_the_fault(found["ok"], True, marks_of(tolerance_of(probe), values))}
        for probe, found, values in zip(asked, held, before, strict=True)
    ]


def _evidence(
    last: Mapping[str, Entry],
    experiment: Experiment,
    found: Outcome | None,
    expectations: Sequence[Met],
    shown: Sequence[Mapping[str, Any]],
) -> Evidence:
    over = last[OVER].data if OVER in last else {}
    fault, steady, stopping = last.get(FAULT), last.get(BASELINE), last.get(STOPPING)
    hit = over.get("hit")
    return Evidence(
        refusals=tuple(last[REFUSED].data["reasons"]) if REFUSED in last else (),
        fault=None if fault is None else str(fault.data["message"]),
        interrupted=fault is not None and bool(fault.data["interrupted"]),
        baseline=None if steady is None else bool(steady.data["ok"]),
        status=over.get("status") or (UNKNOWN if _may_have_begun(last) else None),
        status_reason=over.get("reason", ""),
        error_code=over.get("error_code", ""),
        stop=Stop(stopping.data["why"]) if stopping else None,
        stop_alarm=over.get("stop_alarm"),
        lever_engaged=over.get("lever"),
        actions=over.get("actions", {}),
        targets_wanted=experiment.blast_radius.wanted,
        targets_hit=None if hit is None else len(set(hit)),
        injected=_injected([held["ok"] for held in shown]),
        doubts=_doubts(last, shown),
        load=_load_missing(experiment, last),
        hypothesis=_holds(found, expectations),
        hypothesis_reasons=(
            *_reasons(steady, found),
            *(expectation.reason for expectation in expectations if expectation.ok is not True),
        ),
        unseen=None if found is None else found.unseen,
        gaps=() if found is None else found.gaps,
    )


def _may_have_begun(last: Mapping[str, Entry]) -> bool:
    """Whether FIS may run something of which the journal has no end: what clean-up has confirmed, it does not."""
    if OVER in last or STARTING not in last:
        return False
    return INJECTING in last or CLEANED not in last or not last[CLEANED].data["confirmed"]


def _load_missing(experiment: Experiment, last: Mapping[str, Entry]) -> str | None:
    if SEEN not in last:
        return None
    over = last[OVER]
    lifted = parse_rfc3339(over.data["lifted"] or over.at)
    lasted = (lifted - parse_rfc3339(over.data["injected"])).total_seconds()
    return load_missing(experiment.load, last[SEEN].data["load"], lasted)


def _holds(found: Outcome | None, expectations: Sequence[Met]) -> bool | None:
    """The steady state and each expectation; one that does not hold decides, one that is not known leaves it open."""
    parts = [None if found is None else found.holds, *(expectation.ok for expectation in expectations)]
    if False in parts:
        return False
    return None if None in parts else True


def _recovered(samples: Sequence[Sample], window: Window) -> dict[str, float | None]:
    """Seconds after which each probe was fine for good; None when it never was, or nothing was seen of it."""
    by_probe: dict[str, list[Sample]] = {}
    for sample in sorted(samples, key=lambda held: held.at):
        if sample.ok is not None and sample.at >= window.injected:
            by_probe.setdefault(sample.probe, []).append(sample)
    return {name: recovered_after(own, window) for name, own in by_probe.items()}


def _reasons(steady: Entry | None, found: Outcome | None) -> tuple[str, ...]:
    if found is not None:
        return found.reasons
    return () if steady is None else tuple(steady.data["reasons"])


def _injected(verdicts: Sequence[bool | None]) -> bool | None:
    """Whether any probe shows the fault: one is enough; that it did not happen, all have to say."""
    if True in verdicts:
        return True
    return False if verdicts and None not in verdicts else None


def _doubts(last: Mapping[str, Entry], shown: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    said = last[SEEN].data["evidence"] if SEEN in last else []
    return tuple(
        f"{held['name']}: {held['expected']} before the fault already"
        for held, first in zip(shown, said, strict=True)
        if held["ok"] is None and first["ok"] is True
    )


def _alert_accuracy(
    experiment: Experiment,
    last: Mapping[str, Entry],
    seen: Mapping[str, Any] | None,
    window: Window | None,
    found: Outcome | None,
) -> AlertAccuracy | None:
    if seen is None or seen["changes"] is None or window is None:
        return None
    changes = [StateChange(alarm, parse_rfc3339(at), state) for alarm, at, state in seen["changes"]]
    recovered = found.recovered_after if found else None
    until = window.ended if recovered is None else window.injected + timedelta(seconds=recovered)
    already = last[BASELINE].data["already"] if BASELINE in last else []
    end: datetime = max(until, window.lifted) + ALARM_LAG
    return alert_accuracy(experiment.expected_alarms, changes, already, window.injected, end)


def _times(last: Mapping[str, Entry], over: Mapping[str, Any], seen: Mapping[str, Any] | None) -> dict[str, str | None]:
    def at(step: str) -> str | None:
        return last[step].at if step in last else None

    return {
        "planned": at(STARTED),
        "locked": at(LOCKED),
        "started": at(STARTING),
        "injected": over.get("injected"),
        "lifted": over.get("lifted"),
        "verified": None if seen is None else seen["ended"],
        "ended": at(ENDED),
    }
