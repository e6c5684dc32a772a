"""Ids of the example's load balancer and target group: its stack file names them, so every cloud has the same."""

from __future__ import annotations

from typing import Final

from local.seed import NAME, SERVICE

STABLE_IDS: Final = {NAME: "50dc6c495c0c9188", SERVICE: "6d0ecf831eec9f09"}


def keep_balancer_ids() -> None:
    """Makes moto give these ids, and its own to all others."""
    from moto.elbv2 import models, utils

    def load_balancer(account_id: str, lb_id: str, name: str, region_name: str) -> str:
        return utils.make_arn_for_load_balancer(account_id, STABLE_IDS.get(name, lb_id), name, region_name)

    def target_group(account_id: str, tg_id: str, name: str, region_name: str) -> str:
        return utils.make_arn_for_target_group(account_id, STABLE_IDS.get(name, tg_id), name, region_name)

    vars(models)["make_arn_for_load_balancer"] = load_balancer
    vars(models)["make_arn_for_target_group"] = target_group
