"""Lifecycle rules of buckets as S3 keeps them: moto loses fields that it does not know, and takes what S3 refuses.

The configuration that was put is what comes back, with the bucket's minimum size for transitions, which stands in a
header (API_PutBucketLifecycleConfiguration).
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import parse_qs
from xml.etree import ElementTree

from local.web import Environ, Start, Wsgi

_HEADER: Final = "x-amz-transition-default-minimum-object-size"
_DEFAULT_SIZE: Final = "all_storage_classes_128K"
_MOST_RULES: Final = 1000


class LifecycleExtension:
    """A WSGI application that remembers lifecycle configurations, and passes everything on to moto."""

    def __init__(self, inner: Wsgi) -> None:
        self._inner = inner
        self._kept: dict[str, tuple[bytes, str]] = {}

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Serves one request."""
        if "lifecycle" not in parse_qs(str(environ.get("QUERY_STRING", "")), keep_blank_values=True):
            return self._inner(environ, start_response)
        bucket, method = str(environ.get("PATH_INFO", "")).strip("/"), environ.get("REQUEST_METHOD")
        if method == "PUT":
            return self._put(bucket, environ, start_response)
        answer = _Answer()
        body = answer.of(self._inner, environ)
        if method == "DELETE" and answer.is_good:
            self._kept.pop(bucket, None)
        if method == "GET" and answer.is_good and bucket in self._kept:
            document, size = self._kept[bucket]
            start_response("200 OK", [("Content-Type", "application/xml"), (_HEADER, size)])
            return [document]
        start_response(answer.status, answer.headers)
        return [body]

    def _put(self, bucket: str, environ: Environ, start_response: Start) -> Iterable[bytes]:
        document = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if refused := refusal(document):
            code, message = refused
            start_response("400 Bad Request", [("Content-Type", "application/xml")])
            return [f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()]
        answer = _Answer()
        body = answer.of(self._inner, {**environ, "wsgi.input": io.BytesIO(document)})
        if answer.is_good:
            self._kept[bucket] = (
                document,
                str(environ.get("HTTP_X_AMZ_TRANSITION_DEFAULT_MINIMUM_OBJECT_SIZE") or _DEFAULT_SIZE),
            )
        start_response(answer.status, answer.headers)
        return [body]


def refusal(document: bytes) -> tuple[str, str] | None:
    """What S3 says against a configuration: error code and message."""
    rules = [node for node in ElementTree.fromstring(document) if _tag(node) == "Rule"]
    if not rules:
        return (
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema",
        )
    if len(rules) > _MOST_RULES:
        return (
            "InvalidRequest",
            f"The number of lifecycle rules must not exceed the allowed limit of {_MOST_RULES} rules",
        )
    ids = [node.text for rule in rules for node in rule if _tag(node) == "ID"]
    if len(set(ids)) < len(ids):
        return "InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule"
    forms = {_tag(node) for rule in rules for node in rule} & {"Prefix", "Filter"}
    if len(forms) > 1:
        return (
            "InvalidRequest",
            "Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.",
        )
    return None


class _Answer:
    """What the application behind answers, held back until it is known what becomes of it."""

    def __init__(self) -> None:
        self.status, self.headers = "", list[tuple[str, str]]()

    @property
    def is_good(self) -> bool:
        """Whether it was done."""
        return self.status.startswith("2")

    def of(self, inner: Wsgi, environ: Environ) -> bytes:
        """Asks, and returns the body."""

        def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
            self.status, self.headers = status, headers

        return b"".join(inner(environ, start))


def _tag(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2]
