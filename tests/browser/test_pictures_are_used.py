"""Pictures as people use them: searched, filtered, zoomed, followed to the table, and read with script off."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Opener

ROWS = "#graph-rows tbody tr"
SHOWN = f"Array.from(document.querySelectorAll('{ROWS}')).filter(row => !row.hidden).length"


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("name", ["audit-en", "audit-fr", "pilot-es"])
def test_nothing_is_wider_than_the_window(
    pictures: dict[str, Path], opened: Opener, name: str, width: int
) -> None:
    """Pictures and tables scroll within themselves, the page in one direction only."""
    page = opened(pictures[name], width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_search_tier_and_state_narrow_picture_and_table(pictures: dict[str, Path], opened: Opener) -> None:
    """What does not fit grows faint in the picture and leaves the table; clearing brings all back."""
    page = opened(pictures["audit-en"])
    assert page.evaluate(SHOWN) == 5
    page.fill("#graph-search", "facility")
    assert page.evaluate(SHOWN) == 1
    assert page.locator(".box.faint").count() == 4
    page.fill("#graph-search", "")
    page.select_option("#graph-state", "expired")
    assert page.evaluate(SHOWN) == 1
    page.locator(".tools button[type=reset]").click()
    page.wait_for_timeout(50)
    assert page.evaluate(SHOWN) == 5
    page.select_option("#graph-tier", "0")
    assert page.evaluate(SHOWN) == 1


def test_zoom_changes_the_size_and_comes_back(pictures: dict[str, Path], opened: Opener) -> None:
    """Larger is larger, fit to width fits, actual size is as before."""
    page = opened(pictures["audit-en"], width=360)
    width = "Number(document.querySelector('#graph-sheet svg').getAttribute('width'))"
    before = page.evaluate(width)
    page.locator("[data-sheet=graph-sheet] [data-zoom=in]").click()
    assert page.evaluate(width) > before
    page.locator("[data-sheet=graph-sheet] [data-zoom=whole]").click()
    assert page.evaluate(width) < 360
    page.locator("[data-sheet=graph-sheet] [data-zoom=one]").click()
    assert page.evaluate(width) == before


def test_a_box_leads_to_its_row(pictures: dict[str, Path], opened: Opener) -> None:
    """By keyboard: a box takes the focus, Enter goes to the row of the table."""
    page = opened(pictures["audit-en"])
    page.locator("#graph-sheet a").nth(3).focus()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#row-n3"
    assert page.evaluate("document.querySelector(':target').id") == "row-n3"


def test_all_is_there_with_script_off(pictures: dict[str, Path], opened: Opener) -> None:
    """Picture and table are whole; tools that would do nothing are not shown."""
    page = opened(pictures["audit-en"], java_script_enabled=False)
    assert page.locator("#graph-sheet .box").count() == 5
    assert page.locator(ROWS).count() == 5
    assert not page.locator(".tools").first.is_visible()
