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
    """What happened in one second. `latencies` are samples in milliseconds of the answers given.

    `errors` are answers of instances. The load balancer answers itself what it has nobody to send to (`refused`), and
    what it has sent and gets no answer to (`unanswered`).
    """

    requests: float = 0.0
    errors: float = 0.0
    refused: float = 0.0
    unanswered: float = 0.0
    retries: float = 0.0
    degraded: float = 0.0
    database_errors: float = 0.0
    breakers_opened: int = 0
    busiest: float = 0.0
    held: int = 0
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
    """The service. `launch` makes a new instance in the cloud and returns its id, None while the group may not;
    `place` knows its subnet and zone.

    `cut_off` has the scope of each subnet whose network is disrupted, `shifted` the zones that traffic is kept from;
    `held` are the database's connections that a fault holds. `ends` says whether the group ends what is unhealthy,
    `ended` tells the cloud.
    """

    def __init__(
        self,
        design: Design,
        ids: list[str],
        launch: Callable[[str], str | None],
        place: Callable[[str], tuple[str, str]] = lambda _: ("", ""),
        ends: Callable[[], bool] = lambda: False,
        ended: Callable[[str], object] = lambda _: None,
    ) -> None:
        self.design, self.now = design, 0
        self.cut_off: dict[str, str] = {}
        self.shifted: set[str] = set()
        self.held = 0
        self._place = place
        self.instances = [Instance(id_, *place(id_)) for id_ in ids]
        self.replacements: list[Replacement] = []
        self.database_up, self.extra_requests = True, 0.0
        self._ends, self._ended = ends, ended
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
        self._end_unhealthy()
        self._grow()
        for instance in self.instances:
            instance.isolation = self.cut_off.get(instance.subnet, "")
        if self.now % self.design.health_interval == 0:
            for instance in self.registered:
                if instance.phase is not Phase.BOOTING:
                    instance.check_health(self.design)
        return self._serve()

    def _end_unhealthy(self) -> None:
        """Ends what the load balancer has called unhealthy for as long as the group takes to notice.

        A group with health checks of its load balancer terminates such an instance, and a service stops such a task:
        neither waits for it to come back.
        Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html and
        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html
        """
        for instance in self.instances:
            if instance.phase is not Phase.RUNNING or instance.health is not Health.UNHEALTHY:
                instance.unhealthy_since = None
            elif instance.unhealthy_since is None:
                instance.unhealthy_since = self.now
            elif self.now - instance.unhealthy_since >= self.design.ended_after and self._ends():
                # It is the group itself that ends it: nobody has to notice.
                instance.phase, instance.gone_at = Phase.GONE, self.now - self.design.replaced_after
                self._ended(instance.id)

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
                id_ = self._launch(instance.id)
                if id_ is None:
                    continue
                ready = self.now + self.design.boot
                new = Instance(id_, *self._place(id_), Phase.BOOTING, Health.INITIAL, ready_at=ready)
                self.instances.append(new)
                self.replacements.append(Replacement(instance.id, new.id, self.now, new.ready_at))

    def _serve(self) -> Second:
        noise = 1 + (self._random.random() - 0.5) / 10
        second = Second(requests=(self.design.requests_per_second + self.extra_requests) * noise, held=self.held)
        routes = self._routes()
        if not routes:
            second.refused = second.requests
            return second
        lost = second.requests * sum(part for instance, part in routes if not instance.answers)
        answering = [instance for instance, _ in routes if instance.answers]
        again = 0.0
        if self.design.retries and answering:
            second.retries += lost
            again, lost = lost / len(answering), 0.0
        second.unanswered += lost
        for instance, part in routes:
            if instance.answers:
                others = (other for other in answering if other is not instance)
                rescued = self.design.retries and any(map(self._in_time, others))
                self._answer(instance, second.requests * part + again, second, rescued=rescued)
        return second

    def _routes(self) -> list[tuple[Instance, float]]:
        """Who gets which part of the requests. Each zone's node of the load balancer takes its part of them.

        A node in a zone that is cut off reaches its own zone only, and believes in it; the others see it no more.
        """
        if not self.cut_off and not self.shifted:
            return _evenly(_trusted(self.registered))
        zones = {instance.zone for instance in self.registered}
        nodes = sorted(zones - self.shifted) or sorted(zones)
        parts: dict[str, float] = {}
        for zone in nodes:
            own = [instance for instance in self.registered if instance.zone == zone]
            if own and all(instance.isolation for instance in own):
                reached = own
            else:
                reached = _trusted([instance for instance in self.registered if instance.zone in nodes])
            for instance, part in _evenly(reached):
                parts[instance.id] = parts.get(instance.id, 0.0) + part / len(nodes)
        return [(instance, parts[instance.id]) for instance in self.registered if instance.id in parts]

    def _in_time(self, instance: Instance) -> bool:
        """Whether the instance's calls to the database come back before they are given up."""
        # The database is in a zone that is not cut off: from inside one, it cannot be reached.
        reached = instance.database_reachable and not instance.isolation
        works = self.database_up and reached and not self._exhausted
        return works and self.design.database_ms + instance.delay_ms < self.design.database_timeout_ms

    @property
    def _exhausted(self) -> bool:
        """Whether pools cannot have the connections that they need: their callers wait for one until they give up."""
        return self.held > 0 and self.held + self.design.pool * len(self.registered) > self.design.max_connections

    def _answer(self, instance: Instance, share: float, second: Second, *, rescued: bool) -> None:
        call, in_time = self.design.database_ms + instance.delay_ms, self._in_time(instance)
        opened = instance.mind_database(self.now, in_time, self.design)
        second.breakers_opened += opened
        if instance.breaker_open:
            # The calls that it tried with have failed; their answers are degraded as all others are.
            second.database_errors += min(share, self.design.breaker_tries_calls) if opened else 0
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


def _trusted(instances: list[Instance]) -> list[Instance]:
    """A load balancer with no healthy target sends requests to all of them."""
    return [instance for instance in instances if instance.health is Health.HEALTHY] or instances


def _evenly(instances: list[Instance]) -> list[tuple[Instance, float]]:
    return [(instance, 1 / len(instances)) for instance in instances]
