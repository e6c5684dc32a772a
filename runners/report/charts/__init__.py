"""Small charts as inline SVG. Colours come from the page; a finding stands with each, and its numbers in a table."""
