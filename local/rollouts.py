"""Versions that are rolled out, which moto does not know: in the time of the rehearsal, and into its workload."""

from __future__ import annotations

from local.automations import run_automations
from local.configuration_deployments import ConfigurationDeployments
from local.instance_refreshes import InstanceRefreshes, refresh_as_groups_do
from local.knobs import KnobBoard
from local.rehearsal_extension import RehearsalExtension
from local.rollout_time import RolloutTime
from local.service_deployments import ServiceDeployments
from local.service_deployments_api import deploy_as_ecs_does
from local.web import Wsgi


def roll_versions_out(extension: RehearsalExtension, board: KnobBoard) -> Wsgi:
    """Teaches moto all of them; what is returned stands in front of the rehearsal."""

    def rehearsed() -> float | None:
        held = extension.current
        return None if held is None else held.now

    time = RolloutTime(rehearsed)
    services = ServiceDeployments(time, board)
    deploy_as_ecs_does(services)
    extension.cloud.serving = services.serving
    refresh_as_groups_do(InstanceRefreshes(time, board))
    run_automations()
    return ConfigurationDeployments(extension, time, board)
