"""Documents to expand: the good vectors of the suite, attacks on the processor, and random ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from harness.credential import Credential, read_credentials
from harness.evidence import Absence, Evidence, Web
from harness.gather.closure import Closure
from harness.gather.web import FolderWeb
from harness.resources import resource
from harness.semantics.artefacts import registry

V2 = "https://www.w3.org/ns/credentials/v2"
UNTP = "https://vocabulary.uncefact.org/untp/0.7.0/context/"
OWN = "https://v.example/c"

Pages = Mapping[str, Evidence | Absence]


@cache
def good_vectors() -> tuple[Path, ...]:
    """Every good payload of the suite."""
    folder = resource("test_cases", "vectors", "good")
    return tuple(sorted(path for path in folder.glob("untp-*/*.json")))


@cache
def good(path: Path) -> tuple[Any, Web]:
    """One good payload, and the web that it refers to."""
    held: Credential = next(read_credentials(Evidence(path.name, path.read_bytes())))
    assert held.document is not None
    web = FolderWeb(resource("test_cases", "vectors", "good", "web"))
    return held.document.value, Closure([web], registry().contexts).of(held)


def pages(**contexts: Any) -> Web:
    """A web of contexts: the keyword `c` is the page https://v.example/c."""
    found: dict[str, Evidence | Absence] = {}
    for name, context in contexts.items():
        url = f"https://v.example/{name}"
        body = context if isinstance(context, bytes) else json.dumps({"@context": context}).encode()
        found[url] = Evidence(url, body, "application/ld+json", "web")
    return Web(found)


def credential(*contexts: Any, **members: Any) -> dict[str, Any]:
    """A credential with contexts after the base context."""
    return {"@context": [V2, *contexts], "type": ["VerifiableCredential"], **members}


def _chain(length: int) -> dict[str, Any]:
    return {f"c{number}": [f"https://v.example/c{number + 1}"] for number in range(length)}


def _nested(depth: int) -> Any:
    value: Any = {"p": "x"}
    for _ in range(depth):
        value = {"p": value}
    return value


