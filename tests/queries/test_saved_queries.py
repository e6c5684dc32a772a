"""The saved queries give the figures that Python computes from the same lines, and say nothing that Athena lacks.

sqlglot reads them as Athena does, and puts them into DuckDB's words: what it cannot is an error. Both are here for
these tests only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import pytest
import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel

from components.fleet.query_folder import queries_folder
from components.fleet.record_table import COLUMNS, PARTITIONS, TABLE
from contract.names import runs_folder
from runners.runs.run_folder import month_of
from runners.runs.run_line import line_of, with_line
from tests.queries.documents import Stored, year
from tests.queries.embedded import FIGURES

TODAY: Final = date(2026, 11, 28)
QUERIES: Final = sorted(queries_folder().glob("*.sql"))
# Functions and types of Trino that the queries may use, as they are written: one that is new has to be looked up in
# https://trino.io/docs/current/functions.html, and understood by the translation.
ALLOWED: Final = frozenset(
    {
        *("avg", "coalesce", "count", "max", "row_number", "sum", "substr"),
        *("date_format", "date_parse", "date_trunc", "json_array_length", "json_extract", "json_extract_scalar"),
        *("array", "decimal"),
        # A name for the rows of UNNEST.
        "part",
    }
)
# How DuckDB calls the types of the table.
_TYPES: Final = {"int": "INTEGER", "string": "VARCHAR"}


@pytest.fixture(scope="module")
def runs() -> list[Stored]:
    return list(year(TODAY))


@pytest.fixture(scope="module")
def database(runs: list[Stored], tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The table over files as the archive writes them, a bucket an environment."""
    root = tmp_path_factory.mktemp("buckets")
    for held in runs:
        _archive(root / held.stack, held)
    # Nothing is fetched from anywhere.
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "threads": "1"}
    )
    columns = {name: "JSON" if name == "document" else _TYPES[kind] for name, kind in COLUMNS.items()}
    months = " UNION ALL ".join(
        f"SELECT '{bucket.name}' AS environment, * FROM read_json('{bucket}/runs/*/*.jsonl', "
        f"format='newline_delimited', columns={columns}, hive_partitioning=true, hive_types={{'dt': 'VARCHAR'}})"
        for bucket in sorted(root.iterdir())
    )
    connection.execute(f"CREATE TABLE {TABLE} AS {months}")
    yield connection
    connection.close()


def _archive(bucket: Path, held: Stored) -> None:
    file = bucket / runs_folder(f"{month_of(held.run)}-01") / f"{held.stack}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_bytes() if file.exists() else b""
    line = line_of(held.run, held.type, held.stack, held.document)
    file.write_bytes(with_line(before, held.run, line, str(file)) or before)


def _within(runs: list[Stored]) -> list[Stored]:
    """The runs of the months that the queries look at."""
    first = f"{TODAY.year - 1}{TODAY.month:02}"
    return [held for held in runs if held.run[:6] >= first]


def _key(row: tuple[Any, ...]) -> list[tuple[bool, str]]:
    return [(value is not None, str(value)) for value in row]


def test_every_query_has_its_figures() -> None:
    assert [file.stem for file in QUERIES] == sorted(FIGURES)


def test_the_table_is_the_one_that_athena_sees(database: duckdb.DuckDBPyConnection, runs: list[Stored]) -> None:
    described = database.execute(f"DESCRIBE {TABLE}").fetchall()
    assert {name for name, *_ in described} == {*COLUMNS, *PARTITIONS}
    assert database.execute(f"SELECT count(*) FROM {TABLE}").fetchone() == (len(runs),)


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_the_rows_are_the_embedded_figures(database: duckdb.DuckDBPyConnection, runs: list[Stored], file: Path) -> None:
    found = database.execute(_in_duckdbs_words(file)).fetchall()
    wanted = list(FIGURES[file.stem](_within(runs)))
    assert sorted(found, key=_key) == sorted(wanted, key=_key)
    # A figure of nothing would be equal, too.
    assert len(wanted) >= 4
    assert len(_within(runs)) < len(runs)


def _in_duckdbs_words(file: Path) -> str:
    """The query as if it were asked today, which is always the same day here."""
    tree = sqlglot.parse_one(file.read_text(), dialect="athena", error_level=ErrorLevel.RAISE)
    day = exp.cast(exp.Literal.string(str(TODAY)), "date")
    asked = tree.transform(lambda node: day.copy() if isinstance(node, exp.CurrentDate) else node)
    return asked.sql("duckdb", unsupported_level=ErrorLevel.RAISE)


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_only_functions_that_are_known_to_be_trinos(file: Path) -> None:
    assert set(_called(file.read_text())) <= ALLOWED


def test_no_function_is_allowed_for_nothing() -> None:
    assert {name for file in QUERIES for name in _called(file.read_text())} == ALLOWED


def _called(text: str) -> list[str]:
    """What is followed by a bracket: keywords are written large."""
    code = re.sub(r"--.*|'[^']*'", "", text)
    return re.findall(r"\b([a-z_]+) ?\(", code)


@pytest.mark.parametrize("wrong", ["median(x)", "quantile_cont(x, 0.5)", "list_contains(x, 1)"])
def test_a_function_of_another_database_is_found(wrong: str) -> None:
    assert not set(_called(f"-- q\nSELECT {wrong} FROM runs")) <= ALLOWED


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_a_query_reads_no_more_than_a_year(file: Path) -> None:
    assert file.read_text().count("dt >= date_format(current_date - INTERVAL '12' MONTH, '%Y-%m-01')") == 1
