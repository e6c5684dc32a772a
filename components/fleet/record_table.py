"""The table that Athena sees in what came of runs: one row a run, of every environment that is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_aws import glue

from components.place import Place
from contract.names import RUNS_PREFIX, configuration_bucket, runs_folder

TABLE: Final = "runs"
# Of a line, see schemas/run-line.schema.json. What is an object in the line is its text here, as AWS's own tables over
# CloudTrail have it, so that a kind of run that comes later needs no other table:
# https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-understanding.html
COLUMNS: Final = {"version": "int", "run": "string", "stack": "string", "type": "string", "document": "string"}
PARTITIONS: Final = {"environment": "string", "dt": "string"}
# The first month that a run can be of.
_FIRST: Final = "2026-01-01"


@dataclass(frozen=True, kw_only=True)
class RecordTableArgs:
    """The environments of this account whose buckets are read."""

    place: Place
    stage: int
    environments: Sequence[str]


class RecordTable(pulumi.ComponentResource):
    """A database with the one table. Its partitions are computed: nothing has to keep them up to date."""

    database: pulumi.Output[str]

    def __init__(self, name: str, args: RecordTableArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ial:fleet:RecordTable", name, None, opts)
        place, child = args.place, pulumi.ResourceOptions(parent=self)
        database = glue.CatalogDatabase(
            f"{name}-database",
            # Athena takes letters, digits and underscores only.
            name=database_name(place),
            description=f"Runs of {', '.join(args.environments)}",
            tags=place.tags(args.stage),
            opts=child,
        )
        glue.CatalogTable(
            f"{name}-table",
            name=TABLE,
            database_name=database.name,
            description="One row a run; `document` is its record as JSON.",
            table_type="EXTERNAL_TABLE",
            parameters={"classification": "json", **projection(place.account, args.environments)},
            partition_keys=[glue.CatalogTablePartitionKeyArgs(name=key, type=kind) for key, kind in PARTITIONS.items()],
            storage_descriptor=_storage(place),
            opts=child,
        )
        self.database = database.name
        self.register_outputs({"database": database.name})


def database_name(place: Place) -> str:
    """Such as `ial_dev_records`."""
    return place.name("records").replace("-", "_")


def projection(account: str, environments: Sequence[str]) -> dict[str, str]:
    """Where the months of each environment are: https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html."""
    bucket = configuration_bucket("${environment}", account)
    return {
        "projection.enabled": "true",
        "projection.environment.type": "enum",
        "projection.environment.values": ",".join(environments),
        "projection.dt.type": "date",
        "projection.dt.format": "yyyy-MM-dd",
        "projection.dt.range": f"{_FIRST},NOW",
        "projection.dt.interval": "1",
        "projection.dt.interval.unit": "MONTHS",
        "storage.location.template": f"s3://{bucket}/{runs_folder('${dt}')}",
    }


def _storage(place: Place) -> glue.CatalogTableStorageDescriptorArgs:
    return glue.CatalogTableStorageDescriptorArgs(
        location=f"s3://{configuration_bucket(place.environment, place.account)}/{RUNS_PREFIX}",
        input_format="org.apache.hadoop.mapred.TextInputFormat",
        output_format="org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        columns=[glue.CatalogTableStorageDescriptorColumnArgs(name=key, type=kind) for key, kind in COLUMNS.items()],
        ser_de_info=glue.CatalogTableStorageDescriptorSerDeInfoArgs(
            serialization_library="org.openx.data.jsonserde.JsonSerDe"
        ),
    )
