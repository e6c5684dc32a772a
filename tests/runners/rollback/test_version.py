"""Versions as records have them."""

from __future__ import annotations

from typing import Any

import pytest

from runners.rollback.version import Version, versions_in

WEB = Version(kind="ecs-service", name="shop/web", running="arn:1", images={"web": "sha256:a"})


def test_a_version_is_read_as_it_was_written() -> None:
    assert Version.read(WEB.document()) == WEB


def test_what_a_later_record_added_is_passed_over() -> None:
    assert versions_in({"versions": {"parts": [WEB.document() | {"region": "r"}]}}) == {WEB.part: WEB}


@pytest.mark.parametrize("broken", [{"kind": "ecs-service"}, "shop/web", None, 7])
def test_what_is_no_version_is_not_known(broken: Any) -> None:
    assert versions_in({"versions": {"parts": [broken, WEB.document()]}}) == {WEB.part: WEB}


@pytest.mark.parametrize("record", [{}, {"versions": None}, {"versions": {}}])
def test_records_of_before_name_none(record: dict[str, Any]) -> None:
    assert versions_in(record) == {}
