"""Records and their HTML, made once for all tests of this folder."""

from __future__ import annotations

import pytest
from lxml import html

from harness.report import render_html

from .pieces import Json, digest
from .synthetic import failing, good, large


@pytest.fixture(scope="session")
def good_record() -> Json:
    """A record of a conformant vendor."""
    return good()


@pytest.fixture(scope="session")
def failing_record() -> Json:
    """A record with every outcome and many hostile strings."""
    return failing()


@pytest.fixture(scope="session")
def large_record() -> Json:
    """A record with 2,000 findings."""
    return large(2000)


@pytest.fixture(scope="session")
def failing_html(failing_record: Json) -> str:
    """The report of the failing vendor."""
    return render_html(failing_record, digest=digest("record"))


@pytest.fixture(scope="session")
def failing_page(failing_html: str) -> html.HtmlElement:
    """The report of the failing vendor, as a parser that knows nothing of us reads it."""
    return html.document_fromstring(failing_html)
