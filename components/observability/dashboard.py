"""A dashboard from a finished body."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

from components.place import Place


@dataclass(frozen=True, kw_only=True)
class DashboardArgs:
    """The dashboard's role in the stack, and its body as JSON."""

    place: Place
    role: str
    body: str


class Dashboard(pulumi.ComponentResource):
    """One CloudWatch dashboard, at 3.00 USD a month past the account's three free ones."""

    dashboard_name: str

    def __init__(self, name: str, args: DashboardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:observability:Dashboard", name, None, opts)
        self.dashboard_name = args.place.name(args.role)
        cloudwatch.Dashboard(
            f"{name}-board",
            dashboard_name=self.dashboard_name,
            dashboard_body=args.body,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"dashboard_name": self.dashboard_name})
