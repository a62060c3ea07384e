"""What others scraped from encyclopedias, in three shapes that programs leave lists of ties in.

`nested` is JSON keyed by place, `adjacency` a ragged table, `pairs` ids with a file of their
names. `entries` holds what they share; `defects` finds what is wrong with a set as a whole. Any
other scrape becomes an ordinary table with a few lines of pandas: see docs/how-to/import.md.
"""
