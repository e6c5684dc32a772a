from __future__ import annotations

from typing import Any

import pytest
from botocore.session import get_session
from hypothesis import given
from hypothesis import strategies as st

from runners.backup.databases.database_comparison import EXCEPTIONS, WORDS, differences, lost, settings

SHAPE: Any = get_session().get_service_model("rds").shape_for("DBInstance")


def value(shape: Any, seed: int) -> Any:
    """A value of a shape, other for each seed."""
    if shape.type_name == "structure":
        return {name: value(inner, seed) for name, inner in shape.members.items()}
    if shape.type_name == "list":
        return [value(shape.member, seed)]
    return {"string": f"v{seed}", "integer": seed, "boolean": bool(seed % 2)}.get(shape.type_name, seed)


def paths(shape: Any, path: str = "") -> dict[str, Any]:
    """Every leaf of the answer, and every list and structure, by path."""
    found = {}
    for name, inner in shape.members.items():
        where = f"{path}{name}"
        found[where] = inner
        held = inner.member if inner.type_name == "list" else inner
        if held.type_name == "structure":
            found |= paths(held, f"{where}.")
    return found


def test_every_member_of_rds_s_answer_is_compared_in_words_or_excepted_with_a_reason() -> None:
    """A new one is compared under AWS's name; somebody has to say what it is, and how it comes back."""
    known = set(SHAPE.members)
    assert WORDS.keys() | {path for path in EXCEPTIONS if "." not in path} == known
    assert not WORDS.keys() & EXCEPTIONS.keys()
    assert EXCEPTIONS.keys() <= paths(SHAPE).keys()
    assert all(EXCEPTIONS.values())


@pytest.mark.parametrize("path", sorted(paths(SHAPE)))
def test_every_change_is_seen_unless_it_is_excepted(path: str) -> None:
    first, second = value(SHAPE, 3), value(SHAPE, 3)
    *above, last = path.split(".")
    place = second
    for name in above:
        place = place[name][0] if isinstance(place[name], list) else place[name]
    shape = paths(SHAPE)[path]
    place[last] = value(shape, 4)
    parts = [".".join(path.split(".")[: number + 1]) for number in range(len(path.split(".")))]
    inner = [known for known in EXCEPTIONS if known.startswith(f"{path}.")]
    leaves = [known for known in paths(SHAPE) if known.startswith(f"{path}.")]
    excepted = any(part in EXCEPTIONS for part in parts) or (bool(leaves) and len(inner) == len(leaves))
    seen = {held.member for held in differences(first, second)}
    assert seen == (set() if excepted else {parts[0]})


@given(st.permutations(["a", "b", "c"]))
def test_order_means_nothing(groups: list[str]) -> None:
    def described(names: list[str]) -> dict[str, Any]:
        return {
            "VpcSecurityGroups": [{"VpcSecurityGroupId": name, "Status": "active"} for name in names],
            "EnabledCloudwatchLogsExports": names,
        }

    assert not list(differences(described(["a", "b", "c"]), described(groups)))


@pytest.mark.parametrize("off", [None, "", [], {}, False, 0])
def test_what_is_off_is_as_what_is_not_said(off: Any) -> None:
    assert not list(differences({"MonitoringInterval": off}, {}))
    assert [held.what for held in differences({"MonitoringInterval": 60}, {"MonitoringInterval": off})] == [
        "enhanced monitoring"
    ]


def test_what_is_off_within_a_structure_is_as_a_structure_that_is_not_said() -> None:
    assert not list(differences({"MasterUserSecret": {"KmsKeyId": ""}}, {}))
    assert settings({"DBSubnetGroup": {"DBSubnetGroupName": "a", "Subnets": [], "X": []}}) == {
        "DBSubnetGroup": {"DBSubnetGroupName": "a"}
    }


def test_what_was_added_is_a_difference_too() -> None:
    [found] = differences({}, {"PubliclyAccessible": True})
    assert (found.what, found.expected, found.observed) == ("access from outside the VPC", "none", "on")


def test_tags_of_aws_are_its_own() -> None:
    def tagged(**tags: str) -> dict[str, Any]:
        return {"TagList": [{"Key": key.replace("_", ":"), "Value": text} for key, text in tags.items()]}

    assert not list(differences(tagged(team="shop", aws_stack="x"), tagged(team="shop")))
    assert list(differences(tagged(team="shop"), tagged(team="other")))


def test_what_nobody_puts_back_is_named_with_its_value() -> None:
    described = {"ActivityStreamStatus": "started", "ReadReplicaDBInstanceIdentifiers": [], "MultiAZ": True}
    assert lost(described) == ["the activity stream (started)"]
    assert settings({"DBInstanceArn": "x", "MultiAZ": True}) == {"MultiAZ": True}
