"""The stack's file of answers: what data sources said when somebody with credentials asked them.

`Pulumi.STACK.answers.json` beside the stack's settings; a reviewer reads it as part of the change.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from contract.writing.files import write_whole
from preview.errors import ProjectError
from pricing.closed_mapping import ClosedMapping
from pricing.errors import PricingError
from pricing.json_file import read_json
from pricing.resource import Plain

VERSION: Final = 1
_ENTRY: Final = ("dataSource", "args", "region", "recorded", "result")
_TOKEN: Final = r"[\w.-]+:[\w./-]+(:[\w-]+)?"
_ACCEPTED: Final = "a file of answers, as `ial preview --record-answers` writes it"


def answers_file(stack_file: Path) -> Path:
    """Where the answers of a stack are: `Pulumi.dev.answers.json` for `Pulumi.dev.yaml`."""
    return stack_file.with_name(f"{stack_file.stem}.answers.json")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One call and what it gave. `recorded` is the day, ISO 8601."""

    data_source: str
    args: Mapping[str, Plain]
    region: str | None
    recorded: str
    result: Mapping[str, Plain]

    @property
    def key(self) -> str:
        """What tells calls apart."""
        return _key(self.data_source, self.args, self.region)


@dataclass(frozen=True)
class Answers:
    """The answers of one stack, by call."""

    known: Mapping[str, Answer] = field(default_factory=dict)

    @classmethod
    def read(cls, file: Path) -> Answers:
        """Reads a file of answers; none where there is no file.

        Raises:
            ProjectError: it is malformed.
        """
        if not file.is_file():
            return cls()
        try:
            document = read_json(file, _ACCEPTED)
            data = ClosedMapping(document.data, document.file, "", ("version", "answers"))
            if data.raw("version", needed=True) != VERSION:
                raise data.refuse("version", str(VERSION))
            found = [_answer(entry) for entry in data.mappings("answers", _ENTRY)]
        except PricingError as error:
            raise ProjectError(str(error)) from error
        return cls({answer.key: answer for answer in found})

    def find(self, token: str, args: Mapping[str, Plain], region: str | None) -> Mapping[str, Plain] | None:
        """What the data source said to these arguments in this region."""
        answer = self.known.get(_key(token, args, region))
        return answer.result if answer else None

    def with_new(self, new: list[Answer]) -> Answers:
        """These answers too; a newer one takes an older one's place."""
        return Answers({**self.known, **{answer.key: answer for answer in new}})

    def write(self, file: Path) -> None:
        """Writes the file, in a stable order.

        Raises:
            WritingError: it cannot be written.
        """
        entries = [
            {
                "dataSource": answer.data_source,
                "args": answer.args,
                "region": answer.region,
                "recorded": answer.recorded,
                "result": answer.result,
            }
            for _, answer in sorted(self.known.items())
        ]
        text = json.dumps({"version": VERSION, "answers": entries}, indent=2, sort_keys=True, default=_number)
        write_whole(file, text + "\n", private=False)


def _answer(entry: ClosedMapping) -> Answer:
    args, result = entry.raw("args", needed=True), entry.raw("result", needed=True)
    if not isinstance(args, dict):
        raise entry.refuse("args", "the arguments of the call")
    if not isinstance(result, dict):
        raise entry.refuse("result", "what the data source said")
    return Answer(
        data_source=entry.text("dataSource", _TOKEN, "a data source such as aws:ec2/getAmi:getAmi"),
        args=args,
        region=None if entry.raw("region") is None else entry.text("region", r"[a-z0-9-]+", "a region, or null"),
        recorded=entry.text("recorded", r"\d{4}-\d\d-\d\d", "a date, YYYY-MM-DD"),
        result=result,
    )


def _key(token: str, args: Mapping[str, Plain], region: str | None) -> str:
    return json.dumps([token, region, args], sort_keys=True, default=_number)


def _number(value: Any) -> float | int:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    msg = f"{value!r} cannot be written to a file of answers"
    raise TypeError(msg)
