"""The dialogue with a vocabulary: each document for machines, each criterion for people too, and what is frozen."""

from __future__ import annotations

from collections.abc import Iterator

from harness.credential import Node
from harness.exchange import Exchange, Line, Request
from harness.judge.answers import OK
from harness.judge.endpoint import SMOKE, json_of
from harness.judge.vocabulary import KINDS
from harness.live import LiveTerms
from harness.live.asking import DATA, MOST, Asking, checks_of
from harness.live.publisher import first_address
from harness.vendor import Endpoint, Vendor

PAGE = "text/html"


def converse(vendor: Vendor, endpoint: Endpoint, line: Line, terms: LiveTerms) -> Iterator[Exchange]:
    """Ask for every document of one vocabulary."""
    del vendor, terms
    asking, row = Asking.to(line, endpoint.role, endpoint.name), endpoint.row
    about = {"maturity": str(row.get("maturity", 0))}
    yield line.ask(
        Request("GET", first_address(row)),
        role=endpoint.role,
        endpoint=endpoint.name,
        probe=SMOKE,
        about=about,
    )
    cited: list[str] = list(row.get("criteria", ()))
    for kind in KINDS:
        for url in row.get(kind, ()):
            for exchange in asking.ask(url, kind, headers={"accept": DATA}, redirects=3):
                yield exchange
                answer = exchange.answer
                root = json_of(answer) if answer is not None and answer.status == OK else None
                cited += criteria_in(root) if root is not None else []
    for url in list(dict.fromkeys(cited))[:MOST]:
        yield from asking.ask(url, "cited", headers={"accept": DATA}, redirects=3)
        yield from asking.ask(url, "page", headers={"accept": PAGE}, redirects=3)
    if "register" in row:
        yield from asking.ask(row["register"], "register", headers={"accept": DATA}, redirects=3)
    yield from asking.checks(row, checks_of(endpoint.role))


def criteria_in(root: Node) -> list[str]:
    """The ids of the criteria that a profile or a catalogue of 0.6 names."""
    todo = [*root.each("criterion"), *root.each("conformityCriterion")]
    found = []
    while todo:
        node = todo.pop(0)
        if isinstance(node.get("id"), str):
            found.append(node.get("id"))
        todo += node.each("subCriterion")
    return found
