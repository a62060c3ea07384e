"""What others scraped from encyclopedias, in the shapes that their programs left it in."""
