"""A web service that suffers from faults and recovers from them, second by second, and the same way each time."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from local.simulation.design import Design
from local.simulation.instance import Health, Instance, Phase

# An instance answers as many requests at once as it can take in a tenth of a second.
_CONCURRENT_SECONDS: Final = 0.1
_TAIL: Final = 1.6
_RETRY_MS: Final = 25.0
_SLOWEST_MS: Final = 5000.0


@dataclass
class Second:
    """What happened in one second. `latencies` are samples in milliseconds of the answers given."""

    requests: float = 0.0
    errors: float = 0.0
    refused: float = 0.0
    retries: float = 0.0
    degraded: float = 0.0
    database_errors: float = 0.0
    breakers_opened: int = 0
    busiest: float = 0.0
    latencies: list[float] = field(default_factory=list)
    database_ms: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Replacement:
    """An instance that the group launched for one that was gone; times in seconds of the simulation."""

    gone: str
    launched: str
    started: int
    ready: int


class Workload:
    """The service. `launch` makes a new instance in the cloud and returns its id."""

    def __init__(self, design: Design, ids: list[str], launch: Callable[[str], str]) -> None:
        self.design, self.now = design, 0
        self.instances = [Instance(id_) for id_ in ids]
        self.replacements: list[Replacement] = []
        self.database_up, self.extra_requests = True, 0.0
        self._launch, self._random = launch, random.Random(design.seed)

    def instance(self, id_: str) -> Instance | None:
        """The instance of that id, also when it is gone."""
        return next((instance for instance in self.instances if instance.id == id_), None)

    @property
    def registered(self) -> list[Instance]:
        """What is in the target group."""
        return [
            instance for instance in self.instances if instance.phase is not Phase.GONE or not self._noticed(instance)
        ]

    def terminate(self, id_: str) -> None:
        """The instance is gone, and nobody has been told."""
        instance = self.instance(id_)
        if instance is not None and instance.phase is not Phase.GONE:
            instance.phase, instance.gone_at = Phase.GONE, self.now

    def step(self) -> Second:
        """One second."""
        self.now += 1
        self._grow()
        if self.now % self.design.health_interval == 0:
            for instance in self.registered:
                if instance.phase is not Phase.BOOTING:
                    instance.check_health(self.design)
        return self._serve()

    def _noticed(self, instance: Instance) -> bool:
        gone = instance.gone_at
        return gone is not None and self.now - gone >= self.design.replaced_after

    def _grow(self) -> None:
        """The group replaces what it has noticed to be gone; what has booted starts to be checked."""
        for instance in self.instances:
            if instance.phase is Phase.BOOTING and self.now >= instance.ready_at:
                instance.phase = Phase.RUNNING
        replaced = {replacement.gone for replacement in self.replacements}
        for instance in list(self.instances):
            if instance.phase is Phase.GONE and self._noticed(instance) and instance.id not in replaced:
                new = Instance(
                    self._launch(instance.id), Phase.BOOTING, Health.INITIAL, ready_at=self.now + self.design.boot
                )
                self.instances.append(new)
                self.replacements.append(Replacement(instance.id, new.id, self.now, new.ready_at))

    def _serve(self) -> Second:
        noise = 1 + (self._random.random() - 0.5) / 10
        second = Second(requests=(self.design.requests_per_second + self.extra_requests) * noise)
        # A load balancer with no healthy target sends requests to all of them.
        healthy = [instance for instance in self.registered if instance.health is Health.HEALTHY]
        routed = healthy or self.registered
        if not routed:
            second.refused = second.requests
            return second
        share = second.requests / len(routed)
        lost = sum(share for instance in routed if not instance.answers)
        answering = [instance for instance in routed if instance.answers]
        if self.design.retries and answering:
            second.retries += lost
            share, lost = share + lost / len(answering), 0.0
        second.errors += lost
        for instance in answering:
            rescued = self.design.retries and any(self._in_time(other) for other in answering if other is not instance)
            self._answer(instance, share, second, rescued=rescued)
        return second

    def _in_time(self, instance: Instance) -> bool:
        """Whether the instance's calls to the database come back before they are given up."""
        works = self.database_up and instance.database_reachable
        return works and self.design.database_ms + instance.delay_ms < self.design.database_timeout_ms

    def _answer(self, instance: Instance, share: float, second: Second, *, rescued: bool) -> None:
        call, in_time = self.design.database_ms + instance.delay_ms, self._in_time(instance)
        second.breakers_opened += instance.mind_database(self.now, in_time, self.design)
        if instance.breaker_open:
            latency = self.design.base_ms
            second.degraded += share
        elif in_time:
            latency = self.design.base_ms + call
            second.database_ms.append(call)
        else:
            latency = self.design.base_ms + self.design.database_timeout_ms
            second.database_errors += share
            second.retries += share if rescued else 0
            second.errors += 0 if rescued else share
        self._saturate(share, latency, second)
        tail = _TAIL if self._random.random() < 0.02 else 1 + self._random.random() / 5
        second.latencies.append(min(_SLOWEST_MS, latency * tail + (_RETRY_MS if second.retries else 0)))

    def _saturate(self, share: float, latency: float, second: Second) -> None:
        """What comes in beyond what can be worked on at once is answered with errors."""
        possible = min(self.design.capacity, self.design.capacity * _CONCURRENT_SECONDS / (latency / 1000))
        second.busiest = max(second.busiest, share / possible)
        second.errors += max(0.0, share - possible)
