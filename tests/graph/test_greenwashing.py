"""Tricks that would make goods look better than they are, each on a chain made for it: none changes the answer."""

from __future__ import annotations

from typing import Any

import pytest

from harness.graph import State
from harness.graph.balance import Balance
from harness.graph.chains import Chains, Strength
from harness.graph.mass import Scales, Unweighed
from harness.graph.pilot import measures, rooted

from .made import HOST, goods, graph_of, judge, make, reading

REGISTER = "did:web:register.example"


def tonnes(value: float) -> dict[str, Any]:
    """A mass."""
    return {"value": value, "unit": "TNE"}


def passport(
    name: str, *, copper: float, claims: tuple[str, ...] = (), kind: str = "batch"
) -> dict[str, Any]:
    """A passport of a product with a copper content and claims by some criteria."""
    return {
        "type": ["Product"], "id": f"{HOST}/{name}", "name": name, "idGranularity": kind,
        "materialProvenance": [{"name": "Copper", "massFraction": copper}],
        "performanceClaim": [
            {"id": f"{HOST}/{name}#{criterion}", "referenceCriteria": [{"id": f"https://scheme.example/{criterion}"}]}
            for criterion in claims
        ],
    }  # fmt: skip


def attestation(name: str, criterion: str, *, level: str = "3rdParty") -> dict[str, Any]:
    """An attestation of a product by a criterion."""
    return {
        "id": f"https://attestations.example/{name}", "assessorLevel": level,
        "issuedToParty": {"id": "did:web:maker.example"}, "referenceScheme": {"id": "https://scheme.example/"},
        "conformityAssessment": [{
            "conformance": True, "assessmentCriteria": [{"id": f"https://scheme.example/{criterion}"}],
            "assessedProduct": [{"product": {"id": f"{HOST}/{name}"}}],
        }],
    }  # fmt: skip


def anchor(subject: str, entry: str, *, kind: str = "business", scope: str = "") -> dict[str, Any]:
    """A register entry."""
    return {
        "id": subject, "registerType": kind, "publicInformation": entry, "registeredId": "1",
        "registrationScope": [scope] if scope else [],
    }  # fmt: skip


def test_a_made_up_register_gives_nobody_the_name_of_another() -> None:
    """Two registers that give one entry to two parties make them one only where a trusted one says so."""
    entry = "https://register.example/companies/1"
    true = reading("DIA", anchor("did:web:honest.example", entry), issuer=REGISTER)
    false = reading("DIA", anchor("did:web:thief.example", entry), issuer="did:web:my-register.example")
    pair = ("did:web:honest.example", "did:web:thief.example")
    assert not Chains(graph_of(true, false)).parties.same(*pair)
    assert not Chains(graph_of(true, false, roots=[REGISTER])).parties.same(*pair)
    assert Chains(graph_of(true, false, roots=[REGISTER])).parties.same(pair[0], entry)


def test_a_business_entry_gives_no_power_to_accredit() -> None:
    """An accreditation by a company that a trusted register knows as a company leads to no root."""
    company = reading("DIA", anchor("did:web:friend.example", "https://register.example/2"), issuer=REGISTER)
    made = anchor(
        "did:web:lab.example",
        "https://friend.example/1",
        kind="accreditation",
        scope="https://scheme.example/",
    )
    graph = graph_of(company, reading("DIA", made, issuer="did:web:friend.example"), roots=[REGISTER])
    chains = Chains(graph)
    assert [chains.roots.reached_from(one) for one in graph.identities] == [True, False]


@pytest.mark.parametrize(
    ("issuer", "anchored", "strength"),
    [
        ("did:web:maker.example", False, Strength.CLAIMANT),
        ("did:web:lab.example", False, Strength.OTHERS),
        ("did:web:lab.example", True, Strength.ACCREDITED),
    ],
)
def test_who_bears_a_claim_out_is_told(issuer: str, anchored: bool, strength: Strength) -> None:
    """A claim that only the claimant bears out is not counted with those of accredited bodies."""
    accredited = anchor(
        "did:web:lab.example",
        "https://register.example/9",
        kind="accreditation",
        scope="https://scheme.example/",
    )
    graph = graph_of(
        reading("DPP", passport("a", copper=1, claims=("clean",))),
        reading("DCC", attestation("a", "clean"), issuer=issuer),
        *([reading("DIA", accredited, issuer=REGISTER)] if anchored else []),
        roots=[REGISTER],
    )
    (claim,) = graph.claims
    assert Chains(graph).strength(claim) is strength


