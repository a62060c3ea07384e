"""A record as one page to explore: a map, a slider through the years, each tie with its life."""
