"""What a stack's runs showed, for people: one page without scripts or network, and the same as Markdown."""
