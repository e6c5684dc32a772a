"""One instance of the simulated workload: what disturbs it, and what the load balancer thinks of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from local.simulation.design import Design

# The scope of a cut-off subnet to which nothing comes; in any other, what is in the same zone still does.
EVERYTHING: Final = "all"


class Phase(StrEnum):
    """The life of an instance."""

    BOOTING = "booting"
    RUNNING = "running"
    GONE = "gone"


class Health(StrEnum):
    """What the load balancer says, in its own words."""

    INITIAL = "initial"
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"


@dataclass
class Instance:
    """Disturbances are lifted by whoever set them; the breaker and the health checks follow by themselves."""

    id: str
    subnet: str = ""
    zone: str = ""
    phase: Phase = Phase.RUNNING
    health: Health = Health.HEALTHY
    ready_at: int = 0
    gone_at: int | None = None
    reachable: bool = True
    database_reachable: bool = True
    # The scope in which the network of its subnet is cut off; empty when it is not.
    isolation: str = ""
    delay_ms: float = 0.0
    failing_since: int | None = None
    unhealthy_since: int | None = None
    breaker_open: bool = False
    tries_at: int = 0
    _streak: int = 0

    @property
    def answers(self) -> bool:
        """Whether a request that gets here is answered at all."""
        return self.phase is Phase.RUNNING and self.reachable and self.isolation != EVERYTHING

    @property
    def is_seen(self) -> bool:
        """Whether the load balancer's nodes in the other zones reach it."""
        return self.answers and not self.isolation

    def check_health(self, design: Design) -> None:
        """One health check of the load balancer."""
        good = self.is_seen
        wanted = Health.HEALTHY if good else Health.UNHEALTHY
        if self.health is wanted:
            self._streak = 0
            return
        self._streak += 1
        if self._streak >= (design.healthy_after if good else design.unhealthy_after):
            self.health, self._streak = wanted, 0

    def mind_database(self, now: int, works: bool, design: Design) -> bool:
        """One second of calls to the database; returns whether the breaker opened in it, for good or again."""
        if works:
            self.failing_since = None
            if self.breaker_open and now >= self.tries_at:
                self.breaker_open = False
            return False
        if self.failing_since is None:
            self.failing_since = now
        if not design.circuit_breaker:
            return False
        if self.breaker_open:
            tries = now >= self.tries_at
            if tries:
                self.tries_at = now + design.breaker_tries_again_after
            return tries
        if now - self.failing_since < design.breaker_opens_after:
            return False
        self.breaker_open, self.tries_at = True, now + design.breaker_tries_again_after
        return True
