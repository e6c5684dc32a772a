"""`python -m runners.publishing`: writes what is published of the runners, beside `python -m contract.schema`."""

from __future__ import annotations

from runners.publishing import preflight_page

if __name__ == "__main__":
    preflight_page.FILE.write_text(preflight_page.text(), encoding="utf-8")
