from __future__ import annotations

import pytest

from pricing.registry import Classification, rule_for


@pytest.mark.parametrize(
    ("token", "word"),
    [
        ("command:local:Command", "declaredCosts"),
        ("command:remote:CopyToRemote", "declaredCosts"),
        ("docker:index/container:Container", "Docker engine"),
        ("docker-build:index:Image", "Docker engine"),
        ("random:index/randomPet:RandomPet", "nothing exists in the cloud"),
        ("random:index/randomUuid7:RandomUuid7", "nothing exists in the cloud"),
        ("tls:index/privateKey:PrivateKey", "nothing exists in the cloud"),
        ("time:index/sleep:Sleep", "nothing exists in the cloud"),
        ("archive:index/file:File", "the machine that runs the program"),
        ("null:index/resource:Resource", "nothing"),
    ],
)
def test_what_makes_nothing_in_aws_is_free_with_a_word_why(token: str, word: str) -> None:
    entry = rule_for(token)
    assert entry is not None
    assert (entry.classification, entry.rule) == (Classification.FREE, None)
    assert word in entry.why


@pytest.mark.parametrize(
    "token", ["command:cloud:Command", "docker:index/thing:Thing", "cloudflare:index/record:Record"]
)
def test_what_nobody_looked_at_is_not(token: str) -> None:
    assert rule_for(token) is None
