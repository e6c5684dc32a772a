"""Settings of tables that moto lacks, over HTTP, with AWS's shapes and refusals."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.endpoint import Endpoint

pytestmark = pytest.mark.cloud


@pytest.fixture
def client(endpoint: Endpoint) -> Any:
    return endpoint.client("dynamodb")


@pytest.fixture
def name(client: Any) -> Iterator[str]:
    made = f"settings-{secrets.token_hex(4)}"
    client.create_table(
        TableName=made,
        BillingMode="PAY_PER_REQUEST",
        TableClass="STANDARD_INFREQUENT_ACCESS",
        OnDemandThroughput={"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": 50},
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("id", "who")],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-who",
                "KeySchema": [{"AttributeName": "who", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
                "OnDemandThroughput": {"MaxReadRequestUnits": 10},
            }
        ],
    )
    yield made
    client.delete_table(TableName=made)


def test_kinesis_destinations(client: Any, name: str, endpoint: Endpoint) -> None:
    kinesis = endpoint.client("kinesis")
    kinesis.create_stream(StreamName=name, ShardCount=1)
    arn = kinesis.describe_stream(StreamName=name)["StreamDescription"]["StreamARN"]
    assert client.describe_kinesis_streaming_destination(TableName=name)["KinesisDataStreamDestinations"] == []
    precision = {"ApproximateCreationDateTimePrecision": "MICROSECOND"}
    client.enable_kinesis_streaming_destination(
        TableName=name, StreamArn=arn, EnableKinesisStreamingConfiguration=precision
    )
    [held] = client.describe_kinesis_streaming_destination(TableName=name)["KinesisDataStreamDestinations"]
    assert held == {"StreamArn": arn, "DestinationStatus": "ACTIVE", **precision}
    with pytest.raises(ClientError, match="ResourceInUseException"):
        client.enable_kinesis_streaming_destination(TableName=name, StreamArn=arn)
    client.disable_kinesis_streaming_destination(TableName=name, StreamArn=arn)
    [held] = client.describe_kinesis_streaming_destination(TableName=name)["KinesisDataStreamDestinations"]
    assert held["DestinationStatus"] == "DISABLED"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.enable_kinesis_streaming_destination(TableName=name, StreamArn=f"{arn}-gone")
    kinesis.delete_stream(StreamName=name)


def test_contributor_insights(client: Any, name: str) -> None:
    assert client.describe_contributor_insights(TableName=name)["ContributorInsightsStatus"] == "DISABLED"
    client.update_contributor_insights(TableName=name, IndexName="by-who", ContributorInsightsAction="ENABLE")
    assert client.describe_contributor_insights(TableName=name)["ContributorInsightsStatus"] == "DISABLED"
    found = client.describe_contributor_insights(TableName=name, IndexName="by-who")
    assert (found["IndexName"], found["ContributorInsightsStatus"]) == ("by-who", "ENABLED")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.describe_contributor_insights(TableName=name, IndexName="gone")


def test_class_and_limits(client: Any, name: str) -> None:
    found = client.describe_table(TableName=name)["Table"]
    assert found["TableClassSummary"]["TableClass"] == "STANDARD_INFREQUENT_ACCESS"
    assert found["OnDemandThroughput"] == {"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": 50}
    assert found["GlobalSecondaryIndexes"][0]["OnDemandThroughput"] == {"MaxReadRequestUnits": 10}
    more = {"IndexName": "by-who", "OnDemandThroughput": {"MaxReadRequestUnits": 20}}
    client.update_table(TableName=name, TableClass="STANDARD", GlobalSecondaryIndexUpdates=[{"Update": more}])
    found = client.describe_table(TableName=name)["Table"]
    assert found["TableClassSummary"]["TableClass"] == "STANDARD"
    assert found["GlobalSecondaryIndexes"][0]["OnDemandThroughput"] == {"MaxReadRequestUnits": 20}


def test_a_scan_tells_its_units(client: Any, name: str) -> None:
    for number in range(10):
        client.put_item(TableName=name, Item={"id": {"S": f"{number}"}, "text": {"S": "x" * 2100}})
    asked = {"TableName": name, "ReturnConsumedCapacity": "TOTAL"}
    # Ten items of a little more than two kilobytes: six units when read consistently, half of it otherwise.
    consistent, eventual = (
        client.scan(**asked, ConsistentRead=kind)["ConsumedCapacity"]["CapacityUnits"] for kind in (True, False)
    )
    assert (consistent, eventual) == (6.0, 3.0)
    one = client.scan(**asked, ConsistentRead=True, Limit=1)
    assert (one["Count"], one["ConsumedCapacity"]["CapacityUnits"]) == (1, 1.0)
    assert client.describe_table(TableName=name)["Table"]["TableSizeBytes"] > 20_000
