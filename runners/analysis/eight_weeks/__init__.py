"""Eight weeks of runs as the product would store them, from a seed: what analysis finds in them, and what not."""