P = "http://p.example/"
ATTACKS: dict[str, tuple[Any, Pages]] = {
    "no context": ({"type": "VerifiableCredential", "name": "x"}, Web()),
    "string context": ({"@context": V2, "type": "VerifiableCredential", "name": "x"}, Web()),
    "null context": (credential(None, name="x"), Web()),
    "inline context": (credential({"p": P + "p"}, p="x"), Web()),
    "inline redefinition": (credential({"name": P + "n"}, name="x"), Web()),
    "nested context": (credential(credentialSubject={"@context": {"p": P + "p"}, "p": 1}), Web()),
    "nested null context": (credential(credentialSubject={"@context": None, "name": 1}), Web()),
    "vocab": (credential({"@vocab": P}, undefined="x"), Web()),
    "vocab null": (credential({"@vocab": None}, undefined="x"), Web()),
    "vocab null alone": ({"@context": {"@vocab": None}, "a": 1}, Web()),
    "vocab relative": (credential({"@vocab": "#"}, undefined="x"), Web()),
    "language": (credential({"@language": "en"}, name="x"), Web()),
    "base": (credential({"@base": "http://b.example/"}, credentialSubject={"id": "x"}), Web()),
    "own context": (credential(OWN, p="x"), pages(c={"p": P + "p"})),
    "own context redefines": (credential(OWN, name="x"), pages(c={"name": P + "n"})),
    "own context unchanged": (credential(OWN, name="x"), pages(c={"name": {"@id": "https://schema.org/name"}})),
    "own context nullifies": (credential(OWN, name="x"), pages(c={"name": None})),
    "own term null": (credential(OWN, p="x"), pages(c={"p": None})),
    "own context is absent": (credential(OWN, p="x"), Web({OWN: Absence(OWN, "not here")})),
    "own context was not asked for": (credential(OWN, p="x"), Web()),
    "own context is HTML": (credential(OWN, p="x"), pages(c=b"<html>")),
    "own context is an array": (credential(OWN, p="x"), pages(c=b"[1]")),
    "own context is a string": (credential(OWN, p="x"), pages(c=b'"x"')),
    "own context has no @context": (credential(OWN, p="x"), pages(c=b'{"p": "http://p.example/p"}')),
    "own context repeats a name": (credential(OWN, p="x"), pages(c=b'{"@context": {"p": "http://a.example/", "p": "http://b.example/"}}')),
    "context cycle": (credential(OWN), pages(c=["https://v.example/d"], d=["https://v.example/c"])),
    "context in itself": (credential(OWN), pages(c=OWN)),
    "context chain": (credential("https://v.example/c0", p=1), pages(**_chain(9), c9={"p": P + "p"})),
    "context overflow": (credential("https://v.example/c0", p=1), pages(**_chain(80), c80={"p": P + "p"})),
    "wide contexts": (credential(*(f"https://v.example/w{n}" for n in range(70)), p=1), pages(**{f"w{n}": {"p": P} for n in range(70)})),
    "scoped context by URL": (credential(OWN, p={"q": 1}), pages(c={"p": {"@id": P + "p", "@context": "https://v.example/d"}}, d={"q": P + "q"})),
    "scoped context cycle": (credential(OWN, p={"p": {"p": 1}}), pages(c={"p": {"@id": P + "p", "@context": OWN}})),
    "import": (credential({"@import": OWN, "q": P + "q"}, p=1, q=2), pages(c={"p": P + "p"})),
    "import of an array": (credential({"@import": OWN}), pages(c=[{"p": P}])),
    "import in an import": (credential({"@import": OWN}), pages(c={"@import": "https://v.example/d"}, d={})),
    "propagate": (credential({"@propagate": False, "p": P + "p"}, p=1, credentialSubject={"p": 1}), Web()),
    "propagate is no boolean": (credential({"@propagate": "x"}), Web()),
    "protected": (credential({"@protected": True, "p": P + "p"}, {"p": P + "q"}, p=1), Web()),
    "version 1.0": (credential({"@version": 1.0}), Web()),
    "type-scoped": ({"@context": [V2, UNTP], "type": "VerifiableCredential", "credentialSubject": {"type": "Facility", "location": {}}}, Web()),
    "json literal": (credential(OWN, p={"a": [1, None, {"b": "x"}], "name": "not a term here"}), pages(c={"p": {"@id": P + "p", "@type": "@json"}})),
    "json literal by hand": (credential(**{P + "p": {"@type": "@json", "@value": {"@context": 5}}}), Web()),
    "language map": (credential(OWN, p={"en": "a", "de": ["b", "c"]}), pages(c={"p": {"@id": P + "p", "@container": "@language"}})),
    "broken language map": (credential(OWN, p={"en": 5}), pages(c={"p": {"@id": P + "p", "@container": "@language"}})),
    "id map": (credential(OWN, p={"http://i.example/1": {"name": "x"}}), pages(c={"p": {"@id": P + "p", "@container": "@id"}})),
    "index map": (credential(OWN, p={"1": {"name": "x"}}), pages(c={"p": {"@id": P + "p", "@container": "@index"}})),
    "type map": (credential(OWN, p={"http://t.example/T": {"name": "x"}}), pages(c={"p": {"@id": P + "p", "@container": "@type"}})),
    "graph container": (credential(OWN, p={"name": "x"}), pages(c={"p": {"@id": P + "p", "@container": "@graph"}})),
    "nest": (credential(OWN, n={"p": "x", "n": {"p": "y"}}), pages(c={"n": "@nest", "p": P + "p"})),
    "nest of a string": (credential(OWN, n="x"), pages(c={"n": "@nest"})),
    "included": (credential(**{"@included": [{"name": "x"}]}), Web()),
    "included junk": (credential(**{"@included": ["x"]}), Web()),
    "reverse": (credential(**{"@reverse": {P + "p": [{"id": "http://r.example/1"}]}}), Web()),
    "reverse term": (credential(OWN, p={"id": "http://r.example/1"}), pages(c={"p": {"@reverse": P + "p"}})),
    "reverse of a literal": (credential(**{"@reverse": {P + "p": "x"}}), Web()),
    "graph": (credential(**{"@graph": [{"name": "x"}, {"undefined": 1}]}), Web()),
    "top graph": ({"@context": V2, "@graph": [{"type": "VerifiableCredential", "name": "x"}]}, Web()),
    "list": (credential(**{P + "p": {"@list": [1, {"name": "a"}, {"@list": [2, []]}]}}), Web()),
    "list with another member": (credential(**{P + "p": {"@list": [1], "name": "x"}}), Web()),
    "set": (credential(**{P + "p": {"@set": [1, {"name": "a"}, None]}}), Web()),
    "list container": (credential(OWN, p=[1, [2, {"name": "x"}]]), pages(c={"p": {"@id": P + "p", "@container": "@list"}})),
    "value with language and direction": (credential(name={"@value": "x", "@language": "en", "@direction": "ltr"}), Web()),
    "value with a broken language": (credential(name={"@value": "x", "@language": "not a language!"}), Web()),
    "value with a broken direction": (credential(name={"@value": "x", "@direction": "up"}), Web()),
    "value with a broken type": (credential(name={"@value": "x", "@type": "http://a b"}), Web()),
    "value of an object": (credential(name={"@value": {}}), Web()),
    "keywords as names": (credential(**{"@foo": 1, "@id": "http://k.example/", "@type": "http://k.example/T"}), Web()),
    "keyword as an id": (credential(id="@foo", issuer="@id"), Web()),
    "keyword as a type": ({"@context": [V2], "type": ["VerifiableCredential", "@foo", "@json"]}, Web()),
    "type junk": ({"@context": [V2], "type": ["VerifiableCredential", 5]}, Web()),
    "types that mean nothing": ({"@context": [V2], "type": ["VerifiableCredential", "Nothing", "a/b", "http://x y"]}, Web()),
    "id junk": (credential(id=5), Web()),
    "broken IRIs": (credential(id="http://a b", issuer="http://x/\x00\n", credentialSubject={"id": 'not an iri " <'}), Web()),
    "blank nodes": (credential(issuer="_:b0", credentialSubject={"id": "_:b0"}, **{"_:p": "x"}), Web()),
    "control characters": (credential(name='\u2028\u2029\u0085\x0b\x0c\x1c\x1d\x1e\x00\x7f\r\n\t\\"'), Web()),
    "numbers": (credential(**{P + "p": [10**30, 1.5, 1e300, 10**22, -0.0, 5.0, 0.1, 2**53 + 1, True, None]}), Web()),
    "empty objects": (credential(credentialSubject=[{}, {"undefined": 1}, {"name": "x"}, {"undefined": 2}, {"name": "y"}]), Web()),
    "free-floating values": ([{"@value": 1}, {"@id": "http://x.example/"}, {"@list": []}], Web()),
    "deep": ({"@context": {"p": P + "p"}, **_nested(90)}, Web()),
    "array at the top": ([credential(name="x"), credential(name="y")], Web()),
    "scalar at the top": ("x", Web()),
    "null at the top": (None, Web()),
}  # fmt: skip

