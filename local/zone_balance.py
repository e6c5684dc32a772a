"""Auto Scaling groups spread their instances over their subnets; moto puts them all into the first one."""

from __future__ import annotations


def spread_over_zones() -> None:
    """Makes moto launch each instance into the subnet that has the fewest of the group's."""
    from moto.autoscaling.models import FakeAutoScalingGroup

    plain = FakeAutoScalingGroup.replace_autoscaling_group_instances

    def replace(group: FakeAutoScalingGroup, count_needed: int, propagated_tags: dict[str, str]) -> None:
        given = group.vpc_zone_identifier
        try:
            for _ in range(count_needed):
                group.vpc_zone_identifier = _emptiest_first(group, given)
                plain(group, 1, propagated_tags)
        finally:
            group.vpc_zone_identifier = given

    def _emptiest_first(group: FakeAutoScalingGroup, given: str | None) -> str | None:
        used = [str(held.instance.subnet_id) for held in group.instance_states]
        return given and ",".join(sorted(given.split(","), key=used.count))

    FakeAutoScalingGroup.replace_autoscaling_group_instances = replace  # type: ignore[method-assign,assignment]
