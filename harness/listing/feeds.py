"""What is new in the register, for readers of feeds: JSON Feed 1.1 and Atom (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

from harness.report.visible import one_line

NAMESPACE = "http://www.w3.org/2005/Atom"
TITLE = "Register of UNTP conformant software"


def json_feed(listings: Sequence[Any], address: str) -> dict[str, Any]:
    """The newest listings first, as a JSON Feed."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": TITLE,
        "home_page_url": address,
        "feed_url": f"{address}feed.json",
        "items": [
            {
                "id": f"urn:sha256:{one.sha256}",
                "url": f"{address}{one.path}/",
                "title": _title(one),
                "content_text": _text(one),
                "date_published": one.record["at"],
            }
            for one in _newest(listings)
        ],
    }


def atom(listings: Sequence[Any], address: str, updated: str) -> bytes:
    """The newest listings first, as Atom."""
    feed = ET.Element("feed", xmlns=NAMESPACE)
    _child(feed, "title", TITLE)
    _child(feed, "id", address)
    _child(feed, "updated", max((one.record["at"] for one in listings), default=updated))
    ET.SubElement(feed, "link", rel="self", href=f"{address}feed.atom")
    _child(ET.SubElement(feed, "author"), "name", "UNTP-CRM conformance harness")
    for one in _newest(listings):
        entry = ET.SubElement(feed, "entry")
        _child(entry, "title", _title(one))
        _child(entry, "id", f"urn:sha256:{one.sha256}")
        _child(entry, "updated", one.record["at"])
        ET.SubElement(entry, "link", href=f"{address}{one.path}/")
        _child(entry, "summary", _text(one))
    body: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _newest(listings: Sequence[Any]) -> list[Any]:
    return sorted(listings, key=lambda one: (one.record["at"], one.path), reverse=True)


def _title(one: Any) -> str:
    return one_line(f"{one.vendor}: {one.product} {one.version} is {one.record['verdict']}")


def _text(one: Any) -> str:
    return one_line(
        f"UNTP {', '.join(one.untp_versions)}; scope {', '.join(one.scope)}; roles {', '.join(one.record['scope']['roles'])}."
    )


def _child(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text
