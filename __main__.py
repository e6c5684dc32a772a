"""The program: settings in, the parts of the stage around the workload, one output document out."""

from __future__ import annotations

import pulumi

from components.backup.backup import Backup, BackupArgs
from components.chaos.chaos import Chaos, ChaosArgs
from components.chaos.experiment_file import experiments_folder, read_experiments
from components.observability.observability import Observability, ObservabilityArgs
from components.omissions import omissions
from components.outputs import document
from components.settings import Settings


def main() -> None:
    """Builds the stack as far as its stage goes."""
    settings = Settings.load()
    with_chaos = settings.stage >= 3 and settings.chaos.enabled
    experiments = read_experiments(experiments_folder(), settings.stage) if with_chaos else ()
    omitted = omissions(settings, experiments)
    for omission in omitted:
        pulumi.log.info(str(omission))
    observability = (
        Observability("observability", ObservabilityArgs(settings=settings)) if settings.stage >= 1 else None
    )
    backup = chaos = None
    if observability is not None and settings.stage >= 2:
        backup = Backup("backup", BackupArgs(settings=settings, topic_arn=observability.topic_arn))
    if observability is not None and backup is not None and with_chaos:
        chaos = Chaos(
            "chaos",
            ChaosArgs(
                settings=settings,
                experiments=experiments,
                topic_arn=observability.topic_arn,
                records_table=backup.records_table,
            ),
            pulumi.ResourceOptions(depends_on=[observability]),
        )
    pulumi.export("ial", document(settings, omitted, observability, backup, chaos))


main()
