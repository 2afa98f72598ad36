"""The trials of a verifier are what they say: good twins are good, changed ones are broken in the way that is named."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.catalogue import Profile
from harness.credential import read_credentials
from harness.errors import SuiteError
from harness.evidence import Evidence
from harness.exchange import Answer, Exchange, Recording, Request
from harness.gather.closure import Closure
from harness.gather.web import HeldWeb
from harness.judge import load_suite
from harness.judge.reasons import kinds, kinds_of
from harness.judge.trials import Depth, Expected, Trial, Twin, load_trials, read_trials, version_of
from harness.judge.verifier import CREDENTIAL, WEB, Nature, VerifierUnderTest
from harness.reference.ground import Ground
from harness.reference.trial_worlds import World, trial_world, twin_world
from harness.resources import resource
from harness.semantics.artefacts import registry

AT = datetime(2027, 3, 5, 12, tzinfo=UTC)
TRIALS = load_trials()
PROFILES = [load_suite().profile(name) for name in ("untp-0.7.0", "untp-0.6.1")]
PAIRS = [(profile, trial) for profile in PROFILES for trial in TRIALS.of(profile)]
TWINS = [(profile, twin) for profile in PROFILES for twin in TRIALS.twins_of(profile)]


def ground(name: str, twin: Twin) -> Ground:
    """A ground of its own."""
    return Ground(f"https://localhost:8443/run/{name}/{twin.algorithm}", AT)


def nature(profile: Profile, world: World) -> Nature:
    """What the harness finds in a world, by way of a recording."""

    def kept(step: str, url: str, answer: Answer) -> Exchange:
        return Exchange("verifier", "verifier[0]", "x", step, Request("GET", url), answer)

    held = {u: Evidence(u, *found) for u, found in world.documents.items() if found and u not in world.silent}
    credential = next(iter(read_credentials(Evidence("x", world.body, world.media_type))))
    urls = [
        url for url in Closure([HeldWeb(held)], registry().contexts).of(credential) if url in world.documents
    ]
    rows = [kept(CREDENTIAL, "x", Answer(200, (("content-type", world.media_type),), world.body))]
    for number, url in enumerate(urls):
        found = world.documents[url]
        body = held[url].body if url in held else b""
        media = (("content-type", found[1]),) if found else ()
        rows.append(kept(f"{WEB}/{number}", url, Answer(200 if url in held else 404, media, body)))
    return VerifierUnderTest("verifier", "verifier[0]", Recording(tuple(rows)), profile, AT).nature("x")


@pytest.mark.parametrize(("profile", "twin"), TWINS, ids=lambda one: one.name)
def test_a_twin_is_good(profile: Profile, twin: Twin) -> None:
    """Nothing speaks against it but what it openly tolerates."""
    found = nature(profile, twin_world(twin, version_of(profile), ground(twin.name, twin)))
    assert found.failed <= set(twin.tolerates)
    assert found.state == "verified", found.why


@pytest.mark.parametrize(("profile", "trial"), PAIRS, ids=lambda one: one.name)
def test_a_trial_is_what_it_says(profile: Profile, trial: Trial) -> None:
    """What has to be accepted is good; what has to be refused is broken in the way that the trial names."""
    twin = TRIALS.twins[trial.twin]
    found_world = trial_world(trial, twin, version_of(profile), ground(trial.name, twin))
    if trial.raw is not None:
        assert found_world.body == trial.raw.encode()
        return
    found = nature(profile, found_world)
    if trial.expected is Expected.ACCEPTED:
        assert found.failed <= set(twin.tolerates)
        assert found.state == "verified", found.why
    elif trial.expected is not Expected.ANSWERED:
        assert {*found.failed, found.state} & set(trial.shows), found


def test_every_requirement_that_trials_can_decide_has_one_in_every_run() -> None:
    """A requirement whose trials are drawn at random might not be tested at all."""
    decided = {trial.decides for trial in TRIALS.trials.values()}
    core = {trial.decides for trial in TRIALS.trials.values() if trial.depth is Depth.CORE}
    assert decided == core


def test_every_kind_of_reason_is_recognised_by_some_trial() -> None:
    """Kinds that no trial speaks of would be dead data."""
    used = {kind for trial in TRIALS.trials.values() for kind in trial.because}
    assert used == {kind.name for kind in kinds()}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (
            "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR: status of the proof",
            {"signature"},
        ),
        ("https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR", {"status"}),
        ("Credential has been revoked", {"status"}),
        ("Credential expired on 2026-01-01", {"time"}),
        ("invalid signature", {"signature", "format"}),
        ("no", set()),
    ],
)
def test_reasons_are_recognised_by_type_before_words(said: str, kind: set[str]) -> None:
    """The type of a problem detail decides alone; words count where there is none."""
    assert kinds_of([said]) == kind


@pytest.mark.parametrize(
    ("find", "replace", "message"),
    [
        ('twin = "anchor"', 'twin = "anker"', "unknown twin anker"),
        ('decides = "VCP-JOSE-07"', 'decides = "VCP-JOSE-15"', "VCP-JOSE-15 is no requirement of that kind"),
        (
            'name = "unsecured-token-in-other-letters"',
            'name = "unsecured-token"',
            "unsecured-token is named twice",
        ),
        ('because = ["signature"]', 'because = ["spelling"]', "'spelling' is not one of"),
    ],
)
def test_a_mistake_in_the_data_is_told_with_its_place(
    tmp_path: Path, find: str, replace: str, message: str
) -> None:
    """File and line stand in the message."""
    folder = tmp_path / "vectors" / "verifier"
    shutil.copytree(resource("test_cases", "vectors"), tmp_path / "vectors")
    path = folder / "signatures.toml"
    path.write_text(path.read_text().replace(find, replace, 1))
    with pytest.raises(SuiteError, match=message) as told:
        read_trials(folder)
    assert "signatures.toml:" in str(told.value)
