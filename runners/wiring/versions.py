"""The versions of a stack's workload: what reads them, with whose keys."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from contract.experiments import Chaos
    from runners.aws.session import Clients
    from runners.rollback.kind import Kind

# Whoever deploys may say what it was: the commit is in no answer of AWS.
COMMIT: Final = "IAL_COMMIT"


def kinds_with(chaos: Chaos, clients: Clients) -> Mapping[tuple[str, str], Kind]:
    """What reads, and takes back, everything that runs look at."""
    from runners.aws.version_calls import AwsCalls
    from runners.rollback.kind import kinds_of

    return kinds_of(chaos.versions, AwsCalls(clients))


def versions_running(chaos: Chaos, clients: Clients) -> dict[str, Any]:
    """What runs now, as records of experiments keep it. Raises nothing."""
    from runners.rollback.kind import versions_now

    return versions_now(kinds_with(chaos, clients), os.environ.get(COMMIT) or None)
