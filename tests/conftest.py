"""What holds for every test: no time limit of its own, and what is rare and slow only when it is asked for."""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from contract.redaction import SECRETS
from tests.clouds import Clouds

# Whoever starts the tests in the background ignores these, and every process of theirs would ignore them, too.
for _ignored in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(_ignored) is signal.SIG_IGN:
        signal.signal(_ignored, signal.default_int_handler if _ignored is signal.SIGINT else signal.SIG_DFL)
_OBJECTS_BETWEEN_COLLECTIONS = 20_000
# A busy machine is no defect of the code.
settings.register_profile("ial", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ial")


@pytest.fixture(scope="session")
def clouds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clouds]:
    """Local clouds in milliseconds, each for a folder and each on its own: `clouds.deployed(folder)` and others.

    `with clouds.deployed(tmp_path) as running:` puts the example program into the folder and gives it a cloud to which
    its stack `dev` is applied; `clouds.seeded` has the example workload alone, `clouds.empty` nothing. What a test does
    in its cloud is never seen in another, and the cloud ends with the block.
    """
    with Clouds(tmp_path_factory.mktemp("clouds")) as found:
        yield found


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is collected stays to the end: a third of the time would go into looking for garbage in it.

    What is loaded later stays, too, and a sixth of the time went into looking through that, again and again.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
        gc.enable()


def pytest_runtest_setup() -> None:
    """What one test knows to be secret is none of the next one's business."""
    SECRETS.clear()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes have no part in a test's name: an archive holds the time, and every worker must collect the same names."""
    return argname if isinstance(val, bytes) else None
