"""Whose keys sign is asked once for each of them: who came, and each role that is taken on."""

from __future__ import annotations

import pytest

from tests.runners.asked import LOGGED, calls
from tests.runners.rollback.conftest import Deployed

pytestmark = pytest.mark.cloud


@pytest.mark.parametrize(("options", "roles"), [((), 0), (("--as-runner",), 1)])
def test_each_is_asked_once(deployed: Deployed, options: tuple[str, ...], roles: int) -> None:
    found = calls(deployed.run("hold", *options, "--json", *LOGGED))
    asked = {call.partition(":")[2]: count for (call, _), count in found.items() if call.startswith("sts:")}
    assert (asked["GetCallerIdentity"], asked.get("AssumeRole", 0)) == (1 + roles, roles)
