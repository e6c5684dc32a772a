"""The one redaction: what is known to be secret is replaced wherever text leaves, however it is written there.

Who learns of a secret notes it in `SECRETS`; whoever writes something for people, machines or later runs asks for it
`redacted`. A secret of less than four characters is left: to replace it would garble text and hide nothing.
"""

from __future__ import annotations

import base64
import html
import json
import urllib.parse
from collections.abc import Iterator, Mapping
from typing import Any, Final

MASK: Final = "[secret]"
SHORTEST: Final = 4
# One line of a key that has several says enough of it.
_SHORTEST_LINE: Final = 8
_SHORTEST_CODED: Final = 6
# A value that stands in every JSON document hides nothing, and the document would not be one any more.
_NO_SECRETS: Final = frozenset({"true", "false", "null", "None", "True", "False", MASK})
# Words of our own documents by which machines decide; no program says them.
_OURS: Final = frozenset(
    {"verdict", "exitCode", "version", "level", "case", "classification", "runId", "currency", "asOf"}
)


class Secrets:
    """What is known to be secret in this process."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        # Every form of every secret by how it begins: looking for them takes as long with one as with thousands.
        self._forms: dict[str, list[str]] = {}

    def clear(self) -> None:
        """Forgets all."""
        self._known.clear()
        self._forms.clear()

    def note(self, value: object) -> None:
        """Remembers a secret, and all that a mapping or a list holds."""
        if isinstance(value, Mapping):
            for item in value.values():
                self.note(item)
        elif isinstance(value, list | tuple):
            for item in value:
                self.note(item)
        elif isinstance(value, str) and len(value) >= SHORTEST and value not in _NO_SECRETS | self._known:
            self._known.add(value)
            for form in set(_forms(value)):
                held = self._forms.setdefault(form[:SHORTEST], [])
                held.append(form)
                held.sort(key=len, reverse=True)

    def redacted(self, text: str) -> str:
        """The text without any secret."""
        if not self._forms:
            return text
        parts: list[str] = []
        start = place = 0
        while place <= len(text) - SHORTEST:
            found = next(
                (form for form in self._forms.get(text[place : place + SHORTEST], ()) if text.startswith(form, place)),
                "",
            )
            if found:
                parts += [text[start:place], MASK]
                start = place + len(found)
            place += len(found) or 1
        return "".join([*parts, text[start:]])

    def redacted_data(self, data: Any) -> Any:
        """A document without any secret, also in its keys."""
        if not self._forms:
            return data
        if isinstance(data, str):
            return self.redacted(data)
        if isinstance(data, Mapping):
            return {
                self.redacted(key) if isinstance(key, str) else key: (
                    value if key in _OURS and isinstance(value, str) else self.redacted_data(value)
                )
                for key, value in data.items()
            }
        return [self.redacted_data(item) for item in data] if isinstance(data, list | tuple) else data


SECRETS: Final = Secrets()


def _forms(value: str) -> Iterator[str]:
    """How a secret may be written: as it is, line by line, escaped for JSON, Python, HTML and URLs, or in Base64."""
    folded = " ".join(value.split())
    lines = [line.strip() for line in value.splitlines()]
    texts = [value, folded, *(line for line in lines if len(line) >= _SHORTEST_LINE)]
    for text in texts:
        escaped = (
            json.dumps(text)[1:-1],
            json.dumps(text, ensure_ascii=False)[1:-1],
            repr(text)[1:-1],
            html.escape(text),
            html.escape(text, quote=False),
            urllib.parse.quote(text, errors="replace"),
            urllib.parse.quote(text, safe="", errors="replace"),
            urllib.parse.quote_plus(text, errors="replace"),
        )
        yield from (form for form in (text, *escaped) if len(form) >= SHORTEST)
    yield from _coded(value.encode(errors="replace"))


def _coded(raw: bytes) -> Iterator[str]:
    """The part of a Base64 text that is the same whatever stands before and after the secret."""
    for offset, lost in enumerate((0, 2, 3)):
        whole = (offset + len(raw)) * 8 // 6
        for coded in (base64.b64encode, base64.urlsafe_b64encode):
            core = coded(bytes(offset) + raw).decode()[lost:whole]
            if len(core) >= _SHORTEST_CODED:
                yield core
