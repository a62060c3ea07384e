"""What must hold of a record: of each cell, of each row, and between the tables.

Every check is a function from tables to problems; none changes a table or stops at the first
fault. The steps, in order: `header` (the columns of a file), `cells` (text to values),
`rows` (each table by itself), `references`, `pairs`, `timing` and `evidence` (between tables),
and `quarantine`, which parts the good rows from the bad ones without losing any.
"""
