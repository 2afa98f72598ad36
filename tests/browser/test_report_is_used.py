"""The report as people use it: opened, filtered, searched, linked to, printed, and read with script off."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import Opener, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = (320, 360, 768, 1280)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["good", "failing-fr", "large"])
def test_nothing_is_wider_than_the_window(
    pages: dict[str, Path], opened: Opener, name: str, width: int
) -> None:
    """On a phone as on a laptop the page scrolls in one direction only (WCAG 1.4.10)."""
    page = opened(pages[name], width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_report_asks_for_nothing(pages: dict[str, Path], opened: Opener, requests: list[str]) -> None:
    """Opened, unfolded and filtered, the page loads nothing at all: not from the web, not from its folder."""
    page = opened(pages["failing"])
    page.get_by_role("button", name="Unfold all").click()
    page.get_by_label("Search").fill("https")
    page.wait_for_timeout(500)
    assert requests == []


def test_the_first_screen_holds_the_verdict_and_its_reasons(pages: dict[str, Path], opened: Opener) -> None:
    """At 1280 by 800 the reviewer sees who, the verdict, six numbers and every reason without scrolling."""
    page = opened(pages["failing"])
    for selector in ("h1", ".verdict .word", ".numbers > div:last-child", ".reasons li:last-child"):
        box = page.locator(selector).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800


def test_the_filter_by_outcome_leaves_that_outcome(pages: dict[str, Path], opened: Opener) -> None:
    """Only the ticked outcomes are shown, the count says how many, and Clear brings all back."""
    page = opened(pages["failing"])
    whole = _count(page)
    for box in page.locator("[name=outcome]:not([value=review])").all():
        box.uncheck()
    until(page, "document.querySelectorAll('.group:not([hidden])').length === 1")
    assert _shown(page) == ["VCP-ENV-03"]
    assert _count(page)[0] == 1
    page.get_by_role("button", name="Clear").click()
    until(page, "document.querySelectorAll('.group:not([hidden])').length > 1")
    assert _count(page) == whole


def test_the_filter_by_requirement_leaves_that_requirement(pages: dict[str, Path], opened: Opener) -> None:
    """One requirement is left, unfolded or not as it was."""
    page = opened(pages["failing"])
    page.get_by_label("Requirement", exact=True).select_option("VCP-ENV-09")
    until(page, "document.querySelectorAll('.group:not([hidden])').length === 1")
    assert _shown(page) == ["VCP-ENV-09"]


def test_the_filter_by_credential_shows_that_credentials_place(
    pages: dict[str, Path], opened: Opener
) -> None:
    """A finding that was folded with others says where it is in this credential, and whose excerpt it shows."""
    page = opened(pages["failing"])
    page.get_by_label("Credential", exact=True).select_option(label="battery-dpp.json")
    until(page, "document.querySelectorAll('.group:not([hidden])').length < 5")
    group = page.locator("#VCP-ENV-01")
    assert group.is_visible()
    group.evaluate("node => { node.open = true; }")
    places = group.locator("[data-subject]:visible").all_text_contents()
    assert places == ["battery-dpp.json:3:5 /@context/0"]
    assert "concentrate-dpp.json" in (group.locator(".elsewhere:visible").text_content() or "")
    page.get_by_role("button", name="Clear").click()
    until(page, "document.querySelectorAll('.group:not([hidden])').length > 4")
    assert group.locator(".place").is_visible()
    assert not group.locator(".elsewhere").is_visible()


def test_the_search_finds_words_in_any_order(pages: dict[str, Path], opened: Opener) -> None:
    """Words of the message find the finding; words that are nowhere say so."""
    page = opened(pages["failing"])
    page.get_by_label("Search").fill("verify signature")
    until(page, "document.querySelectorAll('.group:not([hidden])').length === 1")
    assert _shown(page) == ["VCP-ENV-06"]
    page.get_by_label("Search").fill("no such word anywhere")
    page.locator("#no-match").wait_for(state="visible")


@pytest.mark.parametrize("target", ["VCP-ENV-06", "evidence-VCP-ENV-06", "IDR-ID-01", "untested"])
def test_a_deep_link_opens_what_holds_its_target(pages: dict[str, Path], opened: Opener, target: str) -> None:
    """A link to a requirement unfolds it and brings it into view, wherever on the page it stands."""
    page = opened(pages["failing"], fragment=f"#{target}")
    until(
        page,
        "id => { const box = document.getElementById(id).getBoundingClientRect();"
        " return box.height > 0 && box.top >= -2 && box.top < innerHeight; }",
        arg=target,
    )


def test_a_deep_link_overrides_the_filter(pages: dict[str, Path], opened: Opener) -> None:
    """A link to what the filter hides clears the filter."""
    page = opened(pages["failing"])
    page.get_by_label("Search").fill("no such word anywhere")
    page.locator("#no-match").wait_for(state="visible")
    page.locator(".reasons a").first.click()
    page.locator("#VCP-ENV-01").wait_for(state="visible")
    assert page.get_by_label("Search").input_value() == ""


def test_the_keyboard_reaches_and_unfolds_a_finding(pages: dict[str, Path], opened: Opener) -> None:
    """The skip link leads to the findings, and Enter unfolds one."""
    page = opened(pages["large"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#findings"
    first = page.locator(".group").first
    first.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert first.get_attribute("open") is not None


def test_printing_unfolds_everything_and_folds_it_again(pages: dict[str, Path], opened: Opener) -> None:
    """Before print every part is open, after it what was folded is folded."""
    page = opened(pages["large"])
    folded = "document.querySelectorAll('details:not([open])').length"
    before = page.evaluate(folded)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(folded) == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(folded) == before > 0


def test_it_prints_as_a_document(pages: dict[str, Path], opened: Opener) -> None:
    """The PDF is A4 with few pages for a good vendor; controls are left out and the reviewer can sign."""
    page = opened(pages["failing"])
    body = page.pdf(prefer_css_page_size=True)
    assert 3 <= len(re.findall(rb"/Type ?/Page\b", body)) <= 40
    boxes = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", body)
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(595, 842)}
    page.emulate_media(media="print")
    assert not page.locator("#filter").is_visible()
    assert not page.locator("nav").is_visible()
    assert page.locator(".sign").is_visible()


def test_the_verdict_fits_on_the_first_printed_page(pages: dict[str, Path], opened: Opener) -> None:
    """On A4 at the printed size the first section, signature lines included, ends before the page does."""
    page = opened(pages["failing"], width=650)
    page.emulate_media(media="print")
    box = page.locator("#verdict").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 650 * 261 / 174


def test_with_script_off_everything_is_there(pages: dict[str, Path], opened: Opener) -> None:
    """Without script there is no filter, each finding can be unfolded by hand, and none is hidden."""
    page = opened(pages["failing"], java_script_enabled=False)
    assert not page.locator("#filter").is_visible()
    assert page.locator("[data-outcome][hidden]").count() == 0
    warning = page.locator("#VCP-ENV-09")
    warning.locator("summary").first.click()
    warning.locator("article").first.wait_for(state="visible")


def test_ten_thousand_findings_stay_usable(pages: dict[str, Path], opened: Opener) -> None:
    """The page of 10,000 findings opens, filters and searches in a few seconds on a slow machine."""
    began = time.monotonic()
    page = opened(pages["endless"])
    page.locator("#filter").wait_for(state="visible")
    loaded = time.monotonic() - began
    assert _count(page) == (10_000, 10_000)
    began = time.monotonic()
    page.get_by_label("Search").fill("number 4001")
    until(page, "document.querySelectorAll('.group:not([hidden])').length < 5")
    searched = time.monotonic() - began
    assert (loaded < 20, searched < 10) == (True, True), (loaded, searched)


def _shown(page: Page) -> list[str]:
    names: list[str] = page.evaluate(
        "Array.from(document.querySelectorAll('.group:not([hidden])'), (one) => one.id)"
    )
    return names


def _count(page: Page) -> tuple[int, int]:
    """How many findings the page says that it shows, and of how many."""
    numbers = re.findall(r"[\d,]+", page.locator("#filter-shown").inner_text())
    return int(numbers[0].replace(",", "")), int(numbers[1].replace(",", ""))
