"""Mutants that no test can kill, since nothing that anybody sees is changed: file, line, what stands there; and why."""

from __future__ import annotations

from typing import Final

EQUIVALENT: Final[dict[tuple[str, str, str], str]] = {
    (
        "contract/cron.py",
        "value = names.index(text) + low if text in names else int(text) if text.isdigit() and text.isascii() else -1",
        "2",
    ): "any value below the lowest is refused alike",
    (
        "runners/backup/buckets/bucket_restore_plan.py",
        "if step.act is Act.COPY and step.version is not None and fast is None:",
        "step.act is Act.COPY and fast is None",
    ): "a step that copies always has a version; it is asked for the types",
    (
        "runners/chaos/judging/hypothesis.py",
        "begin = start if until is None or start > until else until",
        "start >= until",
    ): "where they are equal, either is taken",
    (
        "pricing/base_report.py",
        'if record.get(key, "") is None:',
        "'~'",
    ): "it is not None, whatever it is",
    (
        "pricing/money.py",
        "whole = rounded_to(Decimal(1), value, ROUND_HALF_UP)",
        "2",
    ): "what is rounded to takes its number of places alone",
    (
        "pricing/money.py",
        '_CENT: Final = Decimal("0.01")',
        "'1.01'",
    ): "what is rounded to takes its number of places alone",
    (
        "pricing/rules/fis.py",
        "_SECONDS: Final = (86400, 3600, 60, 1)",
        "86401",
    ): "a day is longer than FIS allows, to the second or not",
    (
        "policies/chaos_trust.py",
        'return [key for key, found in named.items() if not found or found != {own or max(found)} or "" in found]',
        "min(found)",
    ): "of several, none is all of them: either is refused",
    (
        "policies/chaos_trust.py",
        'of_kind = principal if isinstance(principal, dict) else {"": principal}',
        "'~'",
    ): "it stands for any kind of principal but Service",
}
