"""Every YAML and JSON file is read here: closed, with line numbers, and without guessing what a value may mean."""
