"""Each restore drill with its proof."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import htpy as h

from runners.report.charts.figure import Table, numbers
from runners.report.charts.timeline import Event, timeline_chart
from runners.report.model import DrillSection
from runners.report.page.section import Section
from runners.report.page.words import badge, facts, held, read_moment, seconds


def drills(sections: Sequence[DrillSection]) -> Section:
    """A section for each drill, the newest first."""
    body = (
        [] if sections else [h.p["No restore was drilled in this time: whether backups can be restored is not known."]]
    )
    return Section(title="Restore drills", body=body, children=[_drill(drill) for drill in sections])


def _drill(drill: DrillSection) -> Section:
    proof = Table(
        columns=("What was looked at", "Was so", "Expected", "Observed", "Detail"),
        rows=[(check.name, held(check.ok), check.expected, check.observed, check.detail) for check in drill.checks],
    )
    return Section(
        title=f"{drill.kind} {drill.resource}, {drill.run}",
        body=[
            badge(drill.verdict),
            h.ul[[h.li[reason] for reason in drill.reasons]] if drill.reasons else None,
            facts(
                [
                    ("Recovered after", f"{seconds(drill.rto_seconds)}, objective {drill.objective_minutes} min"),
                    ("Newest data lost", seconds(drill.rpo_seconds)),
                    ("Cost at most", "not known" if drill.usd is None else f"{drill.usd} USD"),
                ]
            ),
            _phases(drill),
            numbers(proof, f"proof of {drill.run}") if drill.checks else None,
        ],
    )


def _phases(drill: DrillSection) -> h.Node:
    if not drill.phases:
        return None
    events = [
        Event(
            lane=phase.name,
            name=phase.name,
            kind="phase",
            began=read_moment(phase.started),
            ended=read_moment(phase.started) + timedelta(seconds=phase.seconds),
        )
        for phase in drill.phases
    ]
    longest = max(drill.phases, key=lambda phase: phase.seconds)
    finding = f"{len(events)} steps; the longest, {longest.name}, took {seconds(longest.seconds)}."
    return timeline_chart(f"phases {drill.run}", "Steps of the drill", finding, events)
