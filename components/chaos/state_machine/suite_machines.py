"""The suites that are state machines: each with a role and a log of its own, and a schedule if one is set."""

from dataclasses import replace

import pulumi
from pulumi_aws import cloudwatch, scheduler, sfn

from components.chaos.state_machine.definition import definition, measure
from components.chaos.state_machine.order import MachineOrder
from components.chaos.state_machine.ordering import SuiteMachinesArgs, machine_order
from components.chaos.state_machine.permissions import fleet_permissions, machine_permissions, schedule_permissions
from components.late import late
from components.machine_settings import MachineSettings
from components.roles import account_trust, role, service_trust
from contract import experiments
from contract.machine_tags import TRANSITIONS_TAG
from contract.names import parameter_path

# An event that is late by more is given up, as with experiments that Scheduler starts.
_GIVEN_UP_AFTER_SECONDS = 60
_CALLS = "arn:aws:states:::"


class SuiteMachines(pulumi.ComponentResource):
    """One state machine for each suite that the settings name."""

    documents: tuple[experiments.StateMachine, ...]

    def __init__(self, name: str, args: SuiteMachinesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:chaos:SuiteMachines", name, None, opts)
        self._prefix, self._args, self._place = name, args, args.settings.place
        self._child = pulumi.ResourceOptions(parent=self)
        given = args.settings.chaos.state_machines
        self.documents = tuple(self._machine(held) for held in given)
        for held in given:
            if held.started_by:
                self._fleet_role(held)
        self.register_outputs({})

    def _machine(self, given: MachineSettings) -> experiments.StateMachine:
        order, place = machine_order(self._args, given.suite), self._place
        full, name = order.name, f"{self._prefix}-{given.suite}"
        arn = place.arn("states", f"stateMachine:{full}")
        group = parameter_path(place.environment, "suites", given.suite)
        logs = self._log(name, group)
        made = role(
            f"{name}-role",
            place,
            role_name=f"suite-{given.suite}",
            stage=self._args.stage,
            trust=service_trust(place, "states", source=arn),
            statements=machine_permissions(place, self._args.records_table, order.stack),
            parent=self,
        )
        machine = sfn.StateMachine(
            f"{name}-machine",
            name=full,
            type="STANDARD",
            role_arn=made.arn,
            definition=_definition(order, place.partition),
            logging_configuration=sfn.StateMachineLoggingConfigurationArgs(
                level="ERROR",
                include_execution_data=given.log_data,
                log_destination=place.arn("logs", f"log-group:{group}:*"),
            ),
            tags={**place.tags(self._args.stage), TRANSITIONS_TAG: str(measure(order).transitions)},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[logs]),
        )
        if given.schedule is not None:
            self._schedule(name, given.suite, given.schedule, full, machine)
        return experiments.StateMachine(
            suite=given.suite, name=full, arn=late(machine.arn), left_out=order.claimed.left_out
        )

    def _log(self, name: str, group: str) -> cloudwatch.LogGroup:
        return cloudwatch.LogGroup(
            f"{name}-log",
            name=group,
            retention_in_days=self._args.settings.log_retention_days,
            tags=self._place.tags(self._args.stage),
            opts=self._child,
        )

    def _schedule(self, name: str, suite: str, expression: str, full: str, machine: sfn.StateMachine) -> None:
        place = self._place
        starter = role(
            f"{name}-starter",
            place,
            role_name=f"start-suite-{suite}",
            stage=self._args.stage,
            trust=service_trust(place, "scheduler"),
            statements=schedule_permissions(place, full),
            parent=self,
        )
        scheduler.Schedule(
            f"{name}-schedule",
            name=full,
            description=f"Suite {suite}",
            schedule_expression=expression,
            schedule_expression_timezone=self._args.settings.chaos.timezone,
            flexible_time_window=scheduler.ScheduleFlexibleTimeWindowArgs(mode="OFF"),
            target=scheduler.ScheduleTargetArgs(
                arn=machine.arn,
                role_arn=starter.arn,
                input="{}",
                retry_policy=scheduler.ScheduleTargetRetryPolicyArgs(
                    maximum_retry_attempts=0, maximum_event_age_in_seconds=_GIVEN_UP_AFTER_SECONDS
                ),
            ),
            opts=self._child,
        )

    def _fleet_role(self, given: MachineSettings) -> None:
        place = self._place
        role(
            f"{self._prefix}-{given.suite}-fleet",
            place,
            role_name=f"fleet-{given.suite}",
            stage=self._args.stage,
            trust=account_trust(place, given.started_by),
            statements=fleet_permissions(place, [place.name(f"suite-{given.suite}")]),
            parent=self,
        )


def _definition(order: MachineOrder, partition: str) -> pulumi.Output[str]:
    templates = list(order.templates.items())
    return pulumi.Output.all(*(id_ for _, id_ in templates)).apply(
        lambda ids: _written(order, dict(zip((key for key, _ in templates), ids, strict=True)), partition)
    )


def _written(order: MachineOrder, templates: dict[str, str], partition: str) -> str:
    """The definition with the ids that AWS gave; calls are named in the partition's own way."""
    return definition(replace(order, templates=templates)).replace(_CALLS, _CALLS.replace(":aws:", f":{partition}:"))
