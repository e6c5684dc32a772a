"""Roles that the runners assume."""

from dataclasses import dataclass

import pulumi

from components.backup.runner_permissions import Reach, drill_permissions, reader_permissions
from components.roles import account_trust, role
from components.settings import Trusted


@dataclass(frozen=True, kw_only=True)
class RunnerRolesArgs:
    """What the runners may reach, and who may become one."""

    reach: Reach
    stage: int
    trusted: Trusted


class RunnerRoles(pulumi.ComponentResource):
    """`reader` for analysis and reports, `drill` for backups, restore drills and rollbacks."""

    arns: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, args: RunnerRolesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:backup:RunnerRoles", name, None, opts)
        place = args.reach.place
        permissions = {"reader": reader_permissions(args.reach), "drill": drill_permissions(args.reach)}
        self.arns = {
            kind: role(
                f"{name}-{kind}",
                place,
                role_name=f"runner-{kind}",
                stage=args.stage,
                trust=account_trust(place, getattr(args.trusted, kind)),
                statements=statements,
                parent=self,
            ).arn
            for kind, statements in permissions.items()
        }
        self.register_outputs({"arns": self.arns})
