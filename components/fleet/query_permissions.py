"""What a person or runner needs to ask Athena about the runs of the environments that the stack looks at."""

from components.fleet.record_table import TABLE, database_name
from components.fleet_settings import FleetSettings
from components.place import Place
from components.roles import Statement, allow
from contract.names import RESULTS_PREFIX, RUNS_PREFIX, configuration_bucket

_ASK = (
    *("athena:StartQueryExecution", "athena:StopQueryExecution", "athena:GetQueryExecution", "athena:GetQueryResults"),
    *("athena:GetWorkGroup", "athena:ListNamedQueries", "athena:GetNamedQuery", "athena:BatchGetNamedQuery"),
)


def query_permissions(place: Place, settings: FleetSettings) -> list[Statement]:
    """Asking in the stack's own workgroup, whose limit holds for each query, and reading nothing but runs.

    Athena reads and writes with the rights of whoever asks:
    https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html
    """
    buckets = [place.bucket_arn(configuration_bucket(name, place.account)) for name in settings.environments]
    own = place.bucket_arn(configuration_bucket(place.environment, place.account))
    database = database_name(place)
    catalog = [place.arn("glue", part) for part in ("catalog", f"database/{database}", f"table/{database}/{TABLE}")]
    return [
        allow("AskAboutRuns", _ASK, [place.arn("athena", f"workgroup/{place.name('records')}")]),
        allow("ReadTable", ["glue:GetDatabase", "glue:GetTable", "glue:GetPartitions"], catalog),
        allow("FindAllRuns", ["s3:ListBucket"], buckets, StringLike={"s3:prefix": [f"{RUNS_PREFIX}*"]}),
        allow("ReadAllRuns", ["s3:GetObject"], [f"{bucket}/{RUNS_PREFIX}*" for bucket in buckets]),
        allow("PlaceResults", ["s3:GetBucketLocation"], [own]),
        allow("WriteResults", ["s3:PutObject", "s3:AbortMultipartUpload"], [f"{own}/{RESULTS_PREFIX}*"]),
    ]
