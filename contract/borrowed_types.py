"""The types under which the program's graph holds settings that it borrows, and names that it guards.

Pulumi makes them of the module and the name that the resource's class declares in `components/`.
"""

from __future__ import annotations

from typing import Final

_DYNAMIC: Final = "pulumi-python:dynamic"
LOG_RETENTION: Final = f"{_DYNAMIC}/observability:LogRetention"
CLUSTER_INSIGHTS: Final = f"{_DYNAMIC}/observability:ClusterInsights"
CONTINUOUS_BACKUPS: Final = f"{_DYNAMIC}/backup:ContinuousBackups"
DELETION_PROTECTION: Final = f"{_DYNAMIC}/backup:DeletionProtection"
BUCKET_VERSIONING: Final = f"{_DYNAMIC}/backup:BucketVersioning"
BUCKET_LIFECYCLE: Final = f"{_DYNAMIC}/backup:BucketLifecycle"
BUCKET_ENCRYPTION: Final = f"{_DYNAMIC}/backup:BucketEncryption"
BUCKET_PUBLIC_ACCESS: Final = f"{_DYNAMIC}/backup:BucketPublicAccess"
BUCKET_POLICY: Final = f"{_DYNAMIC}/backup:BucketPolicy"
NAME_GUARD: Final = f"{_DYNAMIC}/naming:NameGuard"
