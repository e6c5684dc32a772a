"""A digest of a whole table in constant memory: it does not depend on the order in which items are read.

Items fall into 65,536 buckets by their key. A bucket holds how many items it has and the sum of their SHA-256 digests
modulo 2^256. Two tables whose buckets are equal hold the same items; one changed item makes exactly one bucket differ.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Self

from contract.writing.errors import WritingError
from contract.writing.files import write_whole
from runners.errors import JournalError

BUCKETS: Final = 65_536
_MODULUS: Final = 2**256
# A bucket in a file: its count and its sum.
_BUCKET: Final = struct.Struct(">I32s")
_NOTHING: Final = (0, bytes(32))
_PACKED: Final = struct.Struct(">H32s")
_PLAIN: Final = frozenset({"S", "B", "BOOL", "NULL"})
_SETS: Final = frozenset({"SS", "BS"})
# A set, a number that can be written in another way, a kind that is not known: the few items that have to be settled.
_UNSETTLED: Final = re.compile(
    r'"(?:SS|NS|BS)":\[|"N":"(?!(?:0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d*[1-9])")|"(?!S"|N"|B"|BOOL"|NULL"|M"|L")[A-Z]{1,4}":'
)

# Each item's bucket and digest.
Digests = list[tuple[int, int]]


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


_ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=_base64)


class Manifest:
    """The digest of one table. Threads may add pages at the same time."""

    def __init__(self) -> None:
        self.counts = [0] * BUCKETS
        self.sums = [0] * BUCKETS
        self._lock = threading.Lock()

    @property
    def items(self) -> int:
        """How many items were added."""
        return sum(self.counts)

    def add(self, page: Iterable[tuple[int, int]]) -> None:
        """Adds items as `digested` gives them."""
        with self._lock:
            for bucket, digest in page:
                self.counts[bucket] += 1
                self.sums[bucket] = (self.sums[bucket] + digest) % _MODULUS

    def buckets(self) -> Iterator[tuple[int, int]]:
        """Each bucket's count and sum."""
        return zip(self.counts, self.sums, strict=True)

    @property
    def digest(self) -> str:
        """One text for the whole table."""
        return _digest(self._bytes())

    def write(self, path: Path) -> str:
        """Writes the manifest and returns the digest that `read` asks for.

        Raises:
            JournalError: it could not be written.
        """
        data = self._bytes()
        try:
            write_whole(path, data)
        except WritingError as error:
            msg = f"{error}; then resume the run"
            raise JournalError(msg) from error
        return _digest(data)

    @classmethod
    def read(cls, path: Path, digest: str) -> Self:
        """The manifest that was written.

        Raises:
            JournalError: it is gone, or is not the one with this digest.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            msg = f"{path}: {error.strerror}; the run cannot be resumed, start another one"
            raise JournalError(msg) from error
        if _digest(data) != digest:
            msg = f"{path}: is not what the run wrote; the run cannot be resumed, start another one"
            raise JournalError(msg)
        found = cls()
        for number, held in enumerate(_BUCKET.iter_unpack(data)):
            # Most tables leave most buckets empty.
            if held != _NOTHING:
                found.counts[number], found.sums[number] = held[0], int.from_bytes(held[1], "big")
        return found

    def _bytes(self) -> bytes:
        data = bytearray(BUCKETS * _BUCKET.size)
        for number, (count, total) in enumerate(self.buckets()):
            if count or total:
                _BUCKET.pack_into(data, number * _BUCKET.size, count, total.to_bytes(32, "big"))
        return bytes(data)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digested(items: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> Digests:
    """Each item's bucket and digest."""
    return unpacked(packed(items, keys))


def packed(items: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> bytes:
    """Each item's bucket and digest, one after the other in 34 bytes each."""
    sha256 = hashlib.sha256
    return b"".join(
        [
            part
            for item in items
            for part in (
                sha256(key_text(item, keys).encode()).digest()[:2],
                sha256(canonical(item).encode()).digest(),
            )
        ]
    )


def unpacked(data: bytes) -> Digests:
    """What `packed` put together."""
    return [(bucket, int.from_bytes(digest, "big")) for bucket, digest in _PACKED.iter_unpack(data)]


def bucket_of(item: Mapping[str, Any], keys: Sequence[str]) -> int:
    """The bucket into which an item falls."""
    return int.from_bytes(hashlib.sha256(key_text(item, keys).encode()).digest()[:2], "big")


def key_text(item: Mapping[str, Any], keys: Sequence[str]) -> str:
    """An item's key: `order-17`, or `order-17 / 2026` with a sort key."""
    return " / ".join(_key(item[name]) for name in keys)


def canonical(item: Mapping[str, Any]) -> str:
    """An item as one text: the same for every way of writing the same values."""
    text = _ENCODER.encode(item)
    if _UNSETTLED.search(text) is None:
        return text
    return _ENCODER.encode({name: _normal(value) for name, value in item.items()})


def _key(value: Mapping[str, Any]) -> str:
    [(kind, held)] = value.items()
    return held if kind == "S" else str(next(iter(_normal(value).values())))


def _normal(value: Mapping[str, Any]) -> Mapping[str, Any]:
    for kind, held in value.items():
        if kind in _PLAIN:
            return {kind: base64.b64encode(held).decode()} if isinstance(held, bytes) else value
        if kind == "N":
            return {kind: _number(held)}
        if kind == "M":
            return {kind: {name: _normal(inner) for name, inner in held.items()}}
        if kind == "L":
            return {kind: [_normal(inner) for inner in held]}
        if kind == "NS":
            return {kind: sorted(map(_number, held))}
        if kind in _SETS:
            return {kind: sorted(base64.b64encode(e).decode() if isinstance(e, bytes) else e for e in held)}
    msg = f"{value!r} is not a value of DynamoDB"
    raise ValueError(msg)


def _number(text: str) -> str:
    if text.isdigit() and (text[0] != "0" or text == "0"):
        return text
    normal = Decimal(text).normalize()
    return "0" if normal == 0 else format(normal, "f")
