from __future__ import annotations

from collections.abc import Collection

import pytest

from pricing.pairing import earlier_keys, stack_free


@pytest.mark.parametrize(
    ("base", "head", "pairs"),
    [
        ([], {"a": []}, {}),
        (["a"], {"a": []}, {"a": "a"}),
        # Renamed: the first alias that the base has.
        (["old"], {"new": ["older", "old"]}, {"new": "old"}),
        (["old"], {"new": ["unheard-of"]}, {}),
        # Its own name comes before its aliases, also before those of others.
        (["a", "b"], {"a": ["b"]}, {"a": "a"}),
        (["a"], {"new": ["a"], "a": []}, {"a": "a"}),
        # Nothing is taken twice.
        (["old"], {"one": ["old"], "two": ["old"]}, {"one": "old"}),
        (["old", "older"], {"one": ["old"], "two": ["old", "older"]}, {"one": "old", "two": "older"}),
    ],
)
def test_what_a_resource_was_called_in_the_base(
    base: Collection[str], head: dict[str, list[str]], pairs: dict[str, str]
) -> None:
    assert earlier_keys(base, head) == pairs


def test_a_name_is_the_same_in_every_stack_and_project() -> None:
    of = "aws:s3/bucket:Bucket::assets"
    assert stack_free(f"urn:pulumi:dev::ial::{of}") == stack_free(f"urn:pulumi:prod::other::{of}") == of
    assert stack_free("assets") == "assets"
