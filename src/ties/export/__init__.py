"""A record in the formats of other programs: a module a format, each thin over a library.

Some formats hold the *tables* of the record as they are, and come back through `ties.read`; the
others hold what *follows* from them on a day, under a rule: how each tie stands.
`ties.export.catalogue.export` writes any of them.
"""
