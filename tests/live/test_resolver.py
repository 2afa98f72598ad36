"""A good resolver passes every case of its suite; each broken one is caught by exactly its requirement."""

from __future__ import annotations

import pytest

from harness.judge import load_suite

from .judging import caught, passed
from .resolver_site import ROW, site

FAULTS = {
    "single-redirect": {"IDR-QRY-01"},
    "carrier-split": {"IDR-QRY-02"},
    "filter-ignored": {"IDR-QRY-03"},
    "redirect-200": {"IDR-QRY-05"},
    "default-404": {"IDR-QRY-06"},
    "bad-200": {"IDR-QRY-07"},
    "unknown-200": {"IDR-QRY-08"},
    "fallback-404": {"IDR-QRY-09"},
    "lang-ignored": {"IDR-QRY-10"},
    "redirect-loop": {"IDR-QRY-11"},
    "head-405": {"IDR-QRY-12"},
    "no-cors": {"IDR-QRY-12"},
    "host-case": {"IDR-QRY-13"},
    "type-404": {"IDR-QRY-14"},
    "linkset-json": {"IDR-SET-02"},
    "anchor-other": {"IDR-SET-07"},
    "default-old": {"IDR-SET-08"},
    "idr-html": {"IDR-SET-10"},
    "post-open": {"IDR-SET-11"},
    "target-other": {"IDR-TGT-01"},
    "urn-raw": {"IDR-URN-01"},
    "wk-404": {"IDR-WK-01"},
    "enc-unmarked": {"DAC-LINK-01"},
    "role-string": {"DAC-LINK-02"},
    "variant-ignored": {"DAC-VAR-01"},
}


def test_a_good_resolver_passes_every_case() -> None:
    """Nothing is found, and nothing that the suite has is left out."""
    suite = load_suite()
    profile = suite.profile("untp-0.7.0")
    wanted = {
        c.requirement for c in suite.cases
        if c.suite == "resolver" and profile.contains(suite.catalogue.requirements[c.requirement])
    }  # fmt: skip
    assert caught("resolver", ROW, site()) == set()
    assert passed("resolver", ROW, site()) == wanted


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_caught_by_its_requirement(fault: str) -> None:
    """The requirement finds it, and no other does."""
    assert caught("resolver", ROW, site(fault)) == FAULTS[fault]


def test_a_good_resolver_of_the_release_before() -> None:
    """The same resolver passes under 0.6.1."""
    assert caught("resolver", ROW, site(), profile="untp-0.6.1") == set()


def test_linktype_all_alone_is_excused() -> None:
    """A resolver that only knows linkType=all follows one side of a conflict: nothing is found."""
    assert "IDR-QRY-04" not in caught("resolver", ROW, site("linkset-404"))
