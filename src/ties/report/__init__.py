"""Reports: a record in, HTML and PDF out.

`build_report` makes the report of one record, `build_reports` those of several and a page that
compares them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
