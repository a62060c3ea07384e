"""Pages that the tests of the Wikipedia importer share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def pages() -> Path:
    """Give the folder of pages, written for these tests in the manner of such lists."""
    return Path(__file__).parent / "pages"
