from __future__ import annotations

from contract.fingerprint import fingerprint


def test_the_order_of_keys_says_nothing_and_each_value_does() -> None:
    content = {"actions": {"a": 1, "b": [1, 2]}, "roleArn": "x"}
    assert fingerprint(content) == fingerprint({"roleArn": "x", "actions": {"b": [1, 2], "a": 1}})
    assert fingerprint(content) != fingerprint(content | {"roleArn": "y"})
    assert fingerprint(content) != fingerprint(content | {"actions": {"a": 1, "b": [2, 1]}})


def test_what_is_noted_in_stacks_stays_the_same() -> None:
    """Runners compare it with what an applied stack's outputs say."""
    assert fingerprint({"a": [1, "b"]}) == "ee70aef572200b15408cec63724334e0ccd6c2b5d1cd7225a7f6a3f2a9aa80a9"
