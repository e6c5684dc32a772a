"""Prices that a region lacks, for people."""

from __future__ import annotations

from runners.cli.terminal import Terminal
from runners.gate.missing_prices import MissingDocument


def show_missing(document: MissingDocument, terminal: Terminal) -> None:
    """One line for each price, then the files to bring."""
    for row in document.missing:
        named = f"{row.service} {row.usage_type}" if row.service else "the book has it nowhere"
        terminal.line(f"{row.key} ({row.region}): {named}")
    if not document.missing:
        terminal.line(f"nothing is missing in {document.region}", "bold")
        return
    terminal.line(f"{len(document.missing)} prices are missing in {document.region}", "bold")
    if document.files:
        terminal.line("AWS publishes them, without credentials, in these files; put them into one folder DIR and run")
        terminal.line(f"  ial cost refresh-prices --offers DIR --region {document.region} --write")
        for file in document.files:
            terminal.line(file)
