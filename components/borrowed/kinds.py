"""Which provider stands behind which type of the program's graph."""

from typing import Any, Final, Protocol

from pulumi.dynamic import ConfigureRequest

from components.borrowed.bucket_access import BucketPublicAccessProvider
from components.borrowed.bucket_encryption import BucketEncryptionProvider
from components.borrowed.bucket_lifecycle import BucketLifecycleProvider
from components.borrowed.bucket_policy import BucketPolicyProvider
from components.borrowed.bucket_versioning import BucketVersioningProvider
from components.borrowed.cluster_insights import ClusterInsightsProvider
from components.borrowed.decision import Decision
from components.borrowed.log_retention import LogRetentionProvider
from components.borrowed.name_guard import NameGuardProvider
from components.borrowed.table_deletion import DeletionProtectionProvider
from components.borrowed.table_recovery import ContinuousBackupsProvider


class Inspected(Protocol):
    """A provider that can say what it would do."""

    def configure(self, req: ConfigureRequest) -> None:
        """Takes the stack's access."""

    def inspect(self, props: dict[str, Any]) -> list[Decision]:
        """One decision a setting."""


PREFIX: Final = "pulumi-python:dynamic/"
KINDS: Final[dict[str, type[Inspected]]] = {
    f"{PREFIX}observability:LogRetention": LogRetentionProvider,
    f"{PREFIX}observability:ClusterInsights": ClusterInsightsProvider,
    f"{PREFIX}backup:ContinuousBackups": ContinuousBackupsProvider,
    f"{PREFIX}backup:DeletionProtection": DeletionProtectionProvider,
    f"{PREFIX}backup:BucketVersioning": BucketVersioningProvider,
    f"{PREFIX}backup:BucketLifecycle": BucketLifecycleProvider,
    f"{PREFIX}backup:BucketEncryption": BucketEncryptionProvider,
    f"{PREFIX}backup:BucketPublicAccess": BucketPublicAccessProvider,
    f"{PREFIX}backup:BucketPolicy": BucketPolicyProvider,
    f"{PREFIX}naming:NameGuard": NameGuardProvider,
}
