"""`python -m runners.publishing`: writes what is made from the runners' types: `schemas`, `pages`, or both."""

from __future__ import annotations

import sys

from runners.publishing import documents, preflight_page

if __name__ == "__main__":
    asked = sys.argv[1:] or ["schemas", "pages"]
    if "schemas" in asked:
        for file, text in documents.texts().items():
            file.write_text(text, encoding="utf-8")
    if "pages" in asked:
        preflight_page.FILE.write_text(preflight_page.text(), encoding="utf-8")
