"""The table in which runners record what they did."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import dynamodb

from components.keeping import kept
from components.place import Place


@dataclass(frozen=True, kw_only=True)
class RunRecordsArgs:
    """How many days back the records can be restored."""

    place: Place
    stage: int
    recovery_days: int


class RunRecords(pulumi.ComponentResource):
    """One item a step of a run, keyed by run and step; items may expire through `expires_at`."""

    table_name: str

    def __init__(self, name: str, args: RunRecordsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:backup:RunRecords", name, None, opts)
        self.table_name = args.place.name("records")
        dynamodb.Table(
            f"{name}-table",
            name=self.table_name,
            billing_mode="PAY_PER_REQUEST",
            hash_key="run",
            range_key="step",
            attributes=[
                dynamodb.TableAttributeArgs(name="run", type="S"),
                dynamodb.TableAttributeArgs(name="step", type="S"),
            ],
            ttl=dynamodb.TableTtlArgs(attribute_name="expires_at", enabled=True),
            point_in_time_recovery=dynamodb.TablePointInTimeRecoveryArgs(
                enabled=True, recovery_period_in_days=args.recovery_days
            ),
            deletion_protection_enabled=True,
            tags=args.place.tags(args.stage),
            opts=kept(args.place, self.table_name, self),
        )
        self.register_outputs({"table_name": self.table_name})
