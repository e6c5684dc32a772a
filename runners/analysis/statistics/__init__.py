"""Statistics of few and tied numbers, by the standard library alone; exact where the counts are small."""
