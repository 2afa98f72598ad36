"""badge.svg: the verdict for a README, readable by people, screen readers and printers.

It says the profile and the verdict, with the verdict's shape, so that nothing rests on colour. The
contrast of its text is above 4.5 to 1 in both halves. A badge proves nothing: its title says for which
product, version and instant it was made, and the record beside it says the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from harness.report.sentence import organisation, product, sentence
from harness.report.texts import texts
from harness.report.visible import one_line

COLOURS: Mapping[str, str] = {"conformant": "#00695c", "nonconformant": "#b3260e", "undetermined": "#3f5b80"}
LABEL = "#3a3a3a"
INK = "#ffffff"
_SIGNS: Mapping[str, str] = {
    "conformant": "M1.5 5.5l3 3 5-6.5",
    "nonconformant": "M2 2l7 7M9 2l-7 7",
    "undetermined": "M5.5 1.5a4 4 0 1 0 .01 0z",
}
"""A tick, a cross and a ring, eleven pixels wide."""

_CHARACTER = 6.6
"""Width of one character at 11 pixels, wide enough for any sans-serif font."""

_SVG = "http://www.w3.org/2000/svg"


def render_badge(record: Mapping[str, Any]) -> bytes:
    """Render the badge of a record as a stand-alone SVG in UTF-8."""
    words = texts()
    label = one_line(record["profile"] or "UNTP", 40)
    verdict = words("verdict." + record["verdict"]).lower()
    left = round(len(label) * _CHARACTER + 14)
    right = round(len(verdict) * _CHARACTER + 30)
    about = f"{one_line(product(record, words), 80)}, {one_line(organisation(record, words), 80)}"
    root = Element(
        "svg",
        {
            "xmlns": _SVG,
            "width": str(left + right),
            "height": "20",
            "viewBox": f"0 0 {left + right} 20",
            "role": "img",
            "aria-labelledby": "title description",
        },
    )
    SubElement(root, "title", id="title").text = f"{label}: {verdict}. {about}, {record['at'][:10]}"
    SubElement(root, "desc", id="description").text = sentence(record, words)
    SubElement(root, "rect", width=str(left), height="20", fill=LABEL)
    SubElement(root, "rect", x=str(left), width=str(right), height="20", fill=COLOURS[record["verdict"]])
    drawn = {"transform": f"translate({left + 7} 4.5)", "fill": "none", "stroke": INK, "stroke-width": "2"}
    SubElement(root, "path", {"d": _SIGNS[record["verdict"]], **drawn})
    letters = SubElement(
        root,
        "g",
        {"fill": INK, "font-family": "Verdana, 'DejaVu Sans', Arial, sans-serif", "font-size": "11"},
    )
    for x, width, text in ((7, left - 14, label), (left + 23, right - 30, verdict)):
        SubElement(letters, "text", x=str(x), y="14", textLength=str(width)).text = text
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
