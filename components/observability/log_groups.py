"""Logs that end some day, and the questions one asks them."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import cloudwatch

from components.borrowed.log_retention import LogRetention
from components.keeping import kept
from components.observability.saved_queries import SAVED_QUERIES
from components.place import Place
from components.workload.log_group import LogGroup


@dataclass(frozen=True, kw_only=True)
class LogGroupsArgs:
    """The log groups of the workload and how long they keep what is written."""

    place: Place
    stage: int
    log_groups: tuple[LogGroup, ...]
    retention_days: int


class LogGroups(pulumi.ComponentResource):
    """Sets the retention of existing log groups, creates the others, and saves Logs Insights queries."""

    members: list[pulumi.Resource]

    def __init__(self, name: str, args: LogGroupsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:observability:LogGroups", name, None, opts)
        self.members = [self._member(f"{name}-{_slug(group.name)}", group, args) for group in args.log_groups]
        for role, title, query in SAVED_QUERIES:
            cloudwatch.QueryDefinition(
                f"{name}-query-{role}",
                name=f"{args.place.name('')}{role}: {title}",
                query_string=query,
                log_group_names=[group.name for group in args.log_groups],
                opts=pulumi.ResourceOptions(parent=self, depends_on=self.members),
            )
        self.register_outputs({"names": [group.name for group in args.log_groups]})

    def _member(self, name: str, group: LogGroup, args: LogGroupsArgs) -> pulumi.Resource:
        days = args.retention_days if group.retention_days is None else group.retention_days
        child = pulumi.ResourceOptions(parent=self)
        if group.existing:
            return LogRetention(
                name, place=args.place, log_group=group.name, days=days, shorten=group.shorten, opts=child
            )
        return cloudwatch.LogGroup(
            name,
            name=group.name,
            retention_in_days=days,
            tags=args.place.tags(args.stage),
            opts=kept(args.place, group.name, self),
        )


def _slug(log_group: str) -> str:
    return log_group.strip("/").replace("/", "-").replace("#", "-")
