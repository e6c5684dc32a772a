"""Each run of an experiment: what happened when, what was seen around the fault, and what proves it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import htpy as h

from runners.report.charts.figure import Table, numbers
from runners.report.charts.scale import written
from runners.report.charts.series import Drawn, Limit, Seen, Span, series_chart
from runners.report.charts.timeline import Event, timeline_chart
from runners.report.model import Expected, ProbeSeen, RunSection
from runners.report.page.section import Section
from runners.report.page.words import badge, facts, held, listed, moment, read_moment, seconds, sentence, short

# More looks than a screen has places are drawn every so many; the record has them all.
_MOST_LOOKS: Final = 240
_BOUND: Final = re.compile(r"at (?:most|least) ([0-9]+(?:\.[0-9]+)?)")


def runs(sections: Sequence[RunSection]) -> Section:
    """A section for each run, the newest first."""
    body = [h.p["Newest first. Times are UTC."]] if sections else [h.p["No run of an experiment in this time."]]
    return Section(title="Experiments", body=body, children=[_run(run) for run in sections])


def _run(run: RunSection) -> Section:
    return Section(
        title=f"{run.experiment}, {run.run}",
        body=[
            badge(run.verdict),
            h.ul[[h.li[reason] for reason in run.reasons]] if run.reasons else None,
            facts(_facts(run)),
            _timeline(run),
            [chart for probe in run.probes if (chart := _probe(run, probe)) is not None],
            _expected(run, f"Evidence of the fault ({len(run.evidence)})", run.evidence),
            _expected(run, f"Expected of the workload ({len(run.expectations)})", run.expectations),
        ],
    )


def _facts(run: RunSection) -> list[tuple[str, h.Node]]:
    return [
        ("Fault", f"{run.kind}, from {moment(run.injected)} to {moment(run.lifted)}"),
        ("Hit", "not known" if run.hit is None else listed([short(arn) for arn in run.hit], "nothing")),
        ("Detected after", _detected(run)),
        ("Well again after", f"{seconds(run.recovered_after_seconds)}, objective {seconds(run.objective_seconds)}"),
        ("Degraded for", seconds(run.degraded_seconds)),
        (
            "Alarms",
            f"rang: {listed(run.fired, 'none')}; missed: {listed(run.missed, 'none')}; "
            f"unexpected: {listed(run.unexpected, 'none')}",
        ),
        ("Run by", run.operator),
        ("Cost at most", f"{run.usd} USD"),
        *([("Left behind", listed(run.left, ""))] if run.left else []),
    ]


def _detected(run: RunSection) -> str:
    if run.detected_after_seconds is None and run.degraded_seconds == 0:
        return "nothing to detect: the steady state was never left"
    return seconds(run.detected_after_seconds)


def _fault(run: RunSection) -> Span | None:
    end = run.lifted or run.ended
    if run.injected is None or end is None:
        return None
    return Span(began=read_moment(run.injected), ended=read_moment(end), name="fault")


def _timeline(run: RunSection) -> h.Node:
    events = _events(run)
    if not events:
        return None
    alarms = "no alarm changed" if not run.alarms else f"{len({change.alarm for change in run.alarms})} alarms changed"
    known = "when alarms rang is not in this record" if run.alarms is None else alarms
    finding = f"Well again after {seconds(run.recovered_after_seconds)}; {known}."
    return timeline_chart(f"timeline {run.run}", "What happened when", finding, events)


def _events(run: RunSection) -> list[Event]:
    events, fault = [], _fault(run)
    if run.began is not None and run.ended is not None:
        whole = {"began": read_moment(run.began), "ended": read_moment(run.ended)}
        events.append(Event(lane="run", name="run", kind="phase", **whole))
    if fault is not None:
        events.append(Event(lane="fault", name=run.kind, kind="fault", began=fault.began, ended=fault.ended))
    events += _alarms(run)
    if fault is not None and run.recovered_after_seconds:
        back = fault.began + timedelta(seconds=run.recovered_after_seconds)
        events.append(Event(lane="well again", name="well again", kind="mark", began=back))
    return events


def _alarms(run: RunSection) -> list[Event]:
    """From ringing to quiet; one that still rings at the end does so until then."""
    found: list[Event] = []
    ringing: dict[str, str] = {}
    for change in run.alarms or ():
        if change.state == "ALARM":
            ringing.setdefault(change.alarm, change.at)
        elif change.alarm in ringing:
            found.append(_rang(change.alarm, ringing.pop(change.alarm), change.at))
    found += [_rang(alarm, at, run.ended) for alarm, at in ringing.items()]
    return found


def _rang(alarm: str, since: str, until: str | None) -> Event:
    began, ended = read_moment(since), None if until is None else read_moment(until)
    # A record's end may be noted before a late change of an alarm.
    lasted = ended if ended is not None and ended > began else None
    return Event(lane=alarm, name=f"{alarm} in ALARM", kind="alarm", began=began, ended=lasted)


def _probe(run: RunSection, probe: ProbeSeen) -> h.Element | None:
    if not any(sample.value is not None for sample in probe.samples):
        return None
    step = -(-len(probe.samples) // _MOST_LOOKS)
    # One that was not tolerated is never thinned out.
    kept = [sample for number, sample in enumerate(probe.samples) if number % step == 0 or sample.ok is False]
    seen = [Seen(at=read_moment(sample.at), value=sample.value, good=sample.ok) for sample in kept]
    bad = sum(sample.ok is False for sample in probe.samples)
    unseen = sum(sample.value is None for sample in probe.samples)
    finding = (
        f"Tolerated: {probe.tolerance}. {bad} of {len(probe.samples)} looks were not, {unseen} saw nothing; "
        f"fine for good {_after(probe.recovered_after_seconds)}."
    )
    drawn = Drawn(fault=_fault(run), limit=_limit(probe.tolerance))
    return series_chart(f"{run.run} {probe.name}", sentence(probe.name), finding, seen, drawn)


def _limit(tolerance: str) -> Limit | None:
    """What is tolerated as a line; None where it is no single number."""
    found = _BOUND.fullmatch(tolerance)
    return None if found is None else Limit(value=float(found[1]), name=tolerance)


def _after(recovered: float | None) -> str:
    return "at no time that is known" if recovered is None else f"after {seconds(recovered)}"


def _expected(run: RunSection, title: str, expected: Sequence[Expected]) -> h.Node:
    if not expected:
        return None
    rows = [
        (one.name, held(one.ok), one.expected, "nothing" if one.seen is None else written(one.seen)) for one in expected
    ]
    table = Table(columns=("What", "Was so", "Expected", "Seen"), rows=rows)
    return h.details[h.summary[title], numbers(table, f"{run.run} {title}")]
