"""A zone whose network is impaired, and whose traffic is shifted away."""

from __future__ import annotations

from local.simulation.effect import Hit, Undo, effect, nothing


@effect("aws:arc:start-zonal-autoshift")
def shift(hit: Hit) -> Undo:
    """Keeps traffic from a zone, by its id; users who do not follow stay where they are."""
    zone, workload = hit.given.get("availabilityZoneIdentifier", ""), hit.workload
    if not workload.design.zonal_shift:
        return nothing
    workload.shifted.add(zone)
    return lambda: workload.shifted.discard(zone)


@effect("aws:network:disrupt-connectivity")
def disrupt(hit: Hit) -> Undo:
    """Cuts subnets off from the other zones, or from everything."""
    subnets = [arn.rsplit("/", 1)[-1] for arn in hit.arns]
    hit.workload.cut_off.update(dict.fromkeys(subnets, hit.given.get("scope", "all")))

    def reconnect() -> None:
        for subnet in subnets:
            hit.workload.cut_off.pop(subnet, None)

    return reconnect
