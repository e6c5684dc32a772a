"""Why a zone must not be impaired now: the others have to carry all, and the runner has to stay outside. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from contract.experiments import Experiment, Zone
from runners.chaos.before.obstacle import Obstacle, unread_obstacle

_FEWEST_ZONES: Final = 2


@dataclass(frozen=True, kw_only=True)
class ZoneSituation:
    """The zones around an impairment. None is "could not be told".

    `healthy` counts the healthy targets by the id of their zone, `subnets` has the zone of each subnet that would be
    cut off; `shifts` is whether the load balancer takes part in zonal shifts, `runner_inside` whether this runner
    would cut itself off. `unread` says why something is None, by these names.
    """

    healthy: Mapping[str, int] | None
    subnets: Mapping[str, str] | None
    shifts: bool | None
    runner_inside: bool | None
    unread: Mapping[str, str] = field(default_factory=dict)


def zone_obstacles(experiment: Experiment, zone: Zone, seen: ZoneSituation | None) -> Iterator[Obstacle]:
    """Everything about zones that stands against it; what could not be read refuses."""
    if seen is None:
        yield Obstacle("zone-unknown", f"nothing about zone {zone.id} could be read")
        return
    yield from _targets_left(experiment, zone, seen)
    yield from _subnets(zone, seen)
    yield from _shift(zone, seen)
    if seen.runner_inside is None:
        text = "where this runner is could not be told; if it is in one of the subnets, it cuts itself off"
        yield Obstacle("runner-place-unknown", text, warning=True)
    elif seen.runner_inside:
        yield Obstacle("runner-inside", f"this runner is in a subnet of zone {zone.id}: it would cut itself off")


def _targets_left(experiment: Experiment, zone: Zone, seen: ZoneSituation) -> Iterator[Obstacle]:
    healthy = seen.healthy
    if healthy is None:
        what = f"the healthy targets of {zone.target_group} by zone"
        yield unread_obstacle("zone-unknown", what, seen.unread, "healthy")
        return
    zones = sorted(name for name, count in healthy.items() if count > 0)
    left = sum(count for name, count in healthy.items() if name != zone.id)
    fewest = max(1, experiment.blast_radius.min_healthy)
    if len(zones) < _FEWEST_ZONES and not experiment.allow_outage:
        text = f"healthy targets are in {', '.join(zones) or 'no zone'}; {_FEWEST_ZONES} zones must have some"
        yield Obstacle("too-few-left", text)
    elif left < fewest and not experiment.allow_outage:
        yield Obstacle("too-few-left", f"{left} targets outside zone {zone.id} would stay healthy, {fewest} must")


def _subnets(zone: Zone, seen: ZoneSituation) -> Iterator[Obstacle]:
    if seen.subnets is None:
        yield unread_obstacle("subnets-unknown", "the zones of the subnets", seen.unread, "subnets")
        return
    for subnet, where in sorted(seen.subnets.items()):
        if where != zone.id:
            yield Obstacle("other-zone", f"{subnet} is in zone {where}, not in {zone.id}: two zones would be hit")


def _shift(zone: Zone, seen: ZoneSituation) -> Iterator[Obstacle]:
    if seen.shifts is None:
        what = f"whether {zone.load_balancer} takes part in zonal shifts"
        yield unread_obstacle("zonal-shift-unknown", what, seen.unread, "shifts")
    elif not seen.shifts:
        text = f"{zone.load_balancer} takes part in no zonal shift; set its attribute zonal_shift.config.enabled"
        yield Obstacle("no-zonal-shift", text)
