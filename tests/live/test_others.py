"""A verifier is asked about credentials of others: each once, from files and submissions, and the register reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from listing.pieces import CHOSEN, good

from harness.errors import Where
from harness.exchange import Answer, Exchange, Recording, Request
from harness.gather.store import EvidenceStore
from harness.listing.across import Answers, shared_of, verified_across
from harness.live.others import about_others
from harness.reference.chain import reference_bundle
from harness.vendor import Endpoint, Vendor, load_vendor


class Yes:
    """A line on which everything is accepted, and which keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[Exchange] = []

    def ask(
        self, request: Request, *, role: str, endpoint: str, probe: str, step: str = "",
        about: Mapping[str, str] | None = None, redirects: int = 0,
    ) -> Exchange:  # fmt: skip
        """Accept, whatever is asked."""
        assert redirects >= 0
        answer = Answer(200, (("content-type", "application/json"),), b'{"verified": true}')
        made = Exchange(role, endpoint, probe, step, request, answer, about=dict(about or {}))
        return self.note(made)

    def note(self, exchange: Exchange) -> Exchange:
        """Keep it."""
        self.asked.append(exchange)
        return exchange


def verifier(folder: Path, *paths: str) -> tuple[Vendor, Endpoint]:
    """A vendor whose verifier is asked about what lies at these paths."""
    (folder / "vendor.toml").write_text(
        '[vendor]\nname = "V"\nwebsite = "https://v.example"\n[product]\nname = "P"\nversion = "1"\n'
        '[scope]\nprofile = "untp-0.7.0"\ncomponents = ["VCP"]\nroles = ["verifier"]\n'
        f'[[verifier]]\nadapter = "vc-api"\nendpoint = "https://v.example/credentials/verify"\nothers = {list(paths)}\n'
    )
    vendor = load_vendor(folder / "vendor.toml")
    (endpoint,) = [one for one in vendor.live if one.role == "verifier"]
    return vendor, endpoint


def test_each_credential_is_asked_about_once(tmp_path: Path) -> None:
    """Two files with one credential are one question; the probe is named by its digest, stable from run to run."""
    token = reference_bundle().delivered(CHOSEN[0]).body
    for name in ("a.jwt", "b.jwt"):
        (tmp_path / "others").mkdir(exist_ok=True)
        (tmp_path / "others" / name).write_bytes(token)
    line = Yes()
    exchanges = list(about_others(*verifier(tmp_path, "others"), line))
    assert len(exchanges) == 1
    assert exchanges[0].probe.startswith("others-")
    assert token.decode() in exchanges[0].request.body.decode()


def test_a_submission_gives_its_credentials_and_the_register_reads_the_answers(tmp_path: Path) -> None:
    """From the folder of accepted submissions to the cell of the matrix: two credentials, both rightly accepted."""
    (tmp_path / "accepted").mkdir()
    (tmp_path / "accepted" / "b.zip").write_bytes(good().submitted().body)
    line = Yes()
    exchanges = tuple(about_others(*verifier(tmp_path, "accepted"), line))
    store = EvidenceStore()
    store.record(Recording(exchanges))
    mine, theirs = shared_of(store, good().record), shared_of(good().store, good().record)
    found = verified_across([("a", "A", replace(mine, credentials={})), ("b", "B", theirs)])
    assert found == {("a", "b"): Answers(2, 2)}


def test_without_others_nothing_is_asked(tmp_path: Path) -> None:
    """The key may be left out or empty."""
    vendor, endpoint = verifier(tmp_path)
    line = Yes()
    bare: dict[str, Any] = {name: value for name, value in endpoint.row.items() if name != "others"}
    assert list(about_others(vendor, endpoint, line)) == []
    assert list(about_others(vendor, Endpoint("verifier", "verifier[0]", bare, Where("x")), line)) == []
