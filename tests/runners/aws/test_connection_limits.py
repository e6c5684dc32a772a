"""What a database allows, through RDS's own answers: in force or not, and what the server does where nothing is set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from local.server import Running
from runners.aws.connection_limits import AwsConnectionLimits
from runners.aws.session import AwsClients
from runners.chaos.before.situation import DatabaseSituation
from tests.runners.chaos.before.kinds.test_connection_exhaustion import MYSQL

pytestmark = pytest.mark.cloud
GROUP, DATABASE = "limits", "limits-db"


@pytest.fixture
def fresh(cloud: Running) -> AwsClients:
    return AwsClients("us-east-1", endpoint=cloud.endpoint.url, keys=("local", "local", None), attempts=1)


@pytest.fixture
def parameters(fresh: AwsClients) -> Iterator[Any]:
    """Sets parameters of a MySQL database's own group."""
    rds = fresh.client("rds")
    rds.create_db_parameter_group(DBParameterGroupName=GROUP, DBParameterGroupFamily="mysql8.0", Description="test")
    rds.create_db_instance(
        DBInstanceIdentifier=DATABASE,
        DBInstanceClass="db.t3.micro",
        Engine="mysql",
        AllocatedStorage=20,
        MasterUsername="shop",
        MasterUserPassword="not-a-secret-here",
        DBParameterGroupName=GROUP,
    )

    def put(**values: str) -> None:
        given = [
            {"ParameterName": name, "ParameterValue": value, "ApplyMethod": "immediate"}
            for name, value in values.items()
        ]
        rds.modify_db_parameter_group(DBParameterGroupName=GROUP, Parameters=given)

    yield put
    rds.delete_db_instance(DBInstanceIdentifier=DATABASE, SkipFinalSnapshot=True)
    rds.delete_db_parameter_group(DBParameterGroupName=GROUP)


def seen(clients: AwsClients) -> DatabaseSituation:
    from msgspec.structs import replace

    return AwsConnectionLimits(clients).situation(replace(MYSQL, database=DATABASE))


def test_values_of_the_group(fresh: AwsClients, parameters: Any) -> None:
    parameters(max_connections="500", max_connect_errors="10000")
    found = seen(fresh)
    assert (found.parameters, found.limit, found.unfinished_logins) == ("in-sync", 500, 10_000)


def test_what_the_group_leaves_to_the_server(fresh: AwsClients, parameters: Any) -> None:
    parameters(max_connections="{DBInstanceClassMemory/12582880}")
    found = seen(fresh)
    # Three quarters of a GiB, divided.
    assert (found.limit, found.unfinished_logins) == (64, 100)


def test_what_is_neither_a_number_nor_a_known_formula(fresh: AwsClients, parameters: Any) -> None:
    parameters(max_connections="SUM({a},{b})", max_connect_errors="{DBInstanceClassMemory/2}")
    found = seen(fresh)
    assert (found.limit, found.unfinished_logins) == (None, None)


@pytest.mark.parametrize("status", ["pending-reboot", "applying", "failed-to-apply"])
def test_a_group_that_is_not_in_force_says_so(fresh: AwsClients, parameters: Any, status: str) -> None:
    def pending(parsed: dict[str, Any], **_: Any) -> None:
        for database in parsed["DBInstances"]:
            database["DBParameterGroups"][0]["ParameterApplyStatus"] = status

    fresh.client("rds").meta.events.register("after-call.rds.DescribeDBInstances", pending)
    parameters(max_connections="500")
    assert (seen(fresh).parameters, seen(fresh).limit) == (status, 500)


def test_what_could_not_be_read_says_why(fresh: AwsClients, parameters: Any) -> None:
    def refused(**_: Any) -> None:
        from botocore.exceptions import ClientError

        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeDBParameters")

    fresh.client("rds").meta.events.register("before-call.rds.DescribeDBParameters", refused)
    found = seen(fresh)
    assert (found.limit, found.unfinished_logins) == (None, None)
    assert found.unread["limit"] == found.unread["unfinished_logins"]
    assert found.unread["limit"].startswith("rds:DescribeDBParameters on limits: AccessDenied: no; ")


def test_a_database_that_is_not_there(fresh: AwsClients) -> None:
    found = seen(fresh)
    assert found.status is None
    assert "DBInstanceNotFound" in found.unread["status"]
