"""What the deployed version changes of the rehearsed workload's design, as a bad release does.

A task definition says it in the environment variable `IAL_REHEARSED` of a container, a version of a launch template in
the tag `ial:rehearsed` of its instances: keys of the design, such as `circuit_breaker=false boot=400`.
"""

from __future__ import annotations

import json
from typing import Any, Final

from local.simulation.design import Design, DesignError

VARIABLE: Final = "IAL_REHEARSED"
TAG: Final = "ial:rehearsed"


def deployed_design(design: Design, *said: str) -> Design:
    """The design with what the versions say; the last one wins.

    Raises:
        DesignError: a key is unknown, or a value has the wrong type.
    """
    changes: dict[str, Any] = {}
    for pair in " ".join(said).split():
        key, equals, value = pair.partition("=")
        if not equals:
            msg = f"{VARIABLE}: {pair!r}; accepted: KEY=VALUE of a design"
            raise DesignError(msg)
        changes[key] = _value(value)
    return design.changed(changes)


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
