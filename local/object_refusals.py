"""What S3 refuses or drops and moto lets through: keys that are too long, reads without a customer's key, redirects.

A key has at most 1,024 bytes of UTF-8 (S3 user guide, "Naming Amazon S3 objects"). Whoever encrypts with a key of their
own must send it again to read, to copy or to ask about the object; without it S3 answers 400 (S3 user guide, "Using
server-side encryption with customer-provided keys").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote, urlparse

if TYPE_CHECKING:
    from moto.s3.responses import S3Response

_LONGEST: Final = 1024
_KEY_OF_CUSTOMER: Final = "x-amz-server-side-encryption-customer-key-md5"
_KEY_OF_SOURCE: Final = "x-amz-copy-source-server-side-encryption-customer-key-md5"
# "This value is unique to each object and is not copied" (S3 API reference, CopyObject).
_REDIRECT: Final = "x-amz-website-redirect-location"
_SAID: Final = (
    "The object was stored using a form of Server Side Encryption. "
    "The correct parameters must be provided to retrieve the object."
)


def refuse_as_s3_does() -> None:
    """Teaches moto these refusals."""
    from moto.s3.responses import S3Response

    _refuse_long_keys(S3Response)
    _keep_customer_keys(S3Response)
    _refuse_copies(S3Response)


def _refuse_long_keys(responses: Any) -> None:
    put, post = responses._key_response_put, responses._key_response_post

    def put_key(response: Any, query: Any, key_name: str) -> Any:
        _refuse_long(key_name)
        return put(response, query, key_name)

    def post_key(response: Any, *given: Any, **named: Any) -> Any:
        _refuse_long(response.parse_key_name())
        return post(response, *given, **named)

    responses._key_response_put, responses._key_response_post = put_key, post_key


def _keep_customer_keys(responses: Any) -> None:
    store, get, head = responses.put_object, responses._get_key, responses.head_object

    def stored(response: Any) -> Any:
        answer = store(response)
        held: Any = response.backend.get_object(response.bucket_name, response.parse_key_name())
        if held is not None:
            held.ial_customer_key = response.headers.get(_KEY_OF_CUSTOMER)
        return answer

    def got(response: Any, *given: Any, **named: Any) -> Any:
        key, unmodified = get(response, *given, **named)
        _refuse_unreadable(key, response.headers.get(_KEY_OF_CUSTOMER))
        return key, unmodified

    def asked(response: Any, bucket_name: str, query: Any, key_name: str, headers: Any) -> Any:
        version = query.get("versionId", [None])[0]
        held = response.backend.get_object(bucket_name, key_name, version_id=version)
        if not _readable(held, headers.get(_KEY_OF_CUSTOMER)):
            # A HEAD has no body to say why in.
            return 400, {}, ""
        return head(response, bucket_name, query, key_name, headers)

    responses.put_object, responses._get_key, responses.head_object = stored, got, asked


def _refuse_copies(responses: Any) -> None:
    copy, part = responses.copy_object, responses.upload_part_copy

    def copied(response: Any) -> Any:
        _refuse_unreadable(_source(response), response.headers.get(_KEY_OF_SOURCE))
        answer = copy(response)
        _drop_redirect(response)
        return answer

    def part_copied(response: Any) -> Any:
        _refuse_unreadable(_source(response), response.headers.get(_KEY_OF_SOURCE))
        return part(response)

    responses.copy_object, responses.upload_part_copy = copied, part_copied


def _drop_redirect(response: S3Response) -> None:
    if _REDIRECT not in response.headers:
        made: Any = response.backend.get_object(response.bucket_name, response.parse_key_name())
        made.website_redirect_location = None
        made.metadata.pop(_REDIRECT, None)


def _source(response: S3Response) -> Any:
    parsed = urlparse(response.headers["x-amz-copy-source"])
    bucket, key = unquote(parsed.path).lstrip("/").split("/", 1)
    return response.backend.get_object(bucket, key, version_id=parse_qs(parsed.query).get("versionId", [None])[0])


def _readable(key: Any, given: str | None) -> bool:
    wanted = getattr(key, "ial_customer_key", None)
    return wanted is None or wanted == given


def _refuse_unreadable(key: Any, given: str | None) -> None:
    from moto.s3.exceptions import S3ClientError

    if not _readable(key, given):
        code = "InvalidRequest"
        raise S3ClientError(code, _SAID)


def _refuse_long(key: str) -> None:
    from moto.s3.exceptions import S3ClientError

    if len(key.encode()) > _LONGEST:
        code, said = "KeyTooLongError", "Your key is too long"
        raise S3ClientError(code, said)
