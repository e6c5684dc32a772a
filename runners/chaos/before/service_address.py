"""Where the service is asked, by the load and by HTTP probes, and whether it can be. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract.experiments import Experiment
from runners.chaos.before.reasons import ChaosReason
from runners.runs.reason import Obstacle


@dataclass(frozen=True)
class ServiceAddress:
    """The load balancer's URL, and the name under which users know the service; None when that is not known."""

    url: str
    host_name: str | None


def asks_service(experiment: Experiment) -> bool:
    """Whether a run sends requests to the load balancer: load, or a probe with a path of it."""
    expected = experiment.hypothesis
    probes = (*expected.probes, *expected.expectations, *experiment.evidence)
    paths = [probe.target for probe in probes if probe.type == "http" and "://" not in probe.target]
    return experiment.load is not None or bool(paths)


def address_obstacles(
    experiment: Experiment, address: ServiceAddress | None, unread: Mapping[str, str]
) -> Iterator[Obstacle]:
    """Over TLS a request without the service's name fails, as no certificate is made out for a load balancer's own."""
    if not asks_service(experiment):
        return
    if address is None:
        yield ChaosReason.ADDRESS_UNKNOWN.unread(unread.get("service"))
    elif address.url.startswith("https:") and address.host_name is None:
        yield ChaosReason.HOST_NAME_MISSING.against(url=address.url)
