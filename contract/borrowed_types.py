"""The types under which the program's graph holds settings that it borrows, and names that it guards.

Pulumi makes them of the module and the name that the resource's class declares in `components/`.
"""

from __future__ import annotations

from typing import Final

# What the types of a program's own Python code begin with.
DYNAMIC: Final = "pulumi-python:dynamic"
LOG_RETENTION: Final = f"{DYNAMIC}/observability:LogRetention"
CLUSTER_INSIGHTS: Final = f"{DYNAMIC}/observability:ClusterInsights"
CONTINUOUS_BACKUPS: Final = f"{DYNAMIC}/backup:ContinuousBackups"
DELETION_PROTECTION: Final = f"{DYNAMIC}/backup:DeletionProtection"
BUCKET_VERSIONING: Final = f"{DYNAMIC}/backup:BucketVersioning"
BUCKET_LIFECYCLE: Final = f"{DYNAMIC}/backup:BucketLifecycle"
BUCKET_ENCRYPTION: Final = f"{DYNAMIC}/backup:BucketEncryption"
BUCKET_PUBLIC_ACCESS: Final = f"{DYNAMIC}/backup:BucketPublicAccess"
BUCKET_POLICY: Final = f"{DYNAMIC}/backup:BucketPolicy"
NAME_GUARD: Final = f"{DYNAMIC}/naming:NameGuard"
