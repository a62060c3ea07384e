"""Lists of ties in Wikipedia, as wikitext and as HTML."""
