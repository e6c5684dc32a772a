from __future__ import annotations

import json
from decimal import Decimal

import pytest
from google.protobuf import json_format, struct_pb2
from hypothesis import given
from hypothesis import strategies as st

from preview.wire import (
    ARCHIVE,
    ASSET,
    OUTPUT,
    RESOURCE,
    SECRET,
    SIGNATURE,
    UNKNOWN_SENTINELS,
    UNKNOWN_STRING,
    is_secret,
    plain,
    plain_properties,
    read_struct,
    travelling,
    write_struct,
)
from pricing.resource import UNKNOWN, Plain

# What survives a float is what can travel: protobuf knows no other number.
NUMBERS = st.floats(allow_nan=False, allow_infinity=False).map(
    lambda number: Decimal(int(number)) if number.is_integer() else Decimal(repr(number))
)
KEYS = st.text(max_size=8).filter(lambda key: key != SIGNATURE)
LEAVES = st.none() | st.booleans() | NUMBERS | st.text(max_size=20) | st.just(UNKNOWN)
VALUES: st.SearchStrategy[Plain] = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)
PROPERTIES = st.dictionaries(KEYS, VALUES, max_size=5)


def struct(properties: dict[str, object]) -> struct_pb2.Struct:
    return json_format.ParseDict(properties, struct_pb2.Struct())


@given(PROPERTIES)
def test_plain_values_come_back_as_they_left(properties: dict[str, Plain]) -> None:
    found, secrets = plain_properties(read_struct(write_struct(properties)))
    assert found == properties
    assert not secrets


@given(PROPERTIES)
def test_secrets_come_back_unwrapped_and_named(properties: dict[str, Plain]) -> None:
    found, secrets = plain_properties(read_struct(write_struct(properties, frozenset(properties))))
    assert found == properties
    assert secrets == frozenset(properties)


@given(VALUES)
def test_no_sentinel_is_left_in_a_plain_value(value: Plain) -> None:
    text = json.dumps(plain(travelling(value)), default=str)
    assert not any(sentinel in text for sentinel in UNKNOWN_SENTINELS)


@given(VALUES, st.booleans())
def test_a_secret_is_found_however_deep(value: Plain, in_list: bool) -> None:
    wrapped = {SIGNATURE: SECRET, "value": travelling(value)}
    assert is_secret({"outer": [wrapped] if in_list else {"inner": wrapped}})
    assert not is_secret({"outer": travelling(value)})


@pytest.mark.parametrize("sentinel", sorted(UNKNOWN_SENTINELS))
def test_every_sentinel_is_unknown(sentinel: str) -> None:
    assert plain({"a": [sentinel]}) == {"a": [UNKNOWN]}


def test_the_sentinels_are_those_of_the_sdk() -> None:
    from pulumi.runtime import rpc
    from pulumi_policy import proxy

    known = {value for name, value in vars(proxy).items() if name.startswith("UNKNOWN_") and isinstance(value, str)}
    assert known == UNKNOWN_SENTINELS
    assert rpc.UNKNOWN == UNKNOWN_STRING
    assert (rpc._special_sig_key, rpc._special_secret_sig, rpc._special_output_value_sig) == (SIGNATURE, SECRET, OUTPUT)
    assert (rpc._special_asset_sig, rpc._special_archive_sig, rpc._special_resource_sig) == (ASSET, ARCHIVE, RESOURCE)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({SIGNATURE: SECRET, "value": UNKNOWN_STRING}, UNKNOWN),
        ({SIGNATURE: OUTPUT, "value": 2.0, "dependencies": ["urn:x"]}, Decimal(2)),
        ({SIGNATURE: OUTPUT, "dependencies": ["urn:x"]}, UNKNOWN),
        ({SIGNATURE: RESOURCE, "urn": "urn:x", "id": "i-1"}, "i-1"),
        ({SIGNATURE: RESOURCE, "urn": "urn:x", "id": ""}, UNKNOWN),
        ({SIGNATURE: RESOURCE, "urn": "urn:x"}, "urn:x"),
        ({SIGNATURE: ASSET, "text": "hello", "hash": "h"}, {"text": "hello", "hash": "h"}),
        (float("nan"), UNKNOWN),
        (float("inf"), UNKNOWN),
        (1e22, Decimal(10**22)),
        (0.1, Decimal("0.1")),
        (True, True),
    ],
)
def test_values_by_example(value: object, expected: Plain) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)


def test_a_secret_output_value_is_secret() -> None:
    assert is_secret({SIGNATURE: OUTPUT, "value": "x", "secret": True})
    assert not is_secret({SIGNATURE: OUTPUT, "value": "x", "secret": False})


def test_keys_come_in_order_of_name() -> None:
    assert list(read_struct(struct({"b": 1, "a": 2, "c": 3}))) == ["a", "b", "c"]


def test_what_cannot_travel_is_refused() -> None:
    with pytest.raises(TypeError, match="type set cannot travel"):
        plain({"a": {1}})
