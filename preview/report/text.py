"""Names and messages made safe for where they are shown: a program chooses them, so they are not to be trusted."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

LONGEST: Final = 300
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKDOWN: Final = re.compile(r"([\\`*_\[\]#|~$])")
# GitHub links these wherever they stand in text; a zero-width space breaks them.
_LINKED: Final = re.compile(r"(@|:(?=//)|\b(?:www(?=\.)|gh(?=-\d)))", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"#(?=\d)")
_BREAK: Final = "&#8203;"


def one_line(text: str, longest: int = LONGEST) -> str:
    """The text on one line: control and invisible characters gone, white space folded, cut when too long."""
    # Cut first: folding a megabyte to show three hundred characters would let a name cost time.
    start = text[: 8 * longest]
    seen = "".join(" " if char.isspace() else char for char in start if char.isspace() or _is_seen(char))
    folded = " ".join(seen.split())
    return folded if len(folded) <= longest and len(start) == len(text) else f"{folded[: longest - 1]}…"


def _is_seen(char: str) -> bool:
    return unicodedata.category(char) not in _UNSEEN


def markdown(text: str, longest: int = LONGEST) -> str:
    """The text as inert Markdown for a line or a table cell: no markup, HTML, mention, link or reference survives."""
    folded = _REFERENCE.sub("#\0", _LINKED.sub(lambda match: match.group(0) + "\0", one_line(text, longest)))
    escaped = _MARKDOWN.sub(r"\\\1", html.escape(folded, quote=False))
    return escaped.replace("\0", _BREAK)


def xml_text(text: str) -> str:
    """The text without the characters that XML 1.0 forbids; line breaks stay."""
    return "".join(char for char in text if char in "\n\t" or _is_seen(char))
