"""The process of the local cloud: moto's server on loopback with what moto lacks in front of it.

Run as `python -m local.cloud_process DOOR LIFE HOME`: file descriptors of a listening socket and of a pipe, and the
folder whose cloud it is, by which others find it. Until the pipe brings a byte, the process ends with whoever holds its
other end: a start that is cut off leaves no cloud behind.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from local.knobs import KnobBoard
    from local.web import Wsgi

_OBJECTS_BETWEEN_COLLECTIONS: Final = 50_000


def _end_with(life: int) -> None:
    """Ends this process at once when whoever started it is gone and had not said that it may stay."""
    if not os.read(life, 1):
        os._exit(1)
    os.close(life)


def main() -> None:
    """Serves until it is told to end."""
    # A third of the start would go into looking for garbage among half-loaded modules.
    gc.disable()
    door, life = int(sys.argv[1]), int(sys.argv[2])
    end_with_its_starter(life)
    serve(door, cloud())


def end_with_its_starter(life: int) -> None:
    """From now on this process ends when nobody holds the other end of the pipe, until a byte comes out of it."""
    threading.Thread(target=_end_with, args=(life,), daemon=True).start()


def cloud() -> Wsgi:
    """An empty cloud. There is one in a process: moto keeps what it holds in its modules."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    from local.knobs import KnobBoard

    moto, board = DomainDispatcherApplication(create_backend_app), KnobBoard()
    _teach_moto(board)
    return _extended(moto, board)


def serve(door: int, app: Wsgi) -> None:
    """Serves a cloud at a socket that listens, by its number, until the process ends."""
    from local.web_server import WebServer

    # What was loaded stays: looking for garbage in it, again and again, takes a tenth of the cloud's time.
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    gc.enable()
    WebServer(door, app).serve_forever()


def _teach_moto(board: KnobBoard) -> None:
    """What moto does in another way than AWS, changed inside of it."""
    from local.athena_refusals import answer_as_athena_does
    from local.backup_extension import release_names_of_deleted_plans
    from local.balancer_ids import keep_balancer_ids
    from local.billed_budgets import bill_as_budgets_does
    from local.bucket_policies import heed_conditions
    from local.composite_alarms import accept_composite_alarms
    from local.database_restores import keep_automated_backups, take_time_to_restore
    from local.metric_answers import answer_what_is_asked
    from local.metric_math_answers import answer_metric_math
    from local.moto_pace import find_out_once
    from local.mute_rules import accept_mute_rules
    from local.object_refusals import refuse_as_s3_does
    from local.object_versions import list_as_s3_does
    from local.point_in_time import keep_history
    from local.simulation.statistics import teach_moto_percentiles
    from local.table_scan import scan_fast
    from local.table_settings import keep_table_settings
    from local.zone_balance import spread_over_zones

    find_out_once()
    keep_balancer_ids()
    release_names_of_deleted_plans()
    answer_as_athena_does()
    bill_as_budgets_does(board)
    accept_composite_alarms()
    accept_mute_rules()
    heed_conditions()
    list_as_s3_does()
    refuse_as_s3_does()
    teach_moto_percentiles()
    answer_metric_math()
    answer_what_is_asked()
    keep_table_settings()
    keep_history(board)
    scan_fast()
    take_time_to_restore(board)
    keep_automated_backups()
    spread_over_zones()


def _extended(moto: Wsgi, board: KnobBoard) -> Wsgi:
    """What moto lacks, in front of it."""
    from local.agents_extension import AgentsExtension
    from local.atomic_writes import AtomicWrites
    from local.backup_extension import BackupExtension
    from local.backup_jobs_extension import BackupJobsExtension
    from local.bucket_owners import BucketOwners
    from local.database_restores import follow_the_rehearsal
    from local.knobs import KnobExtension
    from local.lifecycle_extension import LifecycleExtension
    from local.logs_extension import LogsExtension
    from local.rehearsal_extension import RehearsalExtension, show_the_simulation
    from local.restore_testing_extension import RestoreTestingExtension
    from local.rollouts import roll_versions_out
    from local.xray_extension import XRayExtension

    rehearsal = RehearsalExtension(moto)
    show_the_simulation(rehearsal)
    follow_the_rehearsal(rehearsal)
    rolled = roll_versions_out(rehearsal, board)
    copies = BackupJobsExtension(BackupExtension(KnobExtension(rolled, board)), board)
    logs = LogsExtension(XRayExtension(RestoreTestingExtension(LifecycleExtension(copies))))
    return BucketOwners(AtomicWrites(AgentsExtension(logs)))


if __name__ == "__main__":
    main()