def test_a_second_passport_by_somebody_else_changes_no_sum() -> None:
    """Whoever comes first in the bundle: the passport by who made the goods is weighed, and the other one told."""
    make_ore = make("1", [goods("rock", tonnes(100))], [goods("copper ore", tonnes(30))])
    make_metal = make(
        "2", [goods("copper ore", tonnes(30))], [goods("cathode", tonnes(10))], date="2026-02-01T00:00:00Z"
    )
    false = reading("DPP", passport("copper ore", copper=0.9), issuer="did:web:smelter.example", name="false")
    readings = (
        false, reading("DPP", passport("copper ore", copper=0.3), name="true"), reading("DPP", passport("cathode", copper=1)),
        reading("DTE", make_ore), reading("DTE", make_metal, issuer="did:web:smelter.example"),
    )  # fmt: skip
    (copper,) = [one for one in Balance(graph_of(*readings)).metals if one.event.id.endswith("/2")]
    assert copper.over
    found = judge(*readings)
    assert {"MB-CONS-02", "GRAPH-MERGE-01"} <= found.keys()


def test_an_impossible_density_weighs_nothing() -> None:
    """A cubic metre of a hundred tonnes is no way to make an input heavy."""
    dense = {**passport("ore", copper=0.3), "dimensions": {
        "weight": tonnes(100), "volume": {"value": 1, "unit": "MTQ"}}}  # fmt: skip
    event = make("1", [goods("ore", {"value": 1, "unit": "MTQ"})], [goods("cathode", tonnes(90))])
    graph = graph_of(reading("DPP", dense), reading("DTE", event))
    assert Scales(graph).weigh(graph.events[0].inputs[0]) is Unweighed.NO_DENSITY


def test_ten_certified_tonnes_do_not_become_thirty() -> None:
    """Certified out is bound by certified in, over all events of a facility, and the sum is shown."""
    sold = [f"sold copper {i}" for i in range(3)]
    criterion = "mass-balance"
    lots = ("certified copper", "other copper", *sold)
    passports = [
        reading(
            "DPP", passport(name, copper=1, claims=() if name == "other copper" else (criterion,)), name=name
        )
        for name in lots
    ]
    attested = [
        reading("DCC", attestation(name, criterion), issuer="did:web:lab.example", name=f"dcc {name}")
        for name in lots if name != "other copper"
    ]  # fmt: skip
    events = [
        make(str(i), [goods("certified copper", tonnes(10 / 3)), goods("other copper", tonnes(20 / 3))],
             [goods(name, tonnes(10))], date=f"2026-0{i + 1}-01T00:00:00Z")
        for i, name in enumerate(sold)
    ]  # fmt: skip
    found = judge(*passports, *attested, reading("DTE", *events))
    (result,) = found["MB-CLAIM-01"]
    assert "certified goods out" in result.findings[0].message
    assert "not certified" in str(result.findings[0].expected)


def test_certified_goods_from_certified_inputs_are_fine() -> None:
    """The same account with as much certified copper as is sold finds nothing."""
    names = ("certified copper", "sold copper")
    readings = [
        reading("DPP", passport(name, copper=1, claims=("mass-balance",)), name=name) for name in names
    ]
    readings += [
        reading("DCC", attestation(name, "mass-balance"), issuer="did:web:lab.example", name=f"dcc {name}")
        for name in names
    ]
    event = make("1", [goods(names[0], tonnes(10))], [goods(names[1], tonnes(10))])
    assert "MB-CLAIM-01" not in judge(*readings, reading("DTE", event))


@pytest.mark.parametrize("state", [State.UNVERIFIED, State.EXPIRED])
def test_what_is_not_verified_brings_no_stock(state: State) -> None:
    """A second arrival that nobody signed, or that has expired, covers no use."""

    def arrival(name: str, value: float) -> dict[str, Any]:
        return {
            "type": ["MoveEvent"], "id": f"https://events.maker.example/{name}", "eventDate": "2026-01-01T00:00:00Z",
            "movedProduct": [goods("ore", tonnes(value))], "fromFacility": {"id": f"{HOST}/mine"},
            "toFacility": {"id": f"{HOST}/plant"},
        }  # fmt: skip

    use = make("9", [goods("ore", tonnes(100))], [goods("slag", tonnes(100))], date="2026-02-01T00:00:00Z")
    good = reading("DTE", arrival("1", 50)), reading("DTE", arrival("2", 50))
    assert "MB-CONS-04" not in judge(*good, reading("DTE", use))
    bad = reading("DTE", arrival("1", 50)), reading("DTE", arrival("2", 50), state=state)
    assert "MB-CONS-04" in judge(*bad, reading("DTE", use))


def test_signed_actors_are_not_yet_rooted_ones() -> None:
    """Of two actors with verified evidence one has an anchor of a trusted register: one is rooted."""
    readings = [
        reading("DPP", passport("a", copper=1), issuer="did:web:maker.example"),
        reading("DPP", passport("b", copper=1), issuer="did:web:made-up.example"),
        reading("DIA", anchor("did:web:maker.example", "https://register.example/1"), issuer=REGISTER),
    ]
    graph = graph_of(*readings, roots=[REGISTER])
    actors = next(one for one in measures(graph) if one.name == "actors").verified
    assert len(actors) == 2
    assert rooted(graph, Chains(graph), actors) == 1
    alone = graph_of(*readings)
    assert rooted(alone, Chains(alone), actors) is None
