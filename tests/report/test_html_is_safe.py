"""Nothing that a vendor writes can run, load, style or mislead in the report."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from lxml import html

from harness.report import render_html
from harness.report.visible import linkable, visible

from .pieces import BAD_LINKS, HOSTILE, Json, digest

LOADING = ("src", "srcset", "data", "poster", "background", "action", "formaction", "ping", "manifest")


def test_our_style_and_script_are_the_only_ones(failing_page: html.HtmlElement) -> None:
    """One style and one script element, none of them from somewhere else, no frames, forms, images or objects."""
    assert len(failing_page.xpath("//script")) == 1
    assert len(failing_page.xpath("//style")) == 1
    assert not failing_page.xpath("//script/@src")
    forbidden = (
        "//link | //img | //iframe | //object | //embed | //base | //audio | //video | //form[@action]"
    )
    assert not failing_page.xpath(forbidden)


def test_no_element_has_a_handler_or_a_style_of_its_own(failing_page: html.HtmlElement) -> None:
    """No attribute runs or styles anything."""
    names = {name for element in failing_page.iter() for name in element.attrib}
    assert not {name for name in names if name.startswith("on") or name == "style"}


def test_nothing_is_loaded_from_anywhere(failing_page: html.HtmlElement) -> None:
    """No attribute that loads exists; href is on links, to the page itself or to http, and on our shapes."""
    for element in failing_page.iter():
        assert not set(LOADING) & set(element.attrib)
        href = element.get("href")
        if href is not None:
            assert element.tag in {"a", "use"}
            assert href.startswith("#") or (element.tag == "a" and href.startswith(("https://", "http://")))


def test_bad_addresses_are_shown_and_never_linked(failing_page: html.HtmlElement) -> None:
    """javascript:, data:, file:, user names and hidden characters in an address make it plain text."""
    hrefs = failing_page.xpath("//a/@href")
    assert not set(BAD_LINKS) & set(hrefs)
    assert not [href for href in hrefs if "evil.example" in href]
    text = failing_page.text_content()
    assert all(visible(link) in text for link in BAD_LINKS)


@pytest.mark.parametrize(
    "link", [*BAD_LINKS, None, "", "//evil.example/", "https://", "http://[", "https://a b/"]
)
def test_only_plain_web_addresses_can_be_links(link: str | None) -> None:
    """An address is a link only where a reader can see where it leads."""
    assert not linkable(link)


def test_hostile_strings_are_shown_as_they_are(failing_page: html.HtmlElement) -> None:
    """Each hostile string is text on the page, with what it hides made visible."""
    text = failing_page.text_content()
    assert all(visible(string) in text for string in HOSTILE)


def test_hidden_and_reordering_characters_never_reach_the_page(failing_html: str) -> None:
    """No control, bidirectional, zero-width or unpaired character is left."""
    assert not re.findall(
        "[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", failing_html
    )
    assert failing_html.encode("utf-8")
    assert "safe⟨U+202E⟩gnp.exe" in failing_html


def test_the_policy_allows_our_style_and_script_by_digest_only(failing_page: html.HtmlElement) -> None:
    """The Content-Security-Policy starts from nothing and names the digests of what is on the page."""
    (policy,) = failing_page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    for element, rule in (("style", "style-src"), ("script", "script-src")):
        (text,) = failing_page.xpath(f"//{element}/text()")
        sha256 = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules.pop(rule) == f"'sha256-{sha256}'"
    assert rules == {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'"}


def test_the_policy_stands_before_anything_that_it_governs(failing_html: str) -> None:
    """A policy in the page only holds for what comes after it."""
    assert (
        failing_html.index("Content-Security-Policy")
        < failing_html.index("<style>")
        < failing_html.index("<script>")
    )


def test_the_script_never_writes_markup(failing_page: html.HtmlElement) -> None:
    """The script has no way to turn text into markup or code."""
    (script,) = failing_page.xpath("//script/text()")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function\(|fetch|XMLHttp|import\(", script
    )


def test_a_hostile_vendor_is_shown_by_name_and_runs_nothing(good_record: Json) -> None:
    """Names, versions, addresses and countries are strangers' strings too."""
    text = "</title></style><script>alert(1)</script>"
    record = {
        **good_record,
        "vendor": {"name": text, "website": "javascript:alert(1)", "country": text},
        "product": {"name": text, "version": text, "url": "data:text/html,x"},
        "profile": text,
        "reproduce": [text],
    }
    page = html.document_fromstring(render_html(record, digest=digest("record"), seal=text))
    assert len(page.xpath("//script")) == 1
    assert page.text_content().count(text) >= 6
    assert text in page.xpath("//title")[0].text_content()
