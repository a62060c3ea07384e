"""How the documentation site is built: offline, from the text beside this file and the package."""

from __future__ import annotations

import sys
from pathlib import Path

import ties

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

project = "ties"
author = "The ties contributors"
project_copyright = "The ties contributors; code MIT, record CC BY 4.0"
version = release = ties.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "command_line",
    "gallery",
    "record_pages",
]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "_ext", "images"]
nitpicky = False

autosummary_generate = True
autosummary_imported_members = False
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": False}
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"ties {version}"
html_show_sourcelink = False
html_copy_source = False
html_last_updated_fmt = None
html_theme_options = {"navigation_with_keys": True}
templates_path: list[str] = []
