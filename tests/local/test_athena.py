"""The local cloud refuses what Athena refuses, and lets the good case beside it pass."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.endpoint import REGION, Endpoint

pytestmark = pytest.mark.cloud
CUTOFF = "BytesScannedCutoffPerQuery"


@pytest.fixture(scope="module")
def athena(endpoint: Endpoint) -> Any:
    """A client that leaves it to the cloud what is refused."""
    unchecked = Config(parameter_validation=False, proxies={}, retries={"total_max_attempts": 1})
    return boto3.session.Session("local", "local", region_name=REGION).client(
        "athena", endpoint_url=endpoint.url, config=unchecked
    )


@pytest.fixture
def workgroup(athena: Any) -> Iterator[str]:
    name = f"refusal-{uuid.uuid4().hex[:8]}"
    athena.create_work_group(Name=name, Configuration={CUTOFF: 10_000_000})
    yield name
    athena.delete_work_group(WorkGroup=name, RecursiveDeleteOption=True)


def refused(call: Any, **given: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**given)
    assert caught.value.response["Error"]["Code"] == "InvalidRequestException"
    return str(caught.value)


def test_a_limit_below_the_least(athena: Any, workgroup: str) -> None:
    low = {CUTOFF: 9_999_999}
    assert "at least 10000000" in refused(athena.create_work_group, Name="low", Configuration=low)
    assert "at least 10000000" in refused(athena.update_work_group, WorkGroup=workgroup, ConfigurationUpdates=low)
    held = athena.get_work_group(WorkGroup=workgroup)["WorkGroup"]["Configuration"]
    assert held[CUTOFF] == 10_000_000
    athena.update_work_group(WorkGroup=workgroup, ConfigurationUpdates={"RemoveBytesScannedCutoffPerQuery": True})
    assert CUTOFF not in athena.get_work_group(WorkGroup=workgroup)["WorkGroup"]["Configuration"]


def test_names_and_what_is_not_there(athena: Any) -> None:
    assert "is not valid" in refused(athena.create_work_group, Name="a b")
    assert "not found" in refused(athena.update_work_group, WorkGroup="nobody", Description="x")
    query = {"Name": "q", "Database": "d", "QueryString": "SELECT 1"}
    assert "not found" in refused(athena.create_named_query, **query, WorkGroup="nobody")
    assert "does not exist" in refused(athena.delete_named_query, NamedQueryId="nothing")
    assert "does not exist" in refused(athena.update_named_query, NamedQueryId="x", Name="q", QueryString="SELECT 1")


@pytest.mark.parametrize("what", ["saved", "asked"])
def test_a_workgroup_with_something_in_it(athena: Any, workgroup: str, what: str) -> None:
    if what == "saved":
        athena.create_named_query(Name="q", Database="d", QueryString="SELECT 1", WorkGroup=workgroup)
    else:
        athena.start_query_execution(QueryString="SELECT 1", WorkGroup=workgroup)
    assert "is not empty" in refused(athena.delete_work_group, WorkGroup=workgroup)


def test_an_empty_workgroup_goes(athena: Any) -> None:
    name = f"empty-{uuid.uuid4().hex[:8]}"
    athena.create_work_group(Name=name)
    athena.delete_work_group(WorkGroup=name)
    assert name not in {held["Name"] for held in athena.list_work_groups()["WorkGroups"]}
