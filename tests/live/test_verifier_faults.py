"""Each fault of a verifier is found, by its requirement and by no other; a good verifier passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from harness.judge.probed import Nature
from harness.judge.verifier import VerifierUnderTest
from harness.live import host as host_module
from harness.live import verifier as dialogue
from harness.live.host import hosted
from harness.model import Outcome, Result

from .trying import Tried, tried

Try = Callable[..., Tried]
DRAWN = dialogue.DRAWN
WRONG = (Outcome.FAILED, Outcome.WARNING)
OPEN = (Outcome.NOT_RUN, Outcome.ERROR, Outcome.REVIEW)

FAULTS = {
    "trusts-alg-none": {"VCP-JOSE-07"},
    "trusts-hmac": {"VCP-JOSE-08"},
    "ignores-issuer": {"VCP-JOSE-12"},
    "ignores-crit": {"VCP-JOSE-17"},
    "trusts-embedded-keys": {"VCP-JOSE-18"},
    "trusts-remote-keys": {"VCP-JOSE-18"},
    "ignores-shape": {"VCP-JOSE-21", "VCP-VAL-04"},
    "trusts-expired-lists": {"VCP-VAL-10"},
    "wraps-the-index": {"VCP-STAT-13"},
    "trusts-absent-lists": {"VCP-STAT-16"},
    "trusts-any-list": {"VCP-STAT-16"},
    "ignores-suspension": {"VCP-STAT-17"},
    "first-status-only": {"VCP-STAT-21"},
    "tells-the-list-keeper": {"VCP-STAT-22"},
    "forgets-lists": {"VCP-STAT-22"},
    "overlooks-embedded-keys": {"VCP-DID-15"},
    "ignores-document-id": {"VCP-DID-16"},
    "ignores-relationships": {"VCP-DID-17"},
    "ignores-time": {"VCP-VAL-01"},
    "tells-no-time": {"VCP-VAL-02"},
    "crashes": {"VCP-VAL-05"},
    "trusts-plain-json": {"VCP-VAL-07"},
    "always-bad-proof": {"VCP-VAL-11"},
    "ignores-schema": {"VCP-SCH-04"},
    "tires": {"VCP-VAL-09"},
    "ignores-status": {
        "VCP-STAT-12",
        "VCP-STAT-13",
        "VCP-STAT-16",
        "VCP-STAT-17",
        "VCP-STAT-21",
        "VCP-VAL-10",
    },
}
"""A fault, and the requirements that it breaks: those and no others may say so."""


BESIDE = 'checks = ["anchors", "links"]'
BESIDE_FAULTS = {
    "ignores-challenges": {"VCP-PUB-04"},
    "ignores-domains": {"VCP-PUB-04"},
    "ignores-anchors": {"DIA-VER-01", "DIA-DISC-03"},
    "believes-aliases": {"DIA-DISC-03"},
    "trusts-links": {"IDR-TGT-02", "IDR-TGT-03"},
}
"""The same for a verifier that looks at anchors and links."""


@pytest.fixture(scope="module")
def tries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Try]:
    """Tries verifiers one after the other, against one host: what they are asked is made once."""
    folder = tmp_path_factory.mktemp("tries")
    authority = folder / "authority.pem"
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
    with pytest.MonkeyPatch.context() as patch, hosted(authority=authority) as host:
        patch.setattr(host_module, "SILENCE", 0.2)
        patch.setattr(dialogue, "DRAWN", 0)
        _remembering(patch, "trial_world")
        _remembering(patch, "twin_world")
        _judging_once(patch)

        def once(*faults: str, **more: object) -> Tried:
            host.forget()
            return tried(host, authority, folder, *faults, at=at, **more)  # type: ignore[arg-type]

        yield once


def _judging_once(patch: pytest.MonkeyPatch) -> None:
    """Judge what is asked once: it is the same for every verifier of this module, byte for byte."""
    made = VerifierUnderTest._judge
    known: dict[object, Nature] = {}

    def remembered(subject: VerifierUnderTest, probe: str) -> Nature:
        kept = subject.find(probe, "credential")
        assert kept is not None
        key = (kept.answer, tuple(subject.web_of(probe).items()))
        if key not in known:
            known[key] = made(subject, probe)
        return known[key]

    patch.setattr(VerifierUnderTest, "_judge", remembered)


def _remembering(patch: pytest.MonkeyPatch, name: str) -> None:
    """Make each world once: they depend on the trial and the ground alone."""
    made = getattr(dialogue, name)
    known: dict[object, object] = {}

    def remembered(*arguments: object) -> object:
        key = repr(arguments)
        if key not in known:
            known[key] = made(*arguments)
        return known[key]

    patch.setattr(dialogue, name, remembered)


def told(results: Iterator[Result] | list[Result]) -> str:
    """Results in words, for the message of a failed assertion."""
    return "\n".join(
        f"{r.requirement} {r.outcome} {r.reason or ''} {[f.message for f in r.findings][:3]}" for r in results
    )


def test_a_good_verifier_passes(tries: Try) -> None:
    """Every requirement of the suite passes, or does not apply to a verifier of tokens alone."""
    found = tries()
    assert found.outcomes(Outcome.NOT_APPLICABLE) == {
        "VCP-DI-03", "VCP-DI-04", "VCP-RND-05", "VCP-VAL-06", "DIA-DISC-03", "DIA-VER-01", "IDR-TGT-02",
        "IDR-TGT-03",
    }  # fmt: skip
    others = [r for r in found.results.values() if r.outcome not in (Outcome.PASSED, Outcome.NOT_APPLICABLE)]
    assert not others, told(others)


def test_a_run_asks_a_reasonable_number_of_questions(tries: Try, monkeypatch: pytest.MonkeyPatch) -> None:
    """A vendor need not wait for hundreds of answers; what the nonce draws passes too."""
    monkeypatch.setattr(dialogue, "DRAWN", DRAWN)
    found = tries()
    asked = [exchange for exchange in found.recording.exchanges if exchange.request.method == "POST"]
    assert 100 < len(asked) <= 160
    assert not found.outcomes(*WRONG, *OPEN), told(list(found.results.values()))


@pytest.mark.parametrize(("fault", "broken"), FAULTS.items(), ids=FAULTS)
def test_a_fault_is_found_by_its_requirement(tries: Try, fault: str, broken: set[str]) -> None:
    """Those requirements, and nothing else; nothing is left open."""
    found = tries(fault)
    assert found.outcomes(*WRONG) == broken, told([r for r in found.results.values() if r.outcome in WRONG])
    assert not found.outcomes(*OPEN), told([r for r in found.results.values() if r.outcome in OPEN])


def test_a_verifier_that_looks_at_anchors_and_links_passes(tries: Try) -> None:
    """What it says of itself that it checks is tried too."""
    found = tries(more=BESIDE)
    assert {"DIA-DISC-03", "DIA-VER-01", "IDR-TGT-02", "IDR-TGT-03"} <= found.outcomes(Outcome.PASSED)
    assert not found.outcomes(*WRONG, *OPEN), told(list(found.results.values()))


@pytest.mark.parametrize(("fault", "broken"), BESIDE_FAULTS.items(), ids=BESIDE_FAULTS)
def test_a_fault_beside_the_credential_is_found(tries: Try, fault: str, broken: set[str]) -> None:
    """At presentations, anchors and links."""
    found = tries(fault, more=BESIDE)
    assert found.outcomes(*WRONG) == broken, told([r for r in found.results.values() if r.outcome in WRONG])
    assert not found.outcomes(*OPEN), told([r for r in found.results.values() if r.outcome in OPEN])


def test_the_nonce_decides_addresses_and_order(tries: Try) -> None:
    """Another nonce asks the same trials in another order, at addresses that have nothing in common with the first."""
    one, two = (tries(nonce=nonce).recording.exchanges for nonce in ("5eed", "beef"))
    asked = [[e.probe for e in said if e.step == "mutation"] for said in (one, two)]
    assert sorted(asked[0]) == sorted(asked[1])
    assert asked[0] != asked[1]
    addresses = [
        {e.request.url.split("/")[3] for e in said if e.step.startswith("web")} for said in (one, two)
    ]
    assert addresses[0].isdisjoint(addresses[1])


def test_a_warning_is_enough_for_time(tries: Try) -> None:
    """Whoever accepts an expired credential with a warning that says so flags it."""
    found = tries("only-warns-of-time")
    assert not found.outcomes(*WRONG, *OPEN), told(list(found.results.values()))


def test_a_refusal_without_a_reason_is_a_refusal(tries: Try) -> None:
    """`verified: false` and nothing else is deliberate; no reason is no wrong reason."""
    assert not tries("says-nothing-why").outcomes(Outcome.FAILED, *OPEN)


def test_ignored_signatures_are_found_all_over(tries: Try) -> None:
    """Who looks at no signature is told so by each requirement that rests on one."""
    found = tries("ignores-signatures")
    assert {"VCP-JOSE-16", "VCP-STAT-16"} <= found.outcomes(Outcome.FAILED)


def test_bits_read_backwards_are_found(tries: Try) -> None:
    """The neighbour's revocation is taken for the credential's own, and its own is not seen."""
    assert {"VCP-STAT-12", "VCP-STAT-17"} <= tries("reads-bits-backwards").outcomes(Outcome.FAILED)


def test_yes_to_everything_fails_every_negative(tries: Try) -> None:
    """Who accepts all fails each MUST that something has to be refused."""
    found = tries("says-yes-to-all")
    negatives = {"VCP-JOSE-07", "VCP-JOSE-08", "VCP-JOSE-12", "VCP-JOSE-16", "VCP-JOSE-17", "VCP-JOSE-18"}
    negatives |= {"VCP-JOSE-21", "VCP-STAT-13", "VCP-STAT-16", "VCP-STAT-17", "VCP-STAT-21", "VCP-DID-16"}
    negatives |= {"VCP-DID-17", "VCP-VAL-01", "VCP-VAL-04", "VCP-VAL-07", "VCP-DI-04"}
    assert negatives <= found.outcomes(Outcome.FAILED)
    assert "VCP-VAL-09" in found.outcomes(Outcome.PASSED)


@pytest.mark.parametrize("fault", ["says-no-to-all", "400-to-all", "contradicts-itself", "500-to-all"])
def test_who_refuses_all_fails_one_requirement_and_passes_no_negative(tries: Try, fault: str) -> None:
    """Good credentials are refused: that fails, and no negative counts."""
    found = tries(fault)
    assert found.outcomes(Outcome.FAILED) == {"VCP-VAL-09"}, told(list(found.results.values()))
    passed = found.outcomes(Outcome.PASSED)
    assert not passed, told([found.results[name] for name in passed])


def test_rejecting_by_a_crash_is_no_rejection(tries: Try) -> None:
    """500 on what is broken passes nothing and fails no MUST; the crash itself is a warning."""
    found = tries("rejects-with-500")
    assert found.outcomes(Outcome.WARNING) == {"VCP-VAL-05"}
    assert not found.outcomes(Outcome.FAILED)
    assert {"VCP-JOSE-07", "VCP-STAT-17", "VCP-VAL-01"} <= found.outcomes(Outcome.ERROR)
    assert not {"VCP-JOSE-07", "VCP-STAT-17", "VCP-VAL-01"} & found.outcomes(Outcome.PASSED)


def test_a_verifier_that_hangs_is_an_error_in_bounded_time(tries: Try) -> None:
    """Silence is nobody's verdict, and is not waited for again and again."""
    found = tries("hangs", seconds=0.5)
    assert found.outcomes(Outcome.ERROR) == set(found.results)
