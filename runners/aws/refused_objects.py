"""Tells a refusal that concerns one object from a failure that concerns all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from botocore.exceptions import ClientError, ParamValidationError

from runners.backup.buckets.objects import ObjectRefused
from runners.errors import AwsError

_CLIENT_ERRORS: Final = range(400, 500)
# S3 API reference, "Error responses": of the bucket, the caller or the moment, whatever the object.
_OF_ALL: Final = frozenset(
    {
        *("NoSuchBucket", "AllAccessDisabled", "AccountProblem", "PermanentRedirect", "AuthorizationHeaderMalformed"),
        *("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired"),
        *("RequestTimeTooSkewed", "RequestTimeout", "SlowDown", "Throttling", "ThrottlingException"),
        *("RequestExpired", "NotSignedUp", "TooManyRequestsException", "KMS.ThrottlingException"),
    }
)
_TOO_MANY: Final = (408, 429)
_WORDS: Final = {
    "InvalidObjectState": "it is archived; retrieve it first (s3:RestoreObject)",
    "ObjectNotInActiveTierError": "it is archived; retrieve it first (s3:RestoreObject)",
    "KeyTooLongError": "its key with the prefix is longer than 1,024 bytes",
    "AccessDenied": "access is denied",
    "403": "access is denied",
    "NoSuchKey": "it is gone",
    "NoSuchVersion": "it is gone",
    "404": "it is gone",
}
# Without the key S3 answers a HEAD with 400 and nothing else, a GET or a copy with InvalidRequest and this text.
_CUSTOMER_KEY: Final = "Server Side Encryption"
_NEEDS_KEY: Final = "it needs the key that it was encrypted with (SSE-C), which only its owner has"


@contextmanager
def about() -> Iterator[None]:
    """Raises ObjectRefused for refusals that concern the object of the calls alone; everything else passes.

    Raises:
        ObjectRefused: its message says what is the matter with the object, in words for people.
    """
    try:
        yield
    except AwsError as error:
        if not _concerns_one(error):
            raise
        msg = f"{_words(error)} ({error.operation}: {error.code})"
        raise ObjectRefused(msg, operation=error.operation, code=error.code) from error


def _concerns_one(error: AwsError) -> bool:
    cause = error.__cause__
    if isinstance(cause, ParamValidationError):
        return True
    if not isinstance(cause, ClientError) or error.code in _OF_ALL:
        return False
    status = cause.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status in _CLIENT_ERRORS and status not in _TOO_MANY


def _words(error: AwsError) -> str:
    if error.code == "400" or (error.code == "InvalidRequest" and _CUSTOMER_KEY in str(error)):
        return _NEEDS_KEY
    if error.code.startswith("KMS."):
        return "its KMS key cannot be used"
    return _WORDS.get(error.code, "S3 refused it")
