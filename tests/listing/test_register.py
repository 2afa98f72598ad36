"""The register: entries that the UN's schema takes, and a site for five made-up vendors in seconds."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from defusedxml import ElementTree
from lxml import html

from harness.listing.entry import register_entry, registration_form
from harness.listing.register import Built, build_register
from harness.listing.signer import signer_of
from harness.reference.chain import DEMO_CLOCK
from harness.trust.signing import key_from_seed

from .pieces import VENDOR, Json, broken, good, run
from .test_tampering import newly_revoked

AT = DEMO_CLOCK + timedelta(days=5)
NAMES = (
    "Aldgate Systems",
    "Bergwerk Daten GmbH",
    "Cobre <script>alert(1)</script> SA",
    "Dunlin & Co",
    "Érable Inc",
)


def vendor(number: int, version: str = "1.0.0") -> Json:
    """One of the made-up vendors, on a domain of its own."""
    site = f"https://vendor-{number}.example/"
    return {
        "vendor": {"name": NAMES[number], "website": site, "country": "CA"},
        "product": {"name": f"Product {number}", "version": version, "url": f"{site}product"},
        "scope": VENDOR["scope"],
    }


def submitted(folder: Path, number: int, version: str = "1.0.0") -> None:
    """Put the submission of a made-up vendor into a folder."""
    did = f"did:web:vendor-{number}.example"
    sealer = signer_of(key_from_seed(f"DEMO KEY {did}"), did=did)
    made = run(vendor(number, version)).submitted(sealer)
    (folder / f"{number}-{version}.zip").write_bytes(made.body)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Built, Path, float]:
    """The site of five vendors, one with two versions, and two submissions that do not belong."""
    folder, out = tmp_path_factory.mktemp("accepted"), tmp_path_factory.mktemp("site")
    for number in range(5):
        submitted(folder, number)
    submitted(folder, 0, "1.1.0")
    (folder / "tampered.zip").write_bytes((folder / "1-1.0.0.zip").read_bytes() + b"x")
    (folder / "failed.zip").write_bytes(broken().submitted().body)
    began = time.monotonic()
    register = build_register(folder, out, at=AT, address="https://register.example/")
    return register, out, time.monotonic() - began


def test_five_vendors_are_built_in_seconds(built: tuple[Built, Path, float]) -> None:
    """Six listings of five vendors in less than ten seconds."""
    assert len({listing.vendor for listing in built[0].listings}) == 5
    assert built[2] < 10


def test_what_does_not_belong_is_left_out_by_rule(built: tuple[Built, Path, float]) -> None:
    """A tampered submission and one that is not conformant are named with their rules."""
    assert {name: breach.rule for name, breach in built[0].refused} == {
        "failed.zip": "REV-SCO-04",
        "tampered.zip": "REV-ZIP-06",
    }


def test_a_claim_that_nothing_shows_is_left_out(tmp_path: Path) -> None:
    """A submission that somebody put there without a review: a component without evidence is no part of a listing."""
    folder = tmp_path / "accepted"
    folder.mkdir()
    more = {**VENDOR, "scope": {**VENDOR["scope"], "components": ["VCP", "DPP", "DCC", "IDR"]}}
    (folder / "more.zip").write_bytes(run(more).submitted().body)
    built = build_register(folder, tmp_path / "site", at=AT, address="https://register.example/")
    assert [(name, breach.rule) for name, breach in built.refused] == [("more.zip", "REV-SCO-03")]


def test_no_page_asks_for_anything_outside_or_runs_a_script(built: tuple[Built, Path, float]) -> None:
    """Names of vendors are text, and every image and stylesheet is the site's own."""
    pages = sorted(built[1].rglob("*.html"))
    assert len(pages) == 9
    for page in pages:
        root = html.document_fromstring(page.read_bytes())
        assert not root.xpath("//script | //link[@rel='stylesheet'] | //iframe | //*[@onload]")
        assert all(source == "badge.svg" for source in root.xpath("//img/@src"))
        assert "default-src 'none'" in root.xpath("//meta[@http-equiv]/@content")[0]


def test_every_page_can_be_walked(built: tuple[Built, Path, float]) -> None:
    """Each has a language, a title, one heading of the first level, and links that lead to files of the site."""
    for page in sorted(built[1].rglob("*.html")):
        root = html.document_fromstring(page.read_bytes())
        assert root.get("lang") == "en"
        assert root.findtext(".//title")
        assert len(root.xpath("//h1")) == 1
        assert all(image.get("alt") for image in root.xpath("//img"))
        assert all(head.get("scope") for head in root.xpath("//th"))
        for link in root.xpath("//a/@href"):
            if not link.startswith(("https://", "#")):
                assert (page.parent / link).exists(), link


def test_the_matrix_has_each_requirement_and_each_listing(built: tuple[Built, Path, float]) -> None:
    """One row for each requirement with a result, one cell for each listing."""
    root = html.document_fromstring((built[1] / "requirements.html").read_bytes())
    rows = root.xpath("//tbody/tr")
    assert len(rows) == len({row["requirement"] for row in good().record["results"]})
    assert all(len(row.xpath("td")) == 1 + len(built[0].listings) for row in rows)


