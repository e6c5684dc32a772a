"""The report as one page: no script, no network, readable in light and dark, on paper, and by a screen reader."""
