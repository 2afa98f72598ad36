"""The pages of audit and pilot: the same data gives the same page, whole without script, and nothing gets out of a string."""

from __future__ import annotations

import copy
import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from harness.report.layered import HEIGHT, WIDTH, placed
from harness.report.pictures import KINDS, render_audit, render_pilot
from harness.report.sankey import drawn

NODES: list[dict[str, Any]] = [
    {"id": f"n{i}", "kind": kind, "label": f"{kind} {i}", "tier": 0 if kind == "product" else None, "count": 1,
     "names": [f"urn:{i}"], "state": state, "states": {}, "root": i == 0, "claims": {"held": 2} if i == 4 else {},
     "credentials": ["c.jwt"], "told_by": 1}
    for i, (kind, state) in enumerate(zip(KINDS, (None, "verified", "expired", "unverified", "broken"), strict=True))
]  # fmt: skip
EDGES = [
    {"from": f"n{i}", "to": f"n{i + 1}", "kind": "leads", "state": "verified", "count": 1} for i in range(4)
]
FLOW: dict[str, Any] = {
    "left_out": 0,
    "processes": [
        {"id": "p0", "facility": "urn:p", "name": "Smelter", "tier": 0, "events": 1, "in_kilograms": 9000.0,
         "out_kilograms": 10000.0, "unweighed": 0, "over": ["copper: 111%"]}
    ],
    "flows": [
        {"from": None, "to": "p0", "name": "Concentrate", "kilograms": 9000.0, "lots": 1, "state": "verified"},
        {"from": "p0", "to": None, "name": "Cathode", "kilograms": 10000.0, "lots": 1, "state": "expired"},
    ],
}  # fmt: skip
AUDIT: dict[str, Any] = {
    "audit": 1, "at": "2026-11-01T00:00:00Z", "roots": ["did:web:root.example"],
    "credentials": {"total": 2, "states": {"verified": 1, "expired": 1}, "components": {}, "same_id": [{"id": "urn:twice", "credentials": ["a", "b"]}], "not_verified": []},
    "entities": {"products": 1, "events": 1},
    "claims": {"counts": {"held": 2, "protected": 1}, "held_by": {"accredited": 1, "others": 1, "claimant": 0}, "claims": []},
    "anchors": [],
    "balance": [{"event": "urn:e", "credential": "c", "state": "verified", "of": "copper", "result": "over", "in_kilograms": 9.0,
                 "out_kilograms": 10.0, "in": "9 kg", "out": "10 kg", "share": 1.111, "missing": []}],
    "graph": {"gathered": False, "nodes": NODES, "edges": EDGES}, "flow": FLOW,
    "requirements": {"MB-CONS-02": "Contained metal balances"},
    "findings": [{"requirement": "MB-CONS-02", "subject": "c.jwt", "outcome": "warning",
                  "findings": [{"message": "too much", "pointer": "/a", "expected": "9", "actual": "10", "hint": "weigh"}]}],
}  # fmt: skip
PILOT: dict[str, Any] = {
    "pilot": 1, "at": "2026-11-01T00:00:00Z", "credentials": 3, "verified": 2, "conformant_and_verified": 1, "reached": False,
    "measures": {"actors": {"verified": 3, "declared_only": 2, "target": 50, "gap": 47, "reached": False}},
    "names": {"actors": ["did:web:a.example"]}, "claims": {"held": 1, "protected": 1},
    "held_by": {"accredited": 1, "others": 0, "claimant": 0},
    "actors_rooted": 1,
    "breaks": [{"at": "2026-01-01T00:00:00+00:00", "credential": "c", "what": "ore", "why": "gap"}],
}  # fmt: skip


class Reader(HTMLParser):
    """The ids, the links within the page, and everything that could load or run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.loads: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of what a tag names."""
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href" and (value or "").startswith("#"):
                self.targets.append((value or "")[1:])
            elif name in ("src", "href", "style") or name.startswith("on"):
                self.loads.append(f"{tag} {name}={value}")


def pages(language: str = "en") -> tuple[str, str]:
    """Both pages."""
    return render_audit(AUDIT, language=language), render_pilot(PILOT, language=language)


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_links_lead_somewhere_and_nothing_is_loaded(language: str) -> None:
    """In every language each id is there once, each inner link has its target, and no tag asks for anything."""
    for page in pages(language):
        read = Reader(page)
        assert len(read.ids) == len(set(read.ids))
        assert set(read.targets) <= set(read.ids)
        assert not read.loads


def test_the_table_says_what_the_picture_says() -> None:
    """Every box has its row, and every flow too."""
    page = render_audit(AUDIT)
    assert {f"row-{node['id']}" for node in NODES} <= set(Reader(page).ids)
    assert page.count('class="ribbon') == len(FLOW["flows"])
    assert "Cathode" in page.split('id="flow-table"')[1]


def test_a_page_is_the_same_bytes_each_time() -> None:
    """Nothing depends on time or chance."""
    assert pages() == pages()


def test_a_hostile_name_stays_text() -> None:
    """Markup, direction marks and quotes in names are shown, never obeyed."""
    report = copy.deepcopy(AUDIT)
    bad = '"><script>alert(1)</script>\u202e<svg onload=x>'
    report["graph"]["nodes"][1]["label"] = bad
    report["graph"]["nodes"][1]["names"] = [bad]
    report["flow"]["processes"][0]["name"] = bad
    report["findings"][0]["subject"] = bad
    page = render_audit(report)
    assert len(re.findall("<script", page)) == 1
    assert "onload=x>" not in page.replace("&gt;", "")
    assert "\u202e" not in page
    assert not Reader(page).loads


def test_an_empty_audit_has_a_page() -> None:
    """Nothing to draw is said."""
    report = copy.deepcopy(AUDIT)
    report["graph"] = {"gathered": False, "nodes": [], "edges": []}
    report["flow"] = {"left_out": 0, "processes": [], "flows": []}
    report["balance"], report["findings"] = [], []
    page = render_audit(report)
    assert "There is nothing to draw." in page
    assert "Nothing was found." in page


def test_boxes_do_not_lie_over_each_other() -> None:
    """Forty boxes in each of five columns, all apart and inside the picture."""
    nodes = [
        {"id": f"n{i}", "kind": KINDS[i % 5], "tier": 0 if i % 5 == 4 else None, "count": 1}
        for i in range(200)
    ]
    edges = [{"from": f"n{i}", "to": f"n{(i * 7 + 1) % 200}"} for i in range(200)]
    layout = placed({"nodes": nodes, "edges": edges}, KINDS)
    places = {(box.x, box.y) for box in layout.boxes}
    assert len(places) == 200
    assert all(box.x + WIDTH <= layout.width and box.y + HEIGHT <= layout.height for box in layout.boxes)
    by_column: dict[int, list[int]] = {}
    for x, y in sorted(places):
        by_column.setdefault(x, []).append(y)
    assert all(b - a >= HEIGHT for ys in by_column.values() for a, b in pairwise(ys))


def test_what_comes_out_too_much_reaches_deeper() -> None:
    """The right edge of a bar is longer than the left one where more came out than went in."""
    (process,) = drawn(FLOW).processes
    assert process.out == process.height
    assert process.into < process.out
