"""Lists of ties in Wikipedia, as wikitext and as HTML.

`formats` has the readers and a look at which of them fits a file; `wikitext` and `html` turn
a page into the blocks of `blocks`; `pages` reads these, `items` one line of them.
"""
