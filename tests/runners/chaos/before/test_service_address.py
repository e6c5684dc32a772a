"""Whether the service can be asked: a load, or a probe with a path, needs its name where the balancer speaks TLS."""

from __future__ import annotations

import pytest

from contract.experiments import Experiment, Load
from contract.probes import Expectation, Hypothesis, Probe
from runners.chaos.before.service_address import ServiceAddress, address_obstacles, asks_service
from tests.runners.chaos.experiments import changed, experiment, metric_probe

TLS, PLAIN = "https://shop-1.us-east-1.elb.amazonaws.com", "http://shop-1.us-east-1.elb.amazonaws.com"
QUIET = experiment()
LOADED = experiment(load=Load(requests_per_second=10, seconds=60, path="/"))


def http(target: str) -> Probe:
    return Probe(name="page", type="http", target=target, metric=None, at_least=1, at_most=None)


def looking(*probes: Probe) -> Experiment:
    hypothesis: Hypothesis = changed(QUIET.hypothesis, probes=(metric_probe("errors", "E", "Sum"), *probes))
    return changed(QUIET, hypothesis=hypothesis)


EXPECTING = changed(
    QUIET,
    hypothesis=changed(
        QUIET.hypothesis,
        expectations=(
            Expectation(name="up", type="http", target="/", metric=None, at_least=1, at_most=None, when="after"),
        ),
    ),
)


@pytest.mark.parametrize(
    ("asked", "asks"),
    [
        (QUIET, False),
        (LOADED, True),
        (looking(http("/health")), True),
        (looking(http("https://status.example.com/")), False),
        (EXPECTING, True),
        (changed(QUIET, evidence=(http("/health"),)), True),
    ],
)
def test_who_asks_the_service(asked: Experiment, asks: bool) -> None:
    assert asks_service(asked) is asks


@pytest.mark.parametrize(
    ("asked", "address", "codes"),
    [
        (QUIET, None, []),
        (QUIET, ServiceAddress(TLS, None), []),
        (LOADED, None, ["address-unknown"]),
        (LOADED, ServiceAddress(TLS, None), ["host-name-missing"]),
        (LOADED, ServiceAddress(TLS, "shop.example.com"), []),
        (LOADED, ServiceAddress(PLAIN, None), []),
        (looking(http("/health")), ServiceAddress(TLS, None), ["host-name-missing"]),
    ],
)
def test_obstacles(asked: Experiment, address: ServiceAddress | None, codes: list[str]) -> None:
    assert [found.code for found in address_obstacles(asked, address, {})] == codes
    assert not any(found.warning for found in address_obstacles(asked, address, {}))
