"""The toRdf tests of the W3C JSON-LD API suite, read in place: pyld by itself, and our expander with our RDF.

Our expander is for credentials: JSON-LD 1.1, and no document base. A test that needs a base gets it as
`@base` in the document, which the memory for contexts leaves to the slow path; the rest goes the fast way,
with each inline context behind a URL, as the contexts of credentials are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

import pyoxigraph
import pytest
from pyld import jsonld

from harness.errors import MalformedError
from harness.evidence import Evidence, Web
from harness.semantics import expansion, rdf, remembered, watched

pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning:pyld.*")

Record = Callable[[str, object], None]

HEADING: Final = "corpora: W3C suite json-ld-api, toRdf"
ADDRESS: Final = "https://w3c.github.io/json-ld-api/tests/"

FLOOR: Final = {"pyld": 447, "our expander": 439}
"""Passed tests below which an engine may not fall, of 456."""


@dataclass(frozen=True)
class Entry:
    """One test of the manifest."""

    id: str
    name: str
    kind: str
    input: str
    expected: str | None
    error: str | None
    option: Mapping[str, Any] = field(repr=False, hash=False)

    @property
    def base(self) -> str:
        """The address of the document."""
        return str(self.option.get("base", ADDRESS + self.input))

    @property
    def told(self) -> str:
        """Id, name and the options that a processor needs for it."""
        needs = {
            name: value for name, value in self.option.items() if name not in ("specVersion", "normative")
        }
        return f"{self.id} {self.name}" + (f" {json.dumps(needs)}" if needs else "")


@pytest.fixture(name="suite")
def the_suite(corpora: Path) -> Path:
    """The folder of the suite."""
    return corpora / "suites" / "json-ld-api"


def entries(suite: Path) -> Iterator[Entry]:
    """The tests of JSON-LD 1.1; those of 1.0 alone are for other processors."""
    for row in json.loads((suite / "toRdf-manifest.jsonld").read_text("utf-8"))["sequence"]:
        option = row.get("option", {})
        if option.get("specVersion") != "json-ld-1.0":
            kind = row["@type"][0].removeprefix("jld:").removesuffix("Test")
            yield Entry(
                row["@id"],
                row["name"],
                kind,
                row["input"],
                row.get("expect"),
                row.get("expectErrorCode"),
                option,
            )


@dataclass(frozen=True)
class Answer:
    """What an engine made of a test: canonical N-Quads, or the code of an error."""

    quads: str | None
    error: str | None = None

    def passes(self, entry: Entry, suite: Path) -> bool:
        """Whether it is what the suite expects."""
        match entry.kind:
            case "NegativeEvaluation":
                return self.error == entry.error
            case "PositiveSyntax":
                return self.quads is not None
        assert entry.expected is not None
        return self.quads is not None and self.quads == canonical((suite / entry.expected).read_bytes())


def canonical(quads: bytes) -> str | None:
    """The canonical form of N-Quads, so that labels of blank nodes do not matter; None where they are none."""
    try:
        return rdf.canonical_dataset(list(pyoxigraph.parse(quads, format=pyoxigraph.RdfFormat.N_QUADS)))
    except SyntaxError:
        return None


def code_of(error: jsonld.JsonLdError) -> str:
    """The innermost error code."""
    while isinstance(error.__cause__, jsonld.JsonLdError):
        error = error.__cause__
    return str(error.code)


def by_pyld(entry: Entry, suite: Path) -> Answer:
    """From document to N-Quads, by pyld."""

    def load(url: str, _options: object = None) -> dict[str, Any]:
        document = json.loads((suite / url.removeprefix(ADDRESS)).read_text("utf-8"))
        return {
            "contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": document,
        }  # fmt: skip

    names = ("processingMode", "rdfDirection", "produceGeneralizedRdf")
    options = {name: entry.option[name] for name in names if name in entry.option}
    options |= {"documentLoader": load, "base": entry.base, "format": "application/n-quads"}
    if "expandContext" in entry.option:
        options["expandContext"] = json.loads((suite / entry.option["expandContext"]).read_text("utf-8"))
    try:
        made = jsonld.to_rdf(json.loads((suite / entry.input).read_text("utf-8")), options)
    except jsonld.JsonLdError as error:
        return Answer(None, code_of(error))
    except (TypeError, ValueError) as crash:  # pyld on what it does not foresee
        return Answer(None, f"crash: {crash}")
    return Answer(canonical(made.encode()))


@cache
def served(suite: Path) -> Mapping[str, Evidence]:
    """Every document of the suite at its address."""
    urls = {f"{ADDRESS}{path.relative_to(suite).as_posix()}": path for path in suite.rglob("*.jsonld")}
    return {url: Evidence(url, path.read_bytes(), "application/ld+json", "web") for url, path in urls.items()}


def absolute(value: Any, base: str) -> Any:
    """A context whose references to other contexts are absolute."""
    if isinstance(value, list):
        return [absolute(item, base) for item in value]
    if not isinstance(value, dict):
        return urljoin(base, value) if isinstance(value, str) else value
    made = dict(value)
    if isinstance(made.get("@import"), str):
        made["@import"] = urljoin(base, made["@import"])
    for name, term in made.items():
        if isinstance(term, dict) and "@context" in term:
            made[name] = {**term, "@context": absolute(term["@context"], base)}
    return made


def as_credentials_are(entry: Entry, suite: Path) -> tuple[Any, Web]:
    """The document of a test with its contexts behind URLs, and a web that answers them."""
    document = json.loads((suite / entry.input).read_text("utf-8"))
    answers = dict(served(suite))
    if not isinstance(document, dict) or "@context" not in document:
        return document, Web(answers)
    contexts = document["@context"]
    names: list[str] = []
    for index, context in enumerate(contexts if isinstance(contexts, list) else [contexts]):
        if isinstance(context, str):
            names.append(urljoin(entry.base, context))
            continue
        url = f"{ADDRESS}inline/{index}"
        body = json.dumps({"@context": absolute(context, entry.base)}).encode()
        answers[url] = Evidence(url, body, "application/ld+json", "web")
        names.append(url)
    return {**document, "@context": names}, Web(answers)


def with_base(entry: Entry, suite: Path) -> tuple[Any, Web]:
    """The document of a test with its address as `@base`, where it may have a context, and a web of the suite."""
    document = json.loads((suite / entry.input).read_text("utf-8"))
    several = document if isinstance(document, list) else [document]
    made = []
    for one in several:
        own = absolute(one.get("@context", []), entry.base) if isinstance(one, dict) else []
        contexts = [{"@base": entry.base}, *(own if isinstance(own, list) else [own])]
        made.append({**one, "@context": contexts} if isinstance(one, dict) else one)
    return made if isinstance(document, list) else made[0], Web(dict(served(suite)))


def by_our_expander(document: Any, web: Web) -> Answer:
    """Our fast expander, and the RDF that our proofs are made of."""
    made = expansion.expand(document, web, engine="fast")
    if made.fault is not None:
        return Answer(None, made.fault.code)
    try:
        return Answer(rdf.canonical(made.expanded))
    except MalformedError as error:
        return Answer(None, error.message)


def told(record: Record, engine: str, failures: Mapping[Entry, Answer], total: int, more: str = "") -> None:
    """Records the rate and each failure, and asserts the floor."""
    passed = total - len(failures)
    record(HEADING, f"{engine}: {passed} of {total} (floor: {FLOOR[engine]}){more}")
    for entry, answer in failures.items():
        wanted = entry.error or ("the published quads" if entry.expected else "no error")
        record(HEADING, f"  fails: {entry.told}: wanted {wanted}, got {answer.error or 'other quads'}")
    assert passed >= FLOOR[engine]


def test_pyld(suite: Path, record_property: Record) -> None:
    """The documents of the suite become the published RDF in pyld, but for what is listed."""
    every = list(entries(suite))
    answers = {entry: by_pyld(entry, suite) for entry in every}
    failures = {entry: answer for entry, answer in answers.items() if not answer.passes(entry, suite)}
    told(record_property, "pyld", failures, len(every))


def test_our_expander(suite: Path, record_property: Record) -> None:
    """Our expander and our RDF are those of the standard, but for what is listed."""
    every = list(entries(suite))
    failures: dict[Entry, Answer] = {}
    based = 0
    for entry in every:
        answer = by_our_expander(*as_credentials_are(entry, suite))
        if answer.passes(entry, suite):
            continue
        again = by_our_expander(*with_base(entry, suite))
        if again.passes(entry, suite):
            based += 1
        else:
            failures[entry] = answer
    told(
        record_property, "our expander", failures, len(every), f", {based} of them with @base in the document"
    )


def test_remembering_changes_nothing(suite: Path, record_property: Record) -> None:
    """Where the expander remembers contexts it gives what it gives without its memory."""
    fast_way = 0
    for entry in entries(suite):
        document, web = as_credentials_are(entry, suite)
        fast_way += remembered.world_of(document, web, watched.objects_of(document)) is not None
        fast = expansion.expand(document, web, engine="fast")
        slow = expansion.expand(document, web, engine="reference")
        assert (fast.expanded, fast.fault) == (slow.expanded, slow.fault), entry.told
    record_property(HEADING, f"fast and reference expander agree on every test; {fast_way} went the fast way")
    assert fast_way > 300
