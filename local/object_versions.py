"""Versions of objects as S3 lists them: moto sorts them by their time, and gives versions and markers apart.

S3 lists the versions of a key "in the order in which they were stored, with the most recently stored returned first",
versions and delete markers mixed (S3 user guide, "Listing objects in a versioning-enabled bucket"), with whole seconds,
and dates a multipart upload by its beginning (S3 user guide, "Checking object integrity", "Copying objects": the
creation date of such an object is "the date of initiation of the multipart upload").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote_plus
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket, S3Backend
    from moto.s3.responses import S3Response

_MOST: Final = 1000
_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
)
_OWNER: Final = "<Owner><ID>75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a</ID></Owner>"
# S3 leaves these as they are and writes a space as a plus sign.
_UNQUOTED: Final = "/*-._"


@dataclass(frozen=True)
class Asked:
    """The parameters of one ListObjectVersions request."""

    prefix: str
    key_marker: str
    version_marker: str
    most: int
    encoded: bool


def list_as_s3_does() -> None:
    """Teaches moto S3's order of versions and S3's dates of multipart uploads."""
    from moto.s3.models import FakeMultipart, S3Backend
    from moto.s3.responses import S3Response

    plain = S3Response.list_object_versions

    def listed(response: S3Response) -> Any:
        # Nothing of this project asks for folders.
        if response.querystring.get("delimiter"):
            return plain(response)
        return 200, {"Content-Type": "application/xml"}, _answer(response)

    S3Response.list_object_versions = listed  # type: ignore[method-assign,assignment]
    _date_by_the_beginning(FakeMultipart, S3Backend)


def _date_by_the_beginning(uploads: Any, backends: Any) -> None:
    from moto.core.utils import utcnow

    begin, complete = uploads.__init__, backends.complete_multipart_upload

    def begun(upload: Any, *given: Any, **named: Any) -> None:
        begin(upload, *given, **named)
        upload.ial_began = utcnow()

    def completed(backend: S3Backend, bucket_name: str, multipart_id: str, body: Any) -> Any:
        upload: Any = backend.get_bucket(bucket_name).multiparts.get(multipart_id)
        key: Any = complete(backend, bucket_name, multipart_id, body)
        if key is not None and upload is not None:
            key.last_modified = upload.ial_began
        return key

    uploads.__init__ = begun
    backends.complete_multipart_upload = completed


def _answer(response: S3Response) -> str:
    given = {name: values[0] for name, values in response._get_querystring(response.request, response.uri).items()}
    asked = Asked(
        prefix=given.get("prefix", ""),
        key_marker=given.get("key-marker", ""),
        version_marker=given.get("version-id-marker", ""),
        most=min(_MOST, int(given.get("max-keys", _MOST))),
        encoded=given.get("encoding-type") == "url",
    )
    bucket = response.backend.get_bucket(response.bucket_name)
    return "".join(_document(bucket, asked))


def _document(bucket: FakeBucket, asked: Asked) -> Iterator[str]:
    found = list(_page(bucket, asked))
    more, page = len(found) > asked.most, found[: asked.most]
    yield _HEAD
    yield f"<Name>{bucket.name}</Name><Prefix>{_text(asked.prefix, asked)}</Prefix>"
    yield f"<KeyMarker>{_text(asked.key_marker, asked)}</KeyMarker>"
    yield f"<VersionIdMarker>{escape(asked.version_marker)}</VersionIdMarker><MaxKeys>{asked.most}</MaxKeys>"
    yield "<EncodingType>url</EncodingType>" if asked.encoded else ""
    yield f"<IsTruncated>{str(more).lower()}</IsTruncated>"
    if more and page:
        last = page[-1][0]
        yield f"<NextKeyMarker>{_text(last.name, asked)}</NextKeyMarker>"
        yield f"<NextVersionIdMarker>{last.version_id}</NextVersionIdMarker>"
    for version, newest in page:
        yield _entry(version, newest, asked)
    yield "</ListVersionsResult>"


def _page(bucket: FakeBucket, asked: Asked) -> Iterator[tuple[Any, bool]]:
    """What follows the markers, and one more, so that it is known whether there is more."""
    left = asked.most + 1
    for key, held in _keys(bucket, asked):
        history = list(reversed(held))
        start = _after(history, asked.version_marker) if key == asked.key_marker and asked.key_marker else 0
        for place in range(start, len(history)):
            if left == 0:
                return
            left -= 1
            yield history[place], place == 0


def _keys(bucket: FakeBucket, asked: Asked) -> Iterable[tuple[str, list[Any]]]:
    chosen = [
        (key, list(held))
        for key, held in dict(bucket.keys._iterlists()).items()
        if key.startswith(asked.prefix) and key >= asked.key_marker
    ]
    # S3 sorts by the bytes of UTF-8, which is the order of code points.
    return sorted(chosen, key=lambda pair: pair[0])


def _after(history: list[Any], marker: str) -> int:
    if not marker:
        return len(history)
    places = [place for place, version in enumerate(history) if version.version_id == marker]
    return places[0] + 1 if places else 0


def _entry(version: Any, newest: bool, asked: Asked) -> str:
    from moto.s3.models import FakeDeleteMarker

    kind = "DeleteMarker" if isinstance(version, FakeDeleteMarker) else "Version"
    said = (
        f"<Key>{_text(version.name, asked)}</Key><VersionId>{version.version_id}</VersionId>"
        f"<IsLatest>{str(newest).lower()}</IsLatest><LastModified>{version.last_modified_ISO8601}</LastModified>"
    )
    if kind == "Version":
        said += f"<ETag>{escape(version.etag)}</ETag><Size>{version.size}</Size>"
        said += f"<StorageClass>{version.storage_class}</StorageClass>{_retrieval(version)}"
    return f"<{kind}>{said}{_OWNER}</{kind}>"


def _retrieval(version: Any) -> str:
    if version.expiry_date is None:
        return ""
    going_on = str(version.status == "IN_PROGRESS").lower()
    return f"<RestoreStatus><IsRestoreInProgress>{going_on}</IsRestoreInProgress></RestoreStatus>"


def _text(name: str, asked: Asked) -> str:
    if asked.encoded:
        return quote_plus(name, safe=_UNQUOTED)
    return "".join(f"&#x{ord(sign):x};" if ord(sign) < ord(" ") else escape(sign) for sign in name)
