"""Context, ontology, schemas, shapes and code lists of the profile say the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from rdflib import RDF, RDFS, SKOS, Graph, URIRef

from harness.catalogue import load_catalogue
from harness.judge import load_suite
from harness.reference.crm import PROFILE, load_crm_payloads
from harness.resources import resource
from harness.semantics.artefacts import read_schema_file, registry
from harness.semantics.shapes import requirements_of

VOCABULARY = "https://untp-crm.example/vocabulary/"
CONTEXT: dict[str, Any] = read_schema_file("untp-crm/context.jsonld")["@context"]
CORE: dict[str, Any] = read_schema_file("untp-crm/core.json")["$defs"]
ONTOLOGY = Graph().parse(resource("schemas", "untp-crm", "ontology.ttl"))


def iris(value: Any) -> Iterator[str]:
    """Every IRI of our vocabulary in a context."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from iris(inner)
    elif isinstance(value, str) and value.startswith("crm:"):
        yield VOCABULARY + value.removeprefix("crm:")


def names(value: Any) -> Iterator[str]:
    """Every name of a member, at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if not name.startswith("@"):
                yield name
            yield from names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from names(inner)


def test_every_term_is_in_the_ontology_with_label_and_definition() -> None:
    """A term of the context has a label and says in words what it means."""
    for iri in set(iris(CONTEXT)):
        node = URIRef(iri)
        assert (node, RDF.type, None) in ONTOLOGY, iri
        assert ONTOLOGY.value(node, RDFS.label) or ONTOLOGY.value(node, SKOS.prefLabel), iri
        assert ONTOLOGY.value(node, RDFS.comment) or ONTOLOGY.value(node, SKOS.definition), iri


def test_the_ontology_has_no_term_that_the_context_lacks() -> None:
    """Classes, properties and codes can all be written in a credential; activities are codes of a classification."""
    lists = {str(node) for node in ONTOLOGY.subjects(RDF.type, SKOS.ConceptScheme)}
    told = {str(node) for node in ONTOLOGY.subjects(RDF.type, None) if str(node).startswith(VOCABULARY)}
    activities = {name for name in told if name.startswith(f"{VOCABULARY}Activity#")}
    assert len(activities) == 8
    assert told - lists - activities - {VOCABULARY} == set(iris(CONTEXT))


def test_no_catch_all_and_nothing_of_untp_redefined() -> None:
    """The context has no @vocab, is protected, and no term of it is one of VCDM or UNTP at any depth."""
    assert '"@vocab":' not in json.dumps(CONTEXT)
    assert CONTEXT["@protected"] is True
    taken = set(names(read_schema_file("untp-0.7.0/context.jsonld")["@context"]))
    taken |= set(read_schema_file("w3c/credentials-v2.jsonld")["@context"])
    assert {name for name in CONTEXT if not name.startswith("@")} & taken == set()


@pytest.mark.parametrize(
    ("definition", "term"),
    [
        ("Commodity", "commodity"), ("MaterialForm", "materialForm"), ("MiningMethod", "miningMethod"),
        ("SystemBoundary", "systemBoundary"),
    ],
)  # fmt: skip
def test_code_lists_of_schema_and_context_agree(definition: str, term: str) -> None:
    """What the schema allows is what the context gives a meaning."""
    assert CORE[definition]["enum"] == list(CONTEXT[term]["@context"])


@pytest.mark.parametrize(
    ("term", "where"),
    [
        ("permitStatus", "MiningPermit"), ("allocationMethod", "EmissionsIntensity"), ("processRoute", "Refinery"),
    ],
)  # fmt: skip
def test_codes_of_one_class_agree(term: str, where: str) -> None:
    """The codes of a member that one class has are those of the context."""
    assert CORE[where]["properties"][term]["enum"] == list(CONTEXT[term]["@context"])


def test_the_table_of_forms_has_every_form_but_the_battery() -> None:
    """Each material form has its commodity, kind, range and codes of goods."""
    import tomllib

    forms = tomllib.loads(resource("test_cases", "codes", "crm_forms.toml").read_text(encoding="utf-8"))
    assert [*forms, "batteryPack"] == CORE["MaterialForm"]["enum"]
    for form in forms.values():
        assert form["commodity"] in CORE["Commodity"]["enum"]
        assert 0 < form["low"] < form["high"] <= 1
        assert form["kind"] == "raw" or 0 < form["purity"] <= 1


def test_every_member_of_the_examples_means_something_of_ours() -> None:
    """The examples use every property of the profile, so that vendors see each once."""
    used = {name for payload in load_crm_payloads().values() for name in names(payload.value)}
    properties = {name for name, term in CONTEXT.items() if isinstance(term, dict)}
    assert properties - used == set()


def test_context_and_schemas_are_registered() -> None:
    """Each file of the profile has its URL, under its version, and no official digest."""
    files = {a.file: a for a in registry().artefacts.values() if a.file.startswith("untp-crm/")}
    folder = resource("schemas", "untp-crm")
    assert set(files) == {f"untp-crm/{p.name}" for p in folder.iterdir() if p.suffix in (".json", ".jsonld")}
    assert all(a.url.startswith("https://untp-crm.example/0.1/") and a.sha256 is None for a in files.values())


def test_shapes_are_of_requirements_of_the_profile() -> None:
    """Each shape names a requirement that has a case."""
    decided = {item.requirement for item in load_suite().cases}
    assert requirements_of(("crm.ttl",)) <= decided


def test_proposed_requirements_bind_under_the_profile_alone() -> None:
    """Under untp-0.7.0 no CRM requirement counts; under untp-crm a MUST among them fails."""
    profiles, requirements = load_catalogue().profiles, load_catalogue().requirements
    ours = [r for r in requirements.values() if r.component == "CRM" and "0.7.0" in r.versions]
    assert not [r.id for r in ours if profiles["untp-0.7.0"].contains(r)]
    assert all(profiles[PROFILE].contains(r) for r in ours)
    assert str(requirements["CRM-MAT-01"].severity(proposed=profiles[PROFILE].proposed)) == "failed"
    assert str(requirements["CRM-MAT-01"].severity()) == "warning"
