"""What an older task definition needs, where the answer comes in pieces."""

from __future__ import annotations

from runners.rollback.ecs_needs import needs_of
from runners.rollback.version import Version
from tests.runners.rollback.kinds.answers import Answers


class InPages(Answers):
    """Empty first pages: who asks once alone finds nothing."""

    def ask(self, operation: str, about: str, **given: object) -> dict[str, object]:
        return {"Parameters": [], "NextToken": "more"}


def test_a_parameter_on_a_later_page_is_there() -> None:
    definition = {
        "containerDefinitions": [{"name": "web", "image": "web:1", "secrets": [{"name": "A", "valueFrom": "/a"}]}]
    }
    calls = InPages({})
    calls.all = lambda *_, **__: [{"Name": "/a"}]  # type: ignore[method-assign]
    assert needs_of(definition, Version(kind="ecs-service", name="shop/web"), calls) == []
