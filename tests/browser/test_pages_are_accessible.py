"""axe-core finds no violation on any page, light and dark, on a phone and on a laptop, all of it unfolded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from .conftest import Opener
from .listing import COMMANDS

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
UNFOLD = """() => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  const style = new CSSStyleSheet();
  style.replaceSync("* { content-visibility: visible !important; }");
  document.adoptedStyleSheets = [style];
}"""
Scheme = Literal["light", "dark"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["good", "failing", "failing-fr", "failing-es", "live"])
def test_the_report_has_no_violation(
    pages: dict[str, Path], opened: Opener, axe: str, name: str, scheme: Scheme
) -> None:
    """Contrast, names, order, landmarks, sizes of targets: WCAG 2.2 AA as far as a machine can tell."""
    assert _violations(opened(pages[name], color_scheme=scheme), axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_has_no_violation_on_a_phone(
    pages: dict[str, Path], opened: Opener, axe: str, scheme: Scheme
) -> None:
    """The narrow layout is as accessible as the wide one."""
    assert _violations(opened(pages["failing"], width=360, color_scheme=scheme), axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("command", COMMANDS)
def test_review_and_register_have_no_violation(
    listed: dict[str, tuple[Path, ...]], opened: Opener, axe: str, command: str, scheme: Scheme
) -> None:
    """Every HTML page that `review` and `register build` write of the reference vendor's submission."""
    assert listed[command]
    for path in listed[command]:
        assert (path.name, _violations(opened(path, color_scheme=scheme), axe)) == (path.name, [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", ["audit-en", "audit-fr", "pilot-en", "pilot-es"])
def test_pictures_have_no_violation(
    pictures: dict[str, Path], opened: Opener, axe: str, name: str, width: int, scheme: Scheme
) -> None:
    """The transparency graph, the material flow and the dashboard, with their tables and their tools."""
    assert _violations(opened(pictures[name], width=width, color_scheme=scheme), axe) == []


def test_the_check_can_fail(pages: dict[str, Path], opened: Opener, axe: str) -> None:
    """A control that loses its label is found: the check is awake."""
    page = opened(pages["failing"])
    page.evaluate("document.querySelector('label[for=filter-search]').remove()")
    assert [row.split()[0] for row in _violations(page, axe)] == ["label"]


def _violations(page: Page, axe: str) -> list[str]:
    """Rule and first place of each violation, with everything unfolded."""
    page.evaluate(UNFOLD)
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS)
    return [
        f"{row['id']} ({len(row['nodes'])}): {row['nodes'][0]['target']} {row['nodes'][0]['failureSummary']}"
        for row in found["violations"]
    ]
