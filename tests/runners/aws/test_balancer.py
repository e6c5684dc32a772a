"""The load balancer's address, through boto3."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runners.aws.balancer import balancer_address
from runners.aws.session import AwsClients
from runners.errors import AwsError, OutputsError
from tests.runners.tls_listener import tls_listener

pytestmark = pytest.mark.cloud
SHOP = "app/shop/50dc6c495c0c9188"


@pytest.fixture
def secured(clients: AwsClients) -> Iterator[None]:
    """The shop's balancer, listening with TLS as well."""
    with tls_listener(clients.client):
        yield


def test_plain_where_it_listens_without_tls_only(clients: AwsClients) -> None:
    address = balancer_address(clients, SHOP)
    assert address.startswith("http://shop")
    assert address.endswith(".elb.amazonaws.com")


def test_tls_where_it_listens_with_it(clients: AwsClients, secured: None) -> None:
    assert balancer_address(clients, SHOP).startswith("https://shop")


def test_none_and_one_that_is_gone(clients: AwsClients) -> None:
    with pytest.raises(OutputsError, match=r"set workload\.loadBalancer"):
        balancer_address(clients, None)
    with pytest.raises(AwsError, match="LoadBalancerNotFound"):
        balancer_address(clients, "app/gone/0")
