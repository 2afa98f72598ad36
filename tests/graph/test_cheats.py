"""A fraudster's bundles: goods sold twice, borrowed names, actors and consignments counted twice."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from harness.graph.balance import Balance
from harness.graph.build import Reading
from harness.graph.chains import Chains, Strength
from harness.graph.entities import State
from harness.graph.pilot import breaks, measures, rooted
from harness.graph.summary import standing, summary
from harness.judge.bundle import state_of
from harness.reference.chain import good_plan, issue
from harness.reference.edits import Patch

from .judging import subjects
from .made import HOST, goods, graph_of, judge, make, reading
from .test_greenwashing import REGISTER, anchor, attestation, passport, tonnes

LOT = f"{HOST}/cathode"


def move(name: str, lot: str, *, start: str = "plant", mass: float | None = 10) -> Reading:
    """Ten tonnes of a lot sent to a customer of its own."""
    item = goods("cathode", None if mass is None else tonnes(mass))
    item["product"]["id"] = lot
    return reading("DTE", {
        "type": ["MoveEvent"], "id": f"https://events.maker.example/{name}", "eventDate": "2026-02-01T00:00:00Z",
        "movedProduct": [item], "fromFacility": {"id": f"{HOST}/{start}"}, "toFacility": {"id": f"{HOST}/{name}"},
        "consignmentId": f"https://consignments.example/{name}",
    }, name=name)  # fmt: skip


def made() -> Reading:
    """Ten tonnes of the lot, made of twenty."""
    return reading("DTE", make("1", [goods("ore", tonnes(20))], [goods("cathode", tonnes(10))]), name="made")


@pytest.mark.parametrize(
    "lot",
    [LOT, f"{HOST}/./cathode", f"{HOST}/x/../cathode", "HTTPS://ID.maker.example.:443/cathod%65", f"{LOT}?"],
)
def test_a_lot_is_not_sold_twice_under_another_spelling(lot: str) -> None:
    """What RFC 3986 calls one identifier is one lot: the second ten tonnes are not there."""
    assert "MB-CONS-04" not in judge(made(), move("a", LOT))
    assert "MB-CONS-04" in judge(made(), move("a", LOT), move("b", lot))


@pytest.mark.parametrize("lot", [f"{HOST}/CATHODE", f"{LOT}/", f"{HOST}//cathode"])
def test_a_spelling_that_may_be_another_lot_is_shown(lot: str) -> None:
    """Near misses are not joined, and not kept quiet, whether or not the lot has a passport."""
    assert "GRAPH-ID-04" not in judge(made(), move("a", LOT))
    assert "GRAPH-ID-04" in judge(made(), move("a", LOT), move("b", lot))


def test_a_place_without_arrivals_sells_no_more_than_there_is() -> None:
    """Ten tonnes made at the plant are not twenty at a warehouse to which no event leads."""
    assert "MB-CONS-04" not in judge(made(), move("a", LOT, start="warehouse"))
    assert "MB-CONS-04" in judge(made(), *(move(name, LOT, start="warehouse") for name in "ab"))


def test_a_passport_tells_how_much_can_be_sold() -> None:
    """Without any make event the passport of the lot is the limit."""
    stated = reading(
        "DPP", {**passport("cathode", copper=1), "dimensions": {"weight": tonnes(10)}}, name="lot"
    )
    assert "MB-CONS-04" not in judge(stated, move("a", LOT))
    assert "MB-CONS-04" in judge(stated, move("a", LOT), move("b", LOT))


def test_an_arrival_without_weight_hides_no_shortage_elsewhere() -> None:
    """One customer who weighs nothing does not take the lot out of the ledger of its maker."""
    assert "MB-CONS-04" in judge(made(), move("a", LOT), move("b", LOT), move("c", LOT, start="a", mass=None))


@pytest.mark.parametrize(
    "entry", ["did:web:lab.example", "https://register.example/9", "https://thief.example/1"]
)
def test_a_register_of_ones_own_lends_nobody_the_accreditation_of_another(entry: str) -> None:
    """An anchor by anybody that gives the name of an accredited body as the entry makes no accredited body."""
    scheme = "https://scheme.example/"
    true = anchor("did:web:lab.example", "https://register.example/9", kind="accreditation", scope=scheme)
    graph = graph_of(
        reading("DPP", passport("a", copper=1, claims=("clean",))),
        reading("DCC", attestation("a", "clean"), issuer="did:web:thief.example"),
        reading("DIA", true, issuer=REGISTER),
        reading("DIA", anchor("did:web:thief.example", entry), issuer="did:web:thiefs-register.example"),
        roots=[REGISTER],
    )
    (claim,) = graph.claims
    chains = Chains(graph)
    assert chains.strength(claim) is Strength.OTHERS
    assert rooted(graph, chains, ["did:web:thief.example"]) == 0


def counted(name: str, *readings: Reading) -> int:
    """A number of the pilot."""
    return next(len(one.verified) for one in measures(graph_of(*readings)) if one.name == name)


def test_one_party_under_two_dids_is_one_actor() -> None:
    """A register that knows two DIDs as one company makes them one; without it they are two."""
    dids = ("did:web:a.example", "did:web:b.example")
    issued = [reading("DPP", passport(did[-9], copper=1), issuer=did) for did in dids]
    entries = [reading("DIA", anchor(did, "https://register.example/1"), issuer=REGISTER) for did in dids]
    assert counted("actors", *issued) == 2
    assert counted("actors", *issued, *entries) == 1


def test_a_consignment_counts_once_and_only_with_goods() -> None:
    """Spellings of one event are one consignment, and an event that moves nothing is none."""

    def event(name: str, **more: Any) -> Reading:
        told = {"type": ["MoveEvent"], "id": name, "movedProduct": [goods("cathode", tonnes(1))], **more}
        return reading("DTE", told)

    assert counted("consignments", event("https://e.example/1"), event("HTTPS://E.example:443/1")) == 1
    assert (
        counted("consignments", event("https://e.example/1"), event("https://e.example/2", movedProduct=[]))
        == 1
    )


def test_a_consignment_counts_only_with_good_passports_of_its_goods() -> None:
    """Where a passport of what is moved does not conform, or is of nobody, the consignment is but declared."""
    told = {"type": ["MoveEvent"], "id": "https://e.example/1", "movedProduct": [goods("cathode", tonnes(1))]}
    event, cathode = reading("DTE", told), passport("cathode", copper=1)
    assert counted("consignments", event, reading("DPP", cathode)) == 1
    assert counted("consignments", event, reading("DPP", cathode, conformant=False)) == 0
    assert counted("consignments", event, reading("DPP", cathode, state=State.UNVERIFIED)) == 0


def test_where_the_chain_breaks_names_what_does_not_conform() -> None:
    """A passport that does not conform breaks the chain though its signature holds."""
    graph = graph_of(reading("DPP", passport("cathode", copper=1), name="cathode", conformant=False))
    assert ("cathode", "not conformant") in {
        (row["credential"], row["why"]) for row in breaks(graph, Chains(graph))
    }


def test_platforms_and_countries_are_not_made_up_by_letters() -> None:
    """Another letter case makes no platform, and a code that is not assigned no country."""
    names = ("Cadenza", "cadenza", "CADENZA ")
    assert (
        counted("platforms", *(reading("DPP", passport("a", copper=1), software=name) for name in names)) == 1
    )
    codes = ("FI", "fi", "ZZ", "XX", "Q9")
    made_in = [{**passport("a", copper=1), "countryOfProduction": {"countryCode": code}} for code in codes]
    assert counted("countries", *(reading("DPP", one) for one in made_in)) == 1


@pytest.mark.parametrize("member", ["validFrom", "validUntil"])
def test_a_date_that_cannot_be_read_is_no_verified_date(member: str) -> None:
    """What ends `soon` is not known to hold, however well it is signed."""
    plan, name = good_plan(), "untp-0.7.0/dcc-cathode-footprint"
    patch = Patch.of([{"op": "replace", "path": f"/{member}", "value": "soon"}], "test")
    changed = plan.reissued(replace(plan.issuances[name], payload_edits=(patch,)))
    place = list(plan.issuances).index(name)
    assert state_of(subjects(issue(plan))[place])[0] == "verified"
    assert state_of(subjects(issue(changed))[place])[0] == "unverified"


def test_a_year_of_five_digits_can_be_read() -> None:
    """A dateTimeStamp beyond the calendar of Python ends no sooner for that."""
    plan, name = good_plan(), "untp-0.7.0/dcc-cathode-footprint"
    patch = Patch.of([{"op": "replace", "path": "/validUntil", "value": "12031-01-01T00:00:00Z"}], "test")
    changed = plan.reissued(replace(plan.issuances[name], payload_edits=(patch,)))
    assert state_of(subjects(issue(changed))[list(plan.issuances).index(name)])[0] == "verified"


def audited(name: str, issuer: str, *, conforms: bool = True, year: int = 2026, day: int = 1) -> Reading:
    """An attestation of product a by the criterion `clean`."""
    told = {**attestation("a", "clean"), "id": f"https://attestations.example/{name}"}
    told["conformityAssessment"][0] |= {
        "conformance": conforms, "assessmentDate": f"{year}-05-{day:02}",
        "applicablePeriod": {"startDate": f"{year}-01-01", "endDate": f"{year}-12-31"},
    }  # fmt: skip
    return reading("DCC", told, issuer=issuer, name=name)


def claimed() -> Reading:
    """A passport of product a that claims to be clean in 2026."""
    told = passport("a", copper=1, claims=("clean",))
    told["performanceClaim"][0]["applicablePeriod"] = {"startDate": "2026-01-01", "endDate": "2026-12-31"}
    return reading("DPP", told, name="claimed")


LAB, SELF = "did:web:lab.example", "did:web:maker.example"


@pytest.mark.parametrize(
    ("assessments", "stands"),
    [
        ((audited("yes", SELF),), "held"),
        ((audited("yes", SELF), audited("no", LAB, conforms=False)), "refuted"),
        ((audited("yes", SELF), audited("no", SELF, conforms=False)), "held"),
        ((audited("yes", LAB, day=9), audited("no", LAB, conforms=False)), "held"),
        ((audited("yes", LAB), audited("no", LAB, conforms=False, day=9)), "refuted"),
        ((audited("yes", SELF), audited("no", LAB, conforms=False, year=2020)), "held"),
        ((audited("yes", LAB, year=2020),), "elsewhere"),
    ],
)
def test_a_claim_does_not_hold_against_an_assessment_by_somebody_else(
    assessments: tuple[Reading, ...], stands: str
) -> None:
    """One's own yes does not outweigh the no of a laboratory, unless that found better later; nor does another year's yes."""
    graph = graph_of(claimed(), *assessments)
    (claim,) = graph.claims
    assert standing(claim, Chains(graph)) == stands
    assert (Chains(graph).strength(claim) is not None) == (stands == "held")
    assert ("GRAPH-CLAIM-01" in judge(claimed(), *assessments)) == (stands == "refuted")


@pytest.mark.parametrize("mass", [1e308, 9e304, 1e14])
def test_no_quantity_is_so_large_that_every_sum_is_even(mass: float) -> None:
    """Three lots do not come of two like them, and what is written of the sum is JSON."""
    event = make(
        "1",
        [goods(f"ore {i}", tonnes(mass)) for i in "ab"],
        [goods(f"metal {i}", tonnes(mass)) for i in "abc"],
    )
    graph = graph_of(reading("DTE", event))
    assert "MB-CONS-06" in judge(reading("DTE", event))
    assert json.dumps(summary(graph, Chains(graph), Balance(graph)), allow_nan=False)
