"""Lists of ties in Wikipedia, as wikitext and as HTML.

`about` tells which form a file has, and what its page is about; `wikitext` and `html` turn
a page into the blocks of `blocks`; `pages` reads these, `items` one line of them.
"""
