"""Holds in Parameter Store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runners.aws.holds import AwsHolds
from runners.aws.session import AwsClients
from runners.errors import InputError
from tests.runners.rollback.test_held_back import hold

pytestmark = pytest.mark.cloud
PATH = "/ial/tests/rollback/holds"


@pytest.fixture
def holds(clients: AwsClients) -> Iterator[AwsHolds]:
    made = AwsHolds(clients, PATH, "tests")
    yield made
    ssm = clients.client("ssm")
    for held in ssm.get_parameters_by_path(Path=PATH)["Parameters"]:
        ssm.delete_parameter(Name=held["Name"])


def test_it_is_kept_replaced_and_released(holds: AwsHolds, clients: AwsClients) -> None:
    first, second = hold(), hold(held="a newer one")
    alias = hold("lambda-alias", "orders:live")
    for held in (first, alias, second):
        holds.put(held)
    assert set(holds.all()) == {second, alias}
    tags = clients.client("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId=f"{PATH}/{first.key}")
    assert {tag["Key"]: tag["Value"] for tag in tags["TagList"]} == {"environment": "tests", "managed-by": "ial"}
    holds.release(second)
    holds.release(second)
    assert list(holds.all()) == [alias]


def test_what_is_no_hold_is_an_error(holds: AwsHolds, clients: AwsClients) -> None:
    clients.client("ssm").put_parameter(Name=f"{PATH}/other", Value="{}", Type="String")
    with pytest.raises(InputError, match="is no hold of a rollback"):
        holds.all()
