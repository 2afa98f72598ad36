"""A recording is not believed: what a verifier was asked is judged before its answer counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from harness.exchange import Answer, Exchange, Recording, Request
from harness.judge.carried import carries
from harness.live import host as host_module
from harness.live import verifier as dialogue
from harness.live.host import hosted
from harness.model import Outcome, Result

from .trying import Tried, judged, tried

Change = Callable[[Exchange], Exchange | None]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    """The recording of a good verifier."""
    folder = tmp_path_factory.mktemp("recordings")
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
    with pytest.MonkeyPatch.context() as patch, hosted(authority=folder / "authority.pem") as host:
        patch.setattr(host_module, "SILENCE", 0.2)
        patch.setattr(dialogue, "DRAWN", 0)
        yield tried(host, folder / "authority.pem", folder, at=at)


def with_changes(good: Tried, change: Change) -> dict[str, Result]:
    """The results after a recording was tampered with."""
    kept = (changed for one in good.recording.exchanges if (changed := change(one)) is not None)
    return dict(judged(Recording(tuple(kept)), good.vendor, good.at))


def named(probe: str, step: str, other: Callable[[Exchange], Exchange | None]) -> Change:
    """A change to one exchange."""
    return lambda one: other(one) if (one.probe, one.step) == (probe, step) else one


def test_the_same_recording_gives_the_same_results(good: Tried) -> None:
    """Judging again needs neither network nor clock, and the way through JSON loses nothing."""
    rows, bodies = good.recording.rows()
    again = judged(Recording.restored(rows, bodies), good.vendor, good.at)
    assert [r.as_json() for r in again.values()] == [r.as_json() for r in good.results.values()]


def test_a_good_credential_in_place_of_the_broken_one_passes_nothing(good: Tried) -> None:
    """A mutation that is in truth the good twin is an error of the recording, whatever was answered."""
    twin = good.recording.find("verifier", "verifier[0]", "twin-test-report", "twin")
    assert twin is not None
    sent = twin.request
    results = with_changes(good, named("revoked", "mutation", lambda one: replace(one, request=sent)))
    assert results["VCP-STAT-17"].outcome is Outcome.ERROR
    assert "does not carry the credential" in (results["VCP-STAT-17"].reason or "")


def test_a_good_credential_kept_as_the_broken_one_is_judged_and_found(good: Tried) -> None:
    """Request, credential and what stood around it exchanged together: the credential is good, and that shows."""

    def swapped(one: Exchange) -> Exchange | None:
        if one.probe == "revoked":
            return None
        return one

    twins = [
        replace(one, probe="revoked", step="mutation" if one.step == "again" else one.step)
        for one in good.recording.of("verifier", "verifier[0]", "twin-test-report")
        if one.step != "twin"
    ]
    twins = [
        replace(one, answer=Answer(200, (), b'{"verified": false}')) if one.step == "mutation" else one
        for one in twins
    ]
    kept = [changed for one in good.recording.exchanges if (changed := swapped(one)) is not None]
    results = judged(Recording((*kept, *twins)), good.vendor, good.at)
    assert results["VCP-STAT-17"].outcome is Outcome.ERROR
    assert "is not broken in that way" in (results["VCP-STAT-17"].reason or "")


def test_a_broken_twin_counts_for_nothing(good: Tried) -> None:
    """Where what is called good is broken, its acceptance proves nothing."""
    broken = {one.step: one for one in good.recording.of("verifier", "verifier[0]", "without-subject")}

    def exchanged(one: Exchange) -> Exchange:
        if one.probe == "twin-test-report" and one.step == "credential":
            return replace(one, answer=broken["credential"].answer)
        if one.probe == "twin-test-report" and one.step in ("twin", "again"):
            return replace(one, request=broken["mutation"].request)
        return one

    results = with_changes(good, exchanged)
    assert results["VCP-VAL-09"].outcome is Outcome.ERROR
    assert results["VCP-STAT-17"].outcome is Outcome.ERROR
    assert "is not good" in (results["VCP-STAT-17"].reason or "")


def test_a_trial_left_out_is_not_run(good: Tried) -> None:
    """Every trial that each run makes has to be there."""
    results = with_changes(good, named("suspended", "mutation", lambda _one: None))
    assert results["VCP-STAT-17"].outcome is Outcome.NOT_RUN


def test_what_stood_around_it_left_out_passes_nothing(good: Tried) -> None:
    """Without its DID document and list nobody can say that a twin is good."""
    results = with_changes(
        good, lambda one: None if one.probe == "twin-anchor" and one.step.startswith("web") else one
    )
    assert results["VCP-VAL-09"].outcome is not Outcome.PASSED


def test_words_in_the_recording_about_itself_do_not_matter(good: Tried) -> None:
    """`about` may say what it likes of the trial: the data of the suite decide."""
    results = with_changes(
        good,
        lambda one: replace(one, about={**one.about, "expected": "accepted", "decides": "VCP-VAL-05"}),
    )
    assert {r.outcome for r in results.values()} <= {Outcome.PASSED, Outcome.NOT_APPLICABLE}


@pytest.mark.parametrize(
    "body",
    [
        b"eyJ.eyJ.sig",
        b'{"verifiableCredential": {"id": "data:application/vc+jwt,eyJ.eyJ.sig"}}',
        b"credential=eyJ.eyJ.sig&x=1",
        b'{"jwt": "ZXlKLmV5Si5zaWc="}',
    ],
)
def test_a_credential_is_found_in_whatever_form_it_is_sent(body: bytes) -> None:
    """As it is, in an envelope, in a form, in base64."""
    assert carries(Exchange("", "", "", "", Request("POST", "https://v.example/", (), body)), b"eyJ.eyJ.sig")


def test_a_credential_in_json_is_found_whatever_its_white_space() -> None:
    """Adapters write JSON anew."""
    request = Request("POST", "https://v.example/", (), b'{"vc":{"b":[1,2],"a":"x"}}')
    assert carries(Exchange("", "", "", "", request), b'{ "a": "x",\n "b": [1, 2] }')
    assert not carries(Exchange("", "", "", "", request), b'{ "a": "y",\n "b": [1, 2] }')
