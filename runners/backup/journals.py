"""Which lines the journal of a drill or a restore may have, by what is drilled or restored."""

from __future__ import annotations

from typing import Final

from runners.backup.buckets.lines import BUCKET_DRILL, BUCKET_RESTORE
from runners.backup.configuration.lines import CONFIGURATION_DRILL
from runners.backup.databases.lines import DATABASE_DRILL, DATABASE_RESTORE
from runners.backup.evidence import Kind
from runners.backup.tables.lines import TABLE_DRILL, TABLE_RESTORE
from runners.runs.lines import Lines

DRILLS: Final[dict[Kind, Lines]] = {
    Kind.TABLE: TABLE_DRILL,
    Kind.BUCKET: BUCKET_DRILL,
    Kind.DATABASE: DATABASE_DRILL,
    Kind.CONFIGURATION: CONFIGURATION_DRILL,
}
RESTORES: Final[dict[Kind, Lines]] = {
    Kind.TABLE: TABLE_RESTORE,
    Kind.BUCKET: BUCKET_RESTORE,
    Kind.DATABASE: DATABASE_RESTORE,
}