def test_two_versions_make_a_trend(built: tuple[Built, Path, float]) -> None:
    """The page of the vendor with two versions compares them and says what changed."""
    page = next(path for path in built[1].rglob("index.html") if "1.1.0" in path.parent.name)
    assert (
        "product"
        in html.document_fromstring(page.read_bytes()).xpath("//section//text() | //table//text()")[-2]
    )


def test_data_and_feeds_are_read_by_others(built: tuple[Built, Path, float]) -> None:
    """JSON parses, Atom is XML with an entry for each listing, badges are there."""
    data = json.loads((built[1] / "data.json").read_text(encoding="utf-8"))
    feed = json.loads((built[1] / "feed.json").read_text(encoding="utf-8"))
    atom = ElementTree.fromstring((built[1] / "feed.atom").read_bytes())
    listed = len(built[0].listings)
    assert len(data["listings"]) == len(feed["items"]) == listed == 6
    assert len(atom.findall("{http://www.w3.org/2005/Atom}entry")) == listed
    assert all((built[1] / row["badge"]).is_file() for row in data["listings"])


def test_the_same_submissions_are_the_same_site(built: tuple[Built, Path, float], tmp_path: Path) -> None:
    """Built again from the same folder at the same moment, every file has the same bytes."""
    one, two = tmp_path / "one", tmp_path / "two"
    folder = tmp_path / "accepted"
    folder.mkdir()
    submitted(folder, 3)
    for out in (one, two):
        build_register(folder, out, at=AT, address="https://register.example")
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert files
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in files)


def test_an_entry_says_what_was_tested() -> None:
    """Conformant: status, scope, version, date, result and the URL of the evidence."""
    entry = register_entry(good().record, evidence_url="https://cadenza-trace.example/a.jwt")
    assert entry["status"] == "conformant"
    assert entry["registrationCountry"] == "Finland"
    assert entry["products"][0]["testResults"] == [
        {
            "softwareVersion": "1.4.2",
            "untpVersion": "0.7.0",
            "testDate": "2026-11-01",
            "testSuite": entry["products"][0]["testResults"][0]["testSuite"],
            "result": "pass",
            "evidenceCredentialURL": "https://cadenza-trace.example/a.jwt",
        }
    ]


def test_a_failed_run_is_no_conformant_entry() -> None:
    """The result says fail, and the status stays below conformant."""
    entry = register_entry(broken().record)
    assert entry["status"] == "active"
    assert [row["result"] for row in entry["products"][0]["testResults"]] == ["fail"]


def test_the_form_ticks_what_is_claimed() -> None:
    """Scope, version and status are filled in, and what only the vendor knows is marked."""
    text = registration_form(good().record, register_entry(good().record))
    assert "- [x] Tested implementation" in text
    assert "- [x] Digital Product Passport (DPP)" in text
    assert "- [ ] Identity Resolver (IDR)" in text
    assert "✎" in text


def test_a_name_formats_nothing_on_the_form() -> None:
    """Markdown and HTML in a vendor's name are text."""
    hostile = replace(
        good(), record={**good().record, "vendor": {"name": "[a](javascript:x) <b> | `c`"}}
    ).record
    text = registration_form(hostile, register_entry(hostile))
    assert "<b>" not in text
    assert "[a](" not in text


def test_a_submission_that_lies_there_twice_is_listed_once(tmp_path: Path) -> None:
    """A copy under another name adds nothing."""
    folder = tmp_path / "accepted"
    folder.mkdir()
    submitted(folder, 2)
    (folder / "copy.zip").write_bytes((folder / "2-1.0.0.zip").read_bytes())
    built = build_register(folder, tmp_path / "site", at=AT, address="https://register.example/")
    assert (len(built.listings), built.refused) == (1, ())


def test_nobody_lists_a_product_under_the_name_of_another(tmp_path: Path) -> None:
    """Two organisations of one name on two domains are two entries of the register, each with its own product."""
    folder = tmp_path / "accepted"
    folder.mkdir()
    submitted(folder, 1)
    impostor = vendor(4)
    impostor["vendor"]["name"] = NAMES[1]
    did = "did:web:vendor-4.example"
    made = run(impostor).submitted(signer_of(key_from_seed(f"DEMO KEY {did}"), did=did))
    (folder / "impostor.zip").write_bytes(made.body)
    build_register(folder, tmp_path / "site", at=AT, address="https://register.example/")
    entries = json.loads((tmp_path / "site" / "register.json").read_text(encoding="utf-8"))["entries"]
    assert len({entry["id"] for entry in entries}) == 2
    assert sorted(product["name"] for entry in entries for product in entry["products"]) == [
        "Product 1",
        "Product 4",
    ]
    assert all(len(entry["products"]) == 1 for entry in entries)


def test_what_was_revoked_since_is_left_out(tmp_path: Path) -> None:
    """The list that the vendor publishes today says that it is withdrawn, and the register names the rule."""
    folder = tmp_path / "accepted"
    folder.mkdir()
    made = good().submitted()
    (folder / "good.zip").write_bytes(made.body)
    web = newly_revoked()["web"]
    built = build_register(folder, tmp_path / "site", at=AT, address="https://register.example/", web=web)
    assert [(name, breach.rule) for name, breach in built.refused] == [("good.zip", "REV-SIG-04")]
