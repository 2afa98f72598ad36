"""A browser, the pages that it opens, and a record of every request that it makes.

What is needed is told in tests/conftest.py: without it these tests are not collected and a note says so,
and under CI=true they are collected and fail. `.ci/browser` brings all of it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from report.pieces import digest
from report.synthetic import failing, good, large
from report.talk import live
from report.test_pictures import AUDIT, PILOT

from harness.report import render_html
from harness.report.pictures import render_audit, render_pilot

from .listing import listing_pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Opener = Callable[..., "Page"]


@pytest.fixture(scope="session")
def browser(chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The system's Chromium with a profile of its own, which ends with the run."""
    from playwright.sync_api import sync_playwright

    environment: dict[str, str | float | bool] = {**os.environ, "HOME": str(tmp_path_factory.mktemp("home"))}
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=str(chromium), args=list(FLAGS), env=environment, timeout=120_000
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The reports that are opened, by name."""
    folder = tmp_path_factory.mktemp("pages")
    made = {
        "good": render_html(good(), digest=digest("record")),
        "failing": render_html(failing(), digest=digest("record")),
        "failing-fr": render_html(failing(), digest=digest("record"), language="fr"),
        "failing-es": render_html(failing(), digest=digest("record"), language="es"),
        "live": render_html(live(good()), digest=digest("record")),
        "large": render_html(large(2000), digest=digest("record")),
        "endless": render_html(large(10_000), digest=digest("record")),
    }
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.fixture(scope="session")
def listed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, ...]]:
    """The pages of review and register, by command."""
    return listing_pages(tmp_path_factory.mktemp("listing"))


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages of audit and pilot, in each language."""
    folder = tmp_path_factory.mktemp("pictures")
    made = {}
    for language in ("en", "fr", "es"):
        made[f"audit-{language}"] = render_audit(AUDIT, language=language)
        made[f"pilot-{language}"] = render_pilot(PILOT, language=language)
    for name, text in made.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.fixture
def requests() -> list[str]:
    """Every address that was asked for while the test ran, the pages themselves left out."""
    return []


@pytest.fixture
def opened(browser: Browser, requests: list[str]) -> Iterator[Opener]:
    """Open a page: `opened(path, width=360, color_scheme="dark")`; errors of its script fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(path: Path, *, fragment: str = "", width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        context.set_default_timeout(60_000)
        context.on("request", lambda request: requests.append(request.url))
        context.route(
            "**/*",
            lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort(),
        )
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path.as_uri() + fragment)
        requests[:] = [url for url in requests if url.partition("#")[0] != path.as_uri()]
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors
    assert not [url for url in requests if not url.startswith("file:")]


def until(page: Page, expression: str, *, arg: str | None = None, seconds: float = 60) -> None:
    """Wait for an expression to hold. Playwright's own wait needs eval, which the report's policy forbids."""
    ends = time.monotonic() + seconds
    while not page.evaluate(expression, arg):
        assert time.monotonic() < ends, f"not after {seconds} seconds: {expression}"
        page.wait_for_timeout(50)
