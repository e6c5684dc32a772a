"""For fleets: Athena over what came of the runs of many stacks, with a limit for each query, and saved queries."""

from dataclasses import dataclass

import pulumi
from pulumi_aws import athena

from components.fleet.query_folder import queries_folder, read_queries
from components.fleet.record_table import RecordTable, RecordTableArgs
from components.fleet_settings import FleetSettings
from components.place import Place
from contract.names import RESULTS_PREFIX

_MEGABYTE = 1_000_000


@dataclass(frozen=True, kw_only=True)
class FleetRecordsArgs:
    """What may be read, and the bucket in which the results are for some days."""

    place: Place
    stage: int
    settings: FleetSettings
    bucket: str


class FleetRecords(pulumi.ComponentResource):
    """A workgroup of its own, so that nobody's query reads more than the limit, and the table and queries in it."""

    workgroup: str

    def __init__(self, name: str, args: FleetRecordsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:fleet:FleetRecords", name, None, opts)
        self.workgroup = args.place.name("records")
        child = pulumi.ResourceOptions(parent=self)
        table = RecordTable(
            f"{name}-runs",
            RecordTableArgs(place=args.place, stage=args.stage, environments=args.settings.environments),
            child,
        )
        workgroup = self._workgroup(name, args)
        for query in read_queries(queries_folder()):
            athena.NamedQuery(
                f"{name}-query-{query.name}",
                name=f"ial-{query.name}",
                description=query.description,
                database=table.database,
                workgroup=workgroup.name,
                query=query.text,
                opts=child,
            )
        self.register_outputs({"workgroup": self.workgroup})

    def _workgroup(self, name: str, args: FleetRecordsArgs) -> athena.Workgroup:
        return athena.Workgroup(
            f"{name}-workgroup",
            name=self.workgroup,
            description="Queries over what came of runs. Save your own elsewhere: these go with the stack.",
            configuration=athena.WorkgroupConfigurationArgs(
                # Else whoever queries could set a limit and a place for results of their own.
                enforce_workgroup_configuration=True,
                bytes_scanned_cutoff_per_query=args.settings.scan_limit_megabytes * _MEGABYTE,
                publish_cloudwatch_metrics_enabled=False,
                requester_pays_enabled=False,
                result_configuration=athena.WorkgroupConfigurationResultConfigurationArgs(
                    output_location=f"s3://{args.bucket}/{RESULTS_PREFIX}",
                    expected_bucket_owner=args.place.account,
                    encryption_configuration=(
                        athena.WorkgroupConfigurationResultConfigurationEncryptionConfigurationArgs(
                            encryption_option="SSE_S3"
                        )
                    ),
                ),
            ),
            # A workgroup in which anything was ever asked is not empty, and AWS refuses to delete one that is not.
            force_destroy=True,
            tags=args.place.tags(args.stage),
            opts=pulumi.ResourceOptions(parent=self),
        )
