"""S3: what a bucket stores in each class, how often it is asked, what comes back out of an archive."""

from __future__ import annotations

from collections.abc import Iterator

from pricing.billing import Billing
from pricing.line_item import LineItem
from pricing.registry import UsageKey, priced

BUCKETS = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
_THOUSAND = 1_000
_CLASSES = {
    "standard_ia": "Standard-IA",
    "one_zone_ia": "One Zone-IA",
    "intelligent_frequent": "Intelligent-Tiering, frequent access",
    "intelligent_infrequent": "Intelligent-Tiering, infrequent access",
    "intelligent_archive_instant": "Intelligent-Tiering, archive instant access",
    "glacier_instant": "Glacier Instant Retrieval",
    "glacier_flexible": "Glacier Flexible Retrieval",
    "glacier_deep_archive": "Glacier Deep Archive",
}
_RETRIEVED = ("standard_ia", "one_zone_ia", "glacier_instant", "glacier_flexible", "glacier_deep_archive")
_ASKED = {"write": "PUT, COPY, POST and LIST", "read": "GET and other", "retrieval": "standard retrieval"}
_ARCHIVES = ("glacier_flexible", "glacier_deep_archive")
NONCURRENT = UsageKey(
    name="noncurrent_gb",
    unit="GB",
    meaning="noncurrent versions kept in S3 Standard, averaged over the month: each is a whole object",
)


def _asked(key: str) -> list[tuple[str, str]]:
    """The kinds of requests of a class: archives bill each retrieval as one more."""
    return [(word, name) for word, name in _ASKED.items() if word != "retrieval" or key in _ARCHIVES]


def _optional_usage() -> Iterator[UsageKey]:
    for key, name in _CLASSES.items():
        yield UsageKey(name=f"{key}_gb", unit="GB", meaning=f"average stored in {name}", default="0")
    for key in _RETRIEVED:
        yield UsageKey(name=f"{key}_retrieved_gb", unit="GB", meaning=f"read a month from {_CLASSES[key]}", default="0")
        for word, name in _asked(key):
            meaning = f"{name} requests a month in {_CLASSES[key]}"
            yield UsageKey(name=f"{key}_{word}_requests", unit="requests", meaning=meaning, default="0")
    yield UsageKey(
        name="intelligent_objects",
        unit="objects",
        meaning="monitored objects, of 128 KB or more",
        default="0",
    )
    yield UsageKey(name="internet_out_gb", unit="GB", meaning="data sent to the internet a month", default="0")


@priced(
    *BUCKETS,
    usage=[
        UsageKey(name="storage_gb", unit="GB", meaning="current objects in S3 Standard, averaged over the month"),
        UsageKey(name="write_requests", unit="requests", meaning="PUT, COPY, POST and LIST requests a month"),
        UsageKey(name="read_requests", unit="requests", meaning="GET and all other requests a month"),
        UsageKey(
            name=NONCURRENT.name,
            unit=NONCURRENT.unit,
            meaning=f"{NONCURRENT.meaning}; asked when the bucket itself turns versioning on",
        ),
        *_optional_usage(),
    ],
    by_usage=True,
)
def bucket(b: Billing) -> Iterator[LineItem]:
    """A bucket bills what it stores and each request; other classes and retrievals when they are declared."""
    yield b.usage_item("Standard storage", "s3.storage.standard", "storage_gb")
    if b.use("noncurrent_gb") is not None or b.flag("versioning.enabled", unknown=True):
        yield b.usage_item("Noncurrent versions", "s3.storage.standard", "noncurrent_gb")
    yield b.usage_item("PUT, COPY, POST, LIST requests", "s3.requests.write", "write_requests", divisor=_THOUSAND)
    yield b.usage_item("GET and other requests", "s3.requests.read", "read_requests", divisor=_THOUSAND)
    for key, name in _CLASSES.items():
        yield from b.optional_item(f"{name} storage", f"s3.storage.{key}", f"{key}_gb")
    for key in _RETRIEVED:
        yield from b.optional_item(f"{_CLASSES[key]} retrieval", f"s3.retrieval.{key}", f"{key}_retrieved_gb")
        for word, asked in _asked(key):
            name = f"{_CLASSES[key]}, {asked} requests"
            yield from b.optional_item(name, f"s3.requests.{word}.{key}", f"{key}_{word}_requests", divisor=_THOUSAND)
    yield from b.optional_item(
        "Intelligent-Tiering monitoring", "s3.intelligent_monitoring", "intelligent_objects", divisor=_THOUSAND
    )
    yield from b.optional_item("Data to the internet", "data_transfer.internet_out", "internet_out_gb")
