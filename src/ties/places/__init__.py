"""From the name of a place, as people write it, to the place that is meant."""
