"""What stored runs say together: measures with their uncertainty, trends, the score, advice. Pure; `now` is given."""
