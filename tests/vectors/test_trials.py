"""The trials of a verifier are what they say: good twins are good, changed ones are broken in the way that is named."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.catalogue import Profile
from harness.credential import read_credentials
from harness.credential.references import references
from harness.errors import SuiteError
from harness.evidence import Evidence
from harness.exchange import Answer, Exchange, Recording, Request
from harness.judge import load_suite
from harness.judge.carried import replayed
from harness.judge.probed import CREDENTIAL, WEB
from harness.judge.reasons import kinds, kinds_of
from harness.judge.trials import Depth, Expected, Trial, Twin, load_trials, read_trials, version_of
from harness.judge.verifier import VerifierUnderTest
from harness.live.verifier import referred
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


def recorded(profile: Profile, world: World) -> VerifierUnderTest:
    """A world as the dialogue records it."""

    def kept(step: str, url: str, answer: Answer) -> Exchange:
        return Exchange("verifier", "verifier[0]", "x", step, Request("GET", url), answer)

    rows = [kept(CREDENTIAL, "x", Answer(200, (("content-type", world.media_type),), world.body))]
    for number, url in enumerate(referred(world)):
        found = None if url in world.silent else world.documents[url]
        answer = Answer(200, (("content-type", found[1]),), found[0]) if found else Answer(404)
        rows.append(kept(f"{WEB}/{number}", url, answer))
    return VerifierUnderTest("verifier", "verifier[0]", Recording(tuple(rows)), profile, AT)


def findings(profile: Profile, world: World, twin: Twin) -> set[str]:
    """What the harness finds in a world: requirements that fail, its state, what is wrong beside it."""
    subject = recorded(profile, world)
    found, beside = subject.nature("x"), subject.wrong_beside("x", twin.checks)
    states = set() if found.state == "verified" else {found.state}
    wrong = {"link" if twin.checks == "links" else "anchor"} if beside else set()
    return {*found.failed, *states, *wrong}


@pytest.mark.parametrize(("profile", "twin"), TWINS, ids=lambda one: one.name)
def test_a_twin_is_good(profile: Profile, twin: Twin) -> None:
    """Nothing speaks against it but what it openly tolerates."""
    world = twin_world(twin, version_of(profile), ground(twin.name, twin))
    assert findings(profile, world, twin) <= set(twin.tolerates)


@pytest.mark.parametrize(("profile", "twin"), TWINS, ids=lambda one: one.name)
def test_a_twin_needs_nothing_from_elsewhere(profile: Profile, twin: Twin) -> None:
    """All that a verifier has to fetch stands on the ground, but for the official contexts that it knows."""
    world = twin_world(twin, version_of(profile), ground(twin.name, twin))
    (credential,) = read_credentials(Evidence("x", world.body, world.media_type))
    needed = {
        one.url for one in references(credential) if one.purpose in ("did", "status", "schema", "context")
    }
    missing = {url for url in needed - set(world.documents) if url not in registry().contexts}
    assert not {url for url in missing if not url.endswith("/did-witness.json")}


@pytest.mark.parametrize(("profile", "trial"), PAIRS, ids=lambda one: one.name)
def test_a_trial_is_what_it_says(profile: Profile, trial: Trial) -> None:
    """What has to be accepted is good; what has to be refused is broken in the way that the trial names."""
    twin = TRIALS.twins[trial.twin]
    world = trial_world(trial, twin, version_of(profile), ground(trial.name, twin))
    if trial.raw is not None:
        assert world.body == trial.raw.encode()
    elif trial.options is not None:
        sent = json.dumps({"vp": f"data:application/vp+jwt,{world.body.decode()}", "options": world.options})
        assert replayed(Exchange("", "", "", "", Request("POST", "https://v.example/", (), sent.encode())))
    elif trial.expected is Expected.ACCEPTED:
        assert findings(profile, world, twin) <= set(twin.tolerates)
    elif trial.expected is not Expected.ANSWERED:
        assert findings(profile, world, twin) & set(trial.shows)


def test_a_presentation_made_for_the_request_is_no_replay() -> None:
    """Challenge and domain of the twin are those of its request."""
    twin = TRIALS.twins["presentation"]
    world = twin_world(twin, "0.7.0", ground("presentation", twin))
    sent = json.dumps({"vp": f"data:application/vp+jwt,{world.body.decode()}", "options": world.options})
    assert not replayed(Exchange("", "", "", "", Request("POST", "https://v.example/", (), sent.encode())))


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
