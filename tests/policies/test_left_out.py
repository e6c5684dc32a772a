"""What an update of some resources alone does not make: shown without inputs, and no policy speaks of it."""

from __future__ import annotations

import pytest

from contract.targets import Targets
from tests.policies.conftest import Declared, Servicer

NEW = Declared("aws:sns/topic:Topic", "new")


@pytest.mark.parametrize(
    ("targets", "inputs", "judged"),
    [
        (Targets(("**::other",)), {}, False),
        (Targets(("**::other",)), {"name": "new"}, True),
        (Targets(("**::new",)), {}, True),
        (Targets(), {}, True),
    ],
)
def test_only_what_no_target_names_and_shows_nothing_is_left_out(
    pack: Servicer, monkeypatch: pytest.MonkeyPatch, targets: Targets, inputs: dict[str, str], judged: bool
) -> None:
    for name, value in targets.environment().items():
        monkeypatch.setenv(name, value)
    said = pack.of("tags-present", Declared(NEW.type, NEW.name, inputs=dict(inputs)))
    assert bool(said) is judged