_NAMES = st.sampled_from(
    ["@id", "@type", "@value", "@list", "@set", "@graph", "@language", "@direction", "@included", "@reverse", "@nest", "@index",
     "@json", "@foo", "id", "type", "name", "credentialSubject", "issuer", "p", "q", "nothing", P + "r", "_:b", "a b", ""]
)  # fmt: skip
_STRINGS = st.sampled_from(
    ["x", "", "@id", "@json", "@foo", "VerifiableCredential", "Nothing", "http://x.example/", "_:b0", "http://a b", "en", "ltr",
     "\u2028", "p", "did:web:a.example"]
)  # fmt: skip
_TERMS = st.sampled_from(
    [P + "p", None, {"@id": P + "p", "@type": "@id"}, {"@id": P + "p", "@container": "@list"}, {"@id": P + "p", "@type": "@json"},
     {"@id": P + "p", "@container": "@language"}, {"@id": P + "p", "@container": "@set"}, {"@id": P + "p", "@container": ["@index", "@set"]},
     {"@reverse": P + "p"}, "@nest", "@type", {"@id": P + "p", "@context": {"q": P + "scoped"}}, {"@id": P + "p", "@type": "@vocab"},
     {"@id": P + "p", "@protected": True}, {"@id": P + "p", "@prefix": True}, {"@id": P + "p", "@container": "@graph"}, 5]
)  # fmt: skip
CONTEXTS = st.fixed_dictionaries(
    {}, optional={"p": _TERMS, "q": _TERMS, "@vocab": st.sampled_from([P, None]), "@protected": st.booleans()}
)
_OBJECTS = st.recursive(
    _STRINGS | st.integers(-3, 3) | st.booleans() | st.none() | st.floats(-2, 2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=12,
)
MEMBERS = st.dictionaries(_NAMES, _OBJECTS, min_size=1, max_size=5)
