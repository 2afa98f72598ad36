"""Equal identifiers are joined however they are written, and different ones are not."""

from __future__ import annotations

import pytest

from harness.graph.identifiers import authority, broader, canonical, covers, folded, same

ITEM = "https://id.example.org/01/09521300002224/21/P64-26-004711"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTPS://ID.Example.ORG/x", "https://id.example.org/x"),
        ("https://id.example.org:443/x", "https://id.example.org/x"),
        ("https://id.example.org/%7ex", "https://id.example.org/~x"),
        ("https://id.example.org/a%2fb", "https://id.example.org/a%2Fb"),
        ("https://id.example.org/x?b=2&a=1", "https://id.example.org/x?a=1&b=2"),
        ("https://id.example.org", "https://id.example.org/"),
        (ITEM, "https://other.example.com/resolver/01/09521300002224/21/P64-26-004711?linkType=dpp"),
        (ITEM, "https://id.gs1.org/gtin/09521300002224/ser/P64-26-004711"),
        (ITEM, "https://id.gs1.org/01/9521300002224/21/P64-26-004711"),
        ("https://a.example/01/09521300002224/10/L1/21/7", "https://b.example/01/09521300002224/21/7/10/L1"),
        ("urn:epc:id:sgtin:9521300.000222.7", "https://id.gs1.org/01/09521300002224/21/7"),
        ("urn:epc:id:sgln:9521300.00105.0", "https://id.voltara-cells.example/414/9521300001050"),
        ("did:web:Minera.Example%3a8443:a", "did:web:minera.example%3A8443:a"),
        ("DID:WEB:minera.example", "did:web:minera.example"),
        ("URN:UUID:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        ("urn:gtr:register.example%2Fcompanies:42", "https://register.example/companies/42"),
        ("  https://a.example/x ", "https://a.example/x"),
    ],
)
def test_equal_spellings_are_one(one: str, other: str) -> None:
    """Two spellings of one identifier have one canonical form."""
    assert same(one, other), (canonical(one), canonical(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://id.example.org/x", "https://id.example.org/X"),
        ("https://id.example.org/x", "https://id.example.org/x/"),
        ("https://id.example.org/x", "http://id.example.org/x"),
        ("https://id.example.org/a%2Fb", "https://id.example.org/a/b"),
        (ITEM, ITEM.lower()),
        (ITEM, "https://id.example.org/01/09521300002224/21/P64-26-004712"),
        (ITEM, "https://id.example.org/01/09521300002224/10/P64-26-004711"),
        ("did:web:minera.example:a", "did:web:minera.example:A"),
        ("did:key:z6Mk", "did:key:Z6MK"),
        ("did:web:minera.example", "https://minera.example/"),
    ],
)
def test_different_identifiers_stay_apart(one: str, other: str) -> None:
    """What differs where letter case or path mean something is not the same thing."""
    assert not same(one, other)


def test_canonical_is_idempotent() -> None:
    """The canonical form of a canonical form is itself."""
    for text in (
        ITEM,
        "did:web:A.example",
        "urn:gtr:a.example:b",
        "not a uri",
        "https://[::1/x",
        "https://a:b/x",
    ):
        assert canonical(canonical(text)) == canonical(text)


def test_an_item_belongs_to_its_batch_and_model() -> None:
    """What is said of a model is said of its items, and not the other way round."""
    item = "https://id.example.org/01/09521300002224/10/L1/21/7"
    assert broader(item) == (
        "gs1:01/09521300002224/10/L1/21/7", "gs1:01/09521300002224/10/L1", "gs1:01/09521300002224",
    )  # fmt: skip
    assert covers("https://other.example/01/09521300002224", item)
    assert not covers(item, "https://id.example.org/01/09521300002224")


def test_near_misses_fold_together() -> None:
    """Letter case, scheme and a last slash are what a near miss differs in."""
    assert folded("http://www.A.example/X/") == folded("https://a.example/x")


@pytest.mark.parametrize(
    ("identifier", "domain"),
    [
        ("did:web:credentials.minera.example:a", "minera.example"),
        ("https://id.minera.example/01/1", "minera.example"),
        ("https://id.minera.co.uk/x", "minera.co.uk"),
        ("https://id.sample-mine.example.com/x", "sample-mine.example.com"),
        ("did:key:z6Mk", None),
        ("urn:uuid:1", None),
    ],
)
def test_the_domain_behind_an_identifier(identifier: str, domain: str | None) -> None:
    """The registered domain answers for an identifier, whatever label stands in front."""
    assert authority(identifier) == domain
