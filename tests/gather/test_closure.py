"""The closure over references: what is needed is brought once, what it needs too, and there is an end to it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from harness.credential import Credential, read_credentials
from harness.evidence import Absence, Evidence, Web
from harness.gather.closure import Closure
from harness.gather.limits import MAX_REFERENCES, MAX_ROUNDS


@dataclass
class Counting:
    """A web of JSON documents that remembers what it was asked."""

    pages: dict[str, Any]
    asked: list[str] = field(default_factory=list)

    def fetch(self, url: str) -> Evidence | Absence:
        """The page, or an absence."""
        self.asked.append(url)
        if url not in self.pages:
            return Absence(url, "not here")
        return Evidence(url, json.dumps(self.pages[url]).encode(), "application/json", "web")


def credential(**members: Any) -> Credential:
    """A credential with these members."""
    body = json.dumps({"@context": [], "type": ["VerifiableCredential"], **members}).encode()
    return next(read_credentials(Evidence("a.json", body)))


def brought(web: Web) -> set[str]:
    """The URLs that were answered."""
    return {url for url in web if isinstance(web[url], Evidence)}


def test_the_issuer_of_a_status_list_is_brought() -> None:
    """A status list names its own issuer, whose document is needed to trust the list."""
    source = Counting(
        {
            "https://s.example/1": {
                "@context": [],
                "type": ["VerifiableCredential"],
                "issuer": "did:web:l.example",
            },
            "https://l.example/.well-known/did.json": {"id": "did:web:l.example"},
        }
    )
    found = Closure([source]).of(credential(credentialStatus={"statusListCredential": "https://s.example/1"}))
    assert brought(found) == {"https://s.example/1", "https://l.example/.well-known/did.json"}


def test_the_contexts_of_a_context_are_brought() -> None:
    """A context that imports another one brings that too, also relative to itself."""
    source = Counting(
        {
            "https://v.example/one": {
                "@context": ["two", {"t": {"@id": "x:t", "@context": "https://v.example/three"}}]
            },
            "https://v.example/two": {"@context": {"@import": "https://v.example/four"}},
            "https://v.example/three": {"@context": {}},
            "https://v.example/four": {"@context": {}},
        }
    )
    found = Closure([source]).of(credential(**{"@context": ["https://v.example/one"]}))
    assert brought(found) == {f"https://v.example/{name}" for name in ("one", "two", "three", "four")}


def test_known_artefacts_are_never_asked_for() -> None:
    """A context of the registry is taken from there, never from the web of a vendor, also at second hand."""
    source = Counting({"https://v.example/one": {"@context": ["https://w.example/known"]}})
    given = credential(**{"@context": ["https://w.example/known", "https://v.example/one"]})
    Closure([source], {"https://w.example/known"}).of(given)
    assert source.asked == ["https://v.example/one"]


def test_each_url_is_asked_once_for_all_credentials() -> None:
    """Many credentials with one status list ask for it once, and an absence is remembered too."""
    source = Counting({"https://s.example/1": {}})
    closure = Closure([source])
    members = {
        "credentialStatus": {"statusListCredential": "https://s.example/1"},
        "credentialSchema": {"id": "https://s.example/none"},
    }
    webs = [closure.of(credential(id=str(number), **members)) for number in range(20)]
    assert source.asked == ["https://s.example/1", "https://s.example/none"]
    assert all(dict(web) == dict(webs[0]) for web in webs)


def test_the_first_source_that_has_it_answers() -> None:
    """Sources are asked in their order, and the reason of the last one stands where none has it."""
    first, second = Counting({}), Counting({"https://s.example/1": 1})
    found = Closure([first, second]).of(
        credential(credentialSchema=[{"id": "https://s.example/1"}, {"id": "https://s.example/2"}])
    )
    assert brought(found) == {"https://s.example/1"}
    assert first.asked == ["https://s.example/1", "https://s.example/2"]
    absent = found["https://s.example/2"]
    assert isinstance(absent, Absence)
    assert absent.reason == "not here"


def test_without_a_source_everything_is_absent_with_the_way_out() -> None:
    """Offline, the reason says that nothing leaves the machine and how to allow it."""
    absent = Closure([]).of(credential(credentialSchema={"id": "https://s.example/1"}))["https://s.example/1"]
    assert isinstance(absent, Absence)
    assert "--online" in absent.reason
    assert "--web" in absent.reason


class Endless:
    """A web in which every status list has a status list of its own, and every context another context."""

    def __init__(self) -> None:
        self.asked = 0

    def fetch(self, url: str) -> Evidence:
        """One more."""
        self.asked += 1
        following = f"{url}x"
        page = {
            "@context": [following],
            "type": ["VerifiableCredential"],
            "credentialStatus": {"statusListCredential": f"{url}s"},
        }
        return Evidence(url, json.dumps(page).encode(), "", "web")


def test_what_refers_without_end_ends() -> None:
    """Status lists and contexts that name ever new ones are followed for a few rounds only."""
    source = Endless()
    Closure([source]).of(
        credential(
            **{
                "@context": ["https://e.example/c"],
                "credentialStatus": {"statusListCredential": "https://e.example/s"},
            }
        )
    )
    assert source.asked <= 2 ** (MAX_ROUNDS + 1)


def test_circles_end() -> None:
    """Documents that refer to each other are asked for once each."""
    source = Counting(
        {
            "https://c.example/a": {"@context": "https://c.example/b"},
            "https://c.example/b": {"@context": ["https://c.example/a"]},
        }
    )
    Closure([source]).of(credential(**{"@context": ["https://c.example/a"]}))
    assert source.asked == ["https://c.example/a", "https://c.example/b"]


def test_a_flood_of_references_is_cut_and_says_so() -> None:
    """Beyond the limit nothing is asked, and each URL left out has its reason."""
    source = Counting({})
    wanted = [{"id": f"https://f.example/{number}"} for number in range(MAX_REFERENCES + 50)]
    found = Closure([source]).of(credential(relatedResource=wanted))
    assert len(source.asked) == MAX_REFERENCES
    last = found[f"https://f.example/{MAX_REFERENCES + 49}"]
    assert isinstance(last, Absence)
    assert f"{MAX_REFERENCES:,}" in last.reason


def test_junk_from_the_web_refers_to_nothing() -> None:
    """A status list or a context that is no JSON ends there."""

    class Junk:
        def fetch(self, url: str) -> Evidence:
            return Evidence(url, b"\xff\xfe\x00<html>", "text/html", "web")

    members = {
        "@context": ["https://j.example/c"],
        "credentialStatus": {"statusListCredential": "https://j.example/s"},
    }
    assert brought(Closure([Junk()]).of(credential(**members))) == {
        "https://j.example/c",
        "https://j.example/s",
    }
