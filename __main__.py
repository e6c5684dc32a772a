"""The program: settings in, the parts of the stage around the workload, one output document out."""

from __future__ import annotations

import pulumi

from components.backup.backup import Backup, BackupArgs
from components.observability.observability import Observability, ObservabilityArgs
from components.omissions import omissions
from components.outputs import document
from components.settings import Settings


def main() -> None:
    """Builds the stack as far as its stage goes."""
    settings = Settings.load()
    omitted = omissions(settings)
    for omission in omitted:
        pulumi.log.info(str(omission))
    observability = (
        Observability("observability", ObservabilityArgs(settings=settings)) if settings.stage >= 1 else None
    )
    backup = None
    if observability is not None and settings.stage >= 2:
        backup = Backup("backup", BackupArgs(settings=settings, topic_arn=observability.topic_arn))
    pulumi.export("ial", document(settings, omitted, observability, backup))


main()
