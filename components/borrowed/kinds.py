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
from contract import borrowed_types


class Inspected(Protocol):
    """A provider that can say what it would do."""

    def configure(self, req: ConfigureRequest) -> None:
        """Takes the stack's access."""

    def inspect(self, props: dict[str, Any]) -> list[Decision]:
        """One decision a setting."""


KINDS: Final[dict[str, type[Inspected]]] = {
    borrowed_types.LOG_RETENTION: LogRetentionProvider,
    borrowed_types.CLUSTER_INSIGHTS: ClusterInsightsProvider,
    borrowed_types.CONTINUOUS_BACKUPS: ContinuousBackupsProvider,
    borrowed_types.DELETION_PROTECTION: DeletionProtectionProvider,
    borrowed_types.BUCKET_VERSIONING: BucketVersioningProvider,
    borrowed_types.BUCKET_LIFECYCLE: BucketLifecycleProvider,
    borrowed_types.BUCKET_ENCRYPTION: BucketEncryptionProvider,
    borrowed_types.BUCKET_PUBLIC_ACCESS: BucketPublicAccessProvider,
    borrowed_types.BUCKET_POLICY: BucketPolicyProvider,
    borrowed_types.NAME_GUARD: NameGuardProvider,
}
