"""Tries again what AWS refuses because another change of the same resource is still under way."""

import time
from collections.abc import Callable, Sequence
from typing import Final

# CloudWatch Logs: "Multiple concurrent requests to update the same resource were in conflict" (API_PutRetentionPolicy);
# S3: "A conflicting conditional operation is currently in progress" (409); DynamoDB: the table is being updated.
BUSY: Final = frozenset(
    {
        *("OperationAbortedException", "OperationAborted", "ResourceInUseException", "ConflictException"),
        *("ContinuousBackupsUnavailableException", "LimitExceededException", "ConcurrentModificationException"),
        *("UpdateInProgressException", "TooManyUpdates", "InvalidDBInstanceState"),
    }
)
WAITS_SECONDS: Final = (0.5, 1, 2, 4, 8, 8, 8)


def patiently(
    act: Callable[[], None], waits: Sequence[float] = WAITS_SECONDS, sleep: Callable[[float], None] = time.sleep
) -> None:
    """Acts, and again after each wait while AWS says that it is busy.

    Raises:
        ClientError: it still is busy, or refuses for another reason.
    """
    from botocore.exceptions import ClientError

    for wait in waits:
        try:
            return act()
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") not in BUSY:
                raise
        sleep(wait)
    return act()
