"""Why a zone must not be impaired now: the others have to carry all, and the runner has to stay outside. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from contract.experiments import Experiment, Zone
from runners.chaos.before.fault_kinds import judges
from runners.chaos.before.reasons import ChaosReason
from runners.chaos.before.situation import TargetSituation, ZoneSituation
from runners.runs.reason import Obstacle

_FEWEST_ZONES: Final = 2


@judges("az-impairment", "zone")
def zone_obstacles(experiment: Experiment, targets: TargetSituation) -> Iterator[Obstacle]:
    """Everything about zones that stands against it; what could not be read refuses."""
    zone, seen = experiment.blast_radius.zone, targets.zone
    if zone is None:
        yield ChaosReason.KIND_UNKNOWN.against(kind=experiment.kind, part="no zone is named")
        return
    if seen is None:
        yield ChaosReason.ZONE_UNKNOWN.unread(None, group=zone.target_group)
        return
    yield from _targets_left(experiment, zone, seen)
    yield from _subnets(zone, seen)
    yield from _shift(zone, seen)
    if seen.runner_inside is None:
        yield ChaosReason.RUNNER_PLACE_UNKNOWN.against()
    elif seen.runner_inside:
        yield ChaosReason.RUNNER_INSIDE.against(zone=zone.id)


def _targets_left(experiment: Experiment, zone: Zone, seen: ZoneSituation) -> Iterator[Obstacle]:
    healthy = seen.healthy
    if healthy is None:
        yield ChaosReason.ZONE_UNKNOWN.unread(seen.unread.get("healthy"), group=zone.target_group)
        return
    zones = sorted(name for name, count in healthy.items() if count > 0)
    left = sum(count for name, count in healthy.items() if name != zone.id)
    fewest = max(1, experiment.blast_radius.min_healthy)
    if experiment.allow_outage:
        return
    if len(zones) < _FEWEST_ZONES:
        told = f"targets in {', '.join(zones) or 'no zone'} alone"
        yield ChaosReason.TOO_FEW_LEFT.against(left=told, fewest=f"those of {_FEWEST_ZONES} zones")
    elif left < fewest:
        yield ChaosReason.TOO_FEW_LEFT.against(left=f"{left} targets outside zone {zone.id}", fewest=fewest)


def _subnets(zone: Zone, seen: ZoneSituation) -> Iterator[Obstacle]:
    if seen.subnets is None:
        yield ChaosReason.SUBNETS_UNKNOWN.unread(seen.unread.get("subnets"))
        return
    for subnet, where in sorted(seen.subnets.items()):
        if where != zone.id:
            yield ChaosReason.OTHER_ZONE.against(subnet=subnet, where=where, zone=zone.id)


def _shift(zone: Zone, seen: ZoneSituation) -> Iterator[Obstacle]:
    if seen.shifts is None:
        yield ChaosReason.ZONAL_SHIFT_UNKNOWN.unread(seen.unread.get("shifts"), balancer=zone.load_balancer)
    elif not seen.shifts:
        yield ChaosReason.NO_ZONAL_SHIFT.against(balancer=zone.load_balancer)
