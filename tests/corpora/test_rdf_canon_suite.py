"""The W3C test suite of RDF Dataset Canonicalization, read in place, by the canonicaliser behind our proofs.

Its poison test (074, which has to be given up) is in `test_poison`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pyoxigraph
import pytest

from harness.semantics.rdf import canonical_dataset

Record = Callable[[str, object], None]
Entry = dict[str, Any]

HEADING: Final = "corpora: W3C suite rdf-canon"
HASHES: Final = {"SHA256": "sha256", "SHA384": "sha384"}


@pytest.fixture(name="suite")
def the_suite(corpora: Path) -> Path:
    """The folder of the suite."""
    return corpora / "suites" / "rdf-canon"


def entries(suite: Path, kind: str) -> list[Entry]:
    """The tests of one kind."""
    manifest = json.loads((suite / "manifest.jsonld").read_text("utf-8"))
    return [entry for entry in manifest["entries"] if entry["type"] == f"rdfc:{kind}"]


def quads(suite: Path, entry: Entry) -> list[pyoxigraph.Quad]:
    """The dataset of a test."""
    return list(pyoxigraph.parse((suite / entry["action"]).read_bytes(), format=pyoxigraph.RdfFormat.N_QUADS))


def canonical(suite: Path, entry: Entry) -> str:
    """The canonical form of the dataset of a test, with the hash function that it asks for."""
    return canonical_dataset(quads(suite, entry), HASHES[entry.get("hashAlgorithm", "SHA256")])


def relabelled(node: Any, labels: dict[str, str]) -> Any:
    """A term with the label that a map gives to its blank node."""
    return pyoxigraph.BlankNode(labels[node.value]) if isinstance(node, pyoxigraph.BlankNode) else node


def told(record: Record, what: str, outcomes: dict[str, bool]) -> list[str]:
    """Records the rate and each failure; gives the failures back."""
    failures = [name for name, passed in outcomes.items() if not passed]
    record(HEADING, f"{what}: {len(outcomes) - len(failures)} of {len(outcomes)} (floor: all)")
    for name in failures:
        record(HEADING, f"  fails: {name}")
    return failures


def test_every_kind_of_test_is_used(suite: Path) -> None:
    """The suite has evaluation tests, map tests and the poison test, and nothing else."""
    manifest = json.loads((suite / "manifest.jsonld").read_text("utf-8"))
    kinds = {entry["type"].removeprefix("rdfc:") for entry in manifest["entries"]}
    assert kinds == {"RDFC10EvalTest", "RDFC10MapTest", "RDFC10NegativeEvalTest"}
    assert [entry["id"] for entry in entries(suite, "RDFC10NegativeEvalTest")] == ["#test074c"]


def test_evaluation_tests(suite: Path, record_property: Record) -> None:
    """Every evaluation test, those called evil included, gives the published canonical form."""
    outcomes = {
        f"{entry['id']} {entry['name']}": canonical(suite, entry)
        == (suite / entry["result"]).read_text("utf-8")
        for entry in entries(suite, "RDFC10EvalTest")
    }
    assert not told(record_property, "evaluation tests, canonical form", outcomes)
    assert len(outcomes) == 64


def test_map_tests(suite: Path, record_property: Record) -> None:
    """The input under the published identifiers is our canonical form.

    The engine shows no issued identifiers map: this proves ours equal to it up to an automorphism of the graph.
    """
    outcomes = {}
    for entry in entries(suite, "RDFC10MapTest"):
        labels = json.loads((suite / entry["result"]).read_text("utf-8"))
        lines = {
            f"{pyoxigraph.Quad(*(relabelled(part, labels) for part in quad))} .\n"
            for quad in quads(suite, entry)
        }
        outcomes[f"{entry['id']} {entry['name']}"] = "".join(sorted(lines)) == canonical(suite, entry)
    assert not told(record_property, "map tests, by applying the published map", outcomes)
    assert len(outcomes) == 21
