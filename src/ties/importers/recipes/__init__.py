"""What others scraped from encyclopedias, in the shapes that their programs left it in.

`formats` has the readers and a look at which of them fits a file; `defects` finds what is
wrong with a set as a whole.
"""
