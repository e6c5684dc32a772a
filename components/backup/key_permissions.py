"""What may be done with customer keys: only with those that the configuration names, and only through the service."""

from collections.abc import Sequence

from components.place import Place
from components.roles import Statement, allow

# The least that DynamoDB asks of whoever uses a table with such a key:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
_OF_TABLES = ("Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "DescribeKey", "CreateGrant")
# Reading decrypts, writing makes a data key, and a multipart copy does both:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
_OF_OBJECTS = ("Decrypt", "GenerateDataKey")
# A restore makes a grant for RDS: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
_OF_DATABASES = ("DescribeKey", "CreateGrant")


def table_keys(place: Place, keys: Sequence[str]) -> list[Statement]:
    """For scans, sentinels, copies and restores of tables with these keys."""
    return _through(place, "dynamodb", "UseTableKeys", _OF_TABLES, keys)


def object_keys(place: Place, keys: Sequence[str]) -> list[Statement]:
    """For reads, copies and sentinels of objects with these keys."""
    return _through(place, "s3", "UseObjectKeys", _OF_OBJECTS, keys)


def database_keys(place: Place, keys: Sequence[str]) -> list[Statement]:
    """For restores and copies of a database with this key."""
    return _through(place, "rds", "UseDatabaseKey", _OF_DATABASES, keys)


def _through(place: Place, service: str, sid: str, calls: Sequence[str], keys: Sequence[str]) -> list[Statement]:
    if not keys:
        return []
    via = f"{service}.{place.region}.amazonaws.com"
    return [allow(sid, [f"kms:{call}" for call in calls], sorted(set(keys)), StringEquals={"kms:ViaService": via})]
