"""Entries of our own among those of others: lifecycle rules by id, policy statements by Sid. Pure.

Others' entries are passed on as they came, in their order.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Entry = Mapping[str, Any]


def merged(entries: Sequence[Entry], key: str, mine: Sequence[str], wanted: Sequence[Entry]) -> list[Entry]:
    """Puts ours in place where they were, takes away those no longer wanted, and adds new ones at the end."""
    by_name = {entry[key]: entry for entry in wanted}
    kept = [by_name.get(entry.get(key), entry) for entry in entries if not _goes(entry, key, mine, by_name)]
    there = {entry.get(key) for entry in entries}
    return [*kept, *(entry for entry in wanted if entry[key] not in there)]


def without(entries: Sequence[Entry], key: str, mine: Sequence[str]) -> list[Entry]:
    """The entries of others."""
    return [entry for entry in entries if entry.get(key) not in mine]


def taken(entries: Sequence[Entry], key: str, names: Sequence[str], mine: Sequence[str]) -> list[str]:
    """Our names that somebody else uses."""
    return [str(entry[key]) for entry in entries if entry.get(key) in names and entry.get(key) not in mine]


def _goes(entry: Entry, key: str, mine: Sequence[str], wanted: Mapping[Any, Entry]) -> bool:
    return entry.get(key) in mine and entry.get(key) not in wanted
