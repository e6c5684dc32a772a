"""A load balancer that listens with TLS as well, for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def tls_listener(client: Callable[[str], Any]) -> Iterator[None]:
    """At the shop's balancer; `client` gives clients by service."""
    elb = client("elbv2")
    [balancer] = elb.describe_load_balancers(Names=["shop"])["LoadBalancers"]
    certificate = client("acm").request_certificate(DomainName="shop.example.com")["CertificateArn"]
    [listener] = elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTPS",
        Port=443,
        Certificates=[{"CertificateArn": certificate}],
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}],
    )["Listeners"]
    try:
        yield
    finally:
        elb.delete_listener(ListenerArn=listener["ListenerArn"])
