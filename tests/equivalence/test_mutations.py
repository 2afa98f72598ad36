"""For comparison: how many of the mutations of the suite the official schemas catch alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from harness.credential import read_credentials
from harness.evidence import Evidence
from harness.reference.chain import reference_bundle
from harness.reference.crm import broken, crm_evidence, load_crm_payloads, load_crm_vectors
from harness.reference.payloads import Payload, load_payloads
from harness.reference.vectors import Vector, apply, load_vectors

from .engines import Errors, fast
from .pairs import PAIRS

Record = Callable[[str, object], None]
JUDGES = {pair.name: fast(pair)[1] for pair in PAIRS}
"""The official schemas by type and version, judged by jsonschema-rs with formats asserted."""


def official_errors(evidence: Evidence, payload: Payload) -> Errors:
    """What the official schema of a payload's type says of the credential that was delivered."""
    (credential,) = read_credentials(evidence)
    version = payload.version.removeprefix("untp-").replace("crm", "0.7.0")
    value: Any = credential.document.value if credential.document is not None else None
    return () if value is None else JUDGES[f"{payload.kind}-{version}"](value)


def mutations() -> Iterator[tuple[Vector, Errors]]:
    """Each mutation with the errors of the official schema that its good twin does not have."""
    bundle = reference_bundle()
    for vector in load_vectors():
        payload = load_payloads()[vector.base]
        twin = official_errors(bundle.delivered(vector.base), payload)
        found = official_errors(apply(vector, bundle).delivered(vector.base), payload)
        yield vector, tuple(error for error in found if error not in twin)
    for vector in load_crm_vectors():
        payload = load_crm_payloads()[vector.base]
        twin = official_errors(crm_evidence(vector.base), payload)
        yield vector, tuple(error for error in official_errors(broken(vector), payload) if error not in twin)


def test_mutations_that_official_schemas_catch(record_property: Record) -> None:
    """The official schemas catch some of the mutations, and by far not all: the figures are printed."""
    made: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    names: dict[bool, list[str]] = {True: [], False: []}
    for vector, errors in mutations():
        names[bool(errors)].append(vector.name)
        made[vector.component] += 1
        caught[vector.component] += bool(errors)
    record_property("official-caught", " ".join(names[True]))
    record_property("official-missed", " ".join(names[False]))
    assert 0 < caught.total() < made.total()
    assert made.total() >= 300
    for component in sorted(made):
        record_property(f"equivalence: mutations of {component}", made[component])
        record_property(
            f"equivalence: of these the official schemas alone catch ({component})", caught[component]
        )
    record_property("equivalence: mutations in all", made.total())
    record_property("equivalence: of these the official schemas alone catch (in all)", caught.total())


def test_good_twins_are_good_by_official_schemas_too(record_property: Record) -> None:
    """The credentials from which mutations start have no fault by the official schemas."""
    bundle = reference_bundle()
    faulty = [
        name for name, payload in load_payloads().items() if official_errors(bundle.delivered(name), payload)
    ]
    faulty += [
        name for name, payload in load_crm_payloads().items() if official_errors(crm_evidence(name), payload)
    ]
    assert faulty == []
    record_property(
        "equivalence: good twins without a fault", len(load_payloads()) + len(load_crm_payloads())
    )
