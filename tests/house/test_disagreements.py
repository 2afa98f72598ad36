"""The page of disagreements is in step with the data and with what the engines say."""

from __future__ import annotations

from typing import Any

import pytest
from disagreements import PAGE, layers, page, table

from harness.catalogue import load_catalogue


def test_the_page_is_in_step() -> None:
    """docs/disagreements.md is what `python tests/house/disagreements.py` would write now."""
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("document", table()["document"], ids=lambda document: document["title"])
def test_layers_disagree_on_each_example(document: dict[str, Any]) -> None:
    """At least one layer is content with what another finds fault with."""
    assert layers(document).disagree


def test_each_conflict_has_an_example() -> None:
    """Every conflict between official texts has a minimal example, and there is none without a conflict."""
    assert table()["example"].keys() == load_catalogue().conflicts.keys()
