"""What designers of extensions are told: on our own profile nothing, on broken ones and on real ones what is wrong."""

from __future__ import annotations

import copy
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from harness.judge import load_suite
from harness.reference.crm import PROFILE, load_crm_payloads
from harness.semantics.artefacts import read_schema_file
from harness.semantics.extension import Extension, Observation, observations

CONTEXT = "https://untp-crm.example/0.1/context.jsonld"
UNTP = ("https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/")
SHARED = Path(os.environ.get("UNTP_CRM_SHARED", Path(__file__).resolve().parents[3] / "shared"))
KINDS = [spec for spec in load_suite().profile(PROFILE).types.values() if spec.extends]


def ours(name: str) -> Extension:
    """One type of our own profile, with its first example."""
    spec = load_suite().profile(PROFILE).types[name]
    core = load_suite().profile(PROFILE).types[spec.core]
    examples = {p.name: p.value for p in load_crm_payloads().values() if p.value["type"][0] == name}
    first = dict(list(examples.items())[:1])
    return Extension(
        {CONTEXT: read_schema_file("untp-crm/context.jsonld")},
        read_schema_file(spec.extension or ""),
        spec.schema,
        (spec.core, core.subject[0]),
        first,
        UNTP,
    )


@cache
def found(name: str) -> tuple[Observation, ...]:
    """What is observed of a type of ours."""
    return tuple(observations(ours(name)))


@pytest.mark.parametrize("name", [spec.name for spec in KINDS])
def test_nothing_is_found_in_our_own_profile(name: str) -> None:
    """Context, schema and example of each type hold: no @vocab, nothing redefined or loosened, all terms defined."""
    assert found(name) == ()


def told(extension: Extension) -> set[str]:
    """The requirements that an extension breaks."""
    return {observation.requirement for observation in observations(extension)}


def changed(**parts: Any) -> Extension:
    """The mining permit of ours with some parts changed."""
    base = ours("MiningPermitCredential")
    members = {name: parts.get(name, getattr(base, name)) for name in base.__dataclass_fields__}
    return Extension(**members)


def context(**terms: Any) -> dict[str, Any]:
    """Our context with other terms added."""
    document = copy.deepcopy(read_schema_file("untp-crm/context.jsonld"))
    document["@context"].update(terms)
    return {CONTEXT: document}


def example(**members: Any) -> dict[str, Any]:
    """The first permit with members of its subject changed; None removes."""
    (value,) = copy.deepcopy(dict(ours("MiningPermitCredential").examples)).values()
    for name, member in members.items():
        value["credentialSubject"][name] = member
        if member is None:
            del value["credentialSubject"][name]
    return {"permit": value}


@pytest.mark.parametrize(
    ("extension", "requirement"),
    [
        (changed(contexts=context(**{"@vocab": "https://a.example/#"})), "VCP-CTX-05"),
        (
            changed(
                contexts={"https://a.example/1/c.jsonld": {"@context": {"Product": "https://a.example/P"}}}
            ),
            "VCP-CTX-06",
        ),
        (changed(contexts={"https://a.example/context.jsonld": {"@context": {}}}), "EXT-CTX-02"),
        (changed(examples=example(oreGrade=1)), "EXT-CTX-01"),
        (changed(examples=example(type=["MiningPermit"])), "EXT-CTX-03"),
        (changed(examples=example(assessorLevel=None)), "EXT-SCH-01"),
        (changed(examples=example(permitNumber=None)), "EXT-SCH-01"),
        (changed(examples=example(profileScore={"code": "A", "colour": "red"})), "EXT-SCH-04"),
        (changed(schema={"type": "thing"}), "EXT-SCH-03"),
        (changed(schema={"$ref": "https://untp-crm.example/schemas/untp-crm/nowhere.json"}), "EXT-SCH-03"),
        (changed(schema={"type": "object"}), "EXT-SCH-02"),
    ],
)
def test_a_broken_extension_is_told_what_it_breaks(extension: Extension, requirement: str) -> None:
    """Each kind of mistake is found under its requirement."""
    assert requirement in told(extension)


REAL = sorted((SHARED / "artefacts" / "aatp-dlp").glob("*")) + sorted(
    (SHARED / "artefacts" / "bcgov-ext").glob("*")
)


@pytest.mark.parametrize("folder", REAL, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_real_extensions_are_read(folder: Path) -> None:
    """The extensions beside the checkout are observed without error, and @vocab is found where it stands."""
    documents = {file.name: json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.iterdir())}
    contexts = {f"https://ext.example/{n}": d for n, d in documents.items() if n.endswith(".jsonld")}
    schemas = [document for name, document in documents.items() if name.endswith(".json")]
    extension = Extension(contexts, schemas[0] if schemas else None)
    found_here = told(extension)
    assert ("VCP-CTX-05" in found_here) == ("@vocab" in json.dumps(list(contexts.values())))
    assert "EXT-SCH-03" not in found_here
