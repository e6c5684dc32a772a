from __future__ import annotations

import pytest

from components.place import Place


def _place(region: str = "us-east-1") -> Place:
    return Place(account="123456789012", region=region, environment="dev", owner="platform-team")


@pytest.mark.parametrize(
    ("region", "partition"), [("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_the_partition_follows_the_region(region: str, partition: str) -> None:
    assert _place(region).partition == partition
    assert _place(region).bucket_arn("assets") == f"arn:{partition}:s3:::assets"


def test_names_and_arns_are_known_without_asking_aws() -> None:
    place = _place()
    assert place.name("alerts") == "ial-dev-alerts"
    assert place.arn("sns", "ial-dev-alerts") == "arn:aws:sns:us-east-1:123456789012:ial-dev-alerts"
    assert place.global_arn("iam", "root") == "arn:aws:iam::123456789012:root"
    assert place.table_arn("orders") == "arn:aws:dynamodb:us-east-1:123456789012:table/orders"


def test_tags_name_the_stage_that_brought_the_resource() -> None:
    assert _place().tags(2) == {
        "owner": "platform-team",
        "environment": "dev",
        "stage": "2",
        "managed-by": "ial",
    }
