"""Trials of a verifier, as data: what it is asked, what it has to answer, and which requirement that decides.

Source: test_cases/vectors/verifier/*.toml. A trial is a good twin and one change to it; the same twin serves many
trials. Building and asking them is the business of harness/reference and harness/live; what is judged here is
what stands in the recording, against these data and never against what the recording says of itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from harness.catalogue import Profile, load_catalogue
from harness.data_files import place_in, read_toml
from harness.errors import SuiteError
from harness.resources import resource

FOLDER = ("test_cases", "vectors", "verifier")


class Expected(StrEnum):
    """What a verifier has to say of a credential."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    FLAGGED = "flagged"
    """Rejected, or accepted with a warning that names the reason."""
    ANSWERED = "answered"
    """Anything that is an answer: no crash, no dropped connection."""


class Depth(StrEnum):
    """In which runs a trial is made."""

    CORE = "core"
    """Always."""
    FULL = "full"
    """With depth = "full"; else some of them, drawn by the nonce of the run."""


@dataclass(frozen=True)
class Twin:
    """A good credential: a payload under good/ (without its version), changed in a way that leaves it good."""

    name: str
    base: str
    change: tuple[Mapping[str, Any], ...] = ()
    algorithm: str = "es256"
    optional: bool = False
    """Whether a verifier may refuse it without a fault: then what builds on it does not apply."""
    tolerates: tuple[str, ...] = ()
    """Requirements of issuers that it does not meet, which is no business of the verifier."""
    because: str = ""
    """Why it may be refused."""
    beside: tuple[str, ...] = ()
    """Further payloads that are issued on its ground."""
    checks: str | None = None
    """What a verifier has to say of itself that it checks (`checks` in vendor.toml) to be asked about it."""
    presented: bool = False
    """Whether it is shown in a presentation, for a challenge and a domain."""


@dataclass(frozen=True)
class Trial:
    """One question: a twin, the change to it, the answer that it needs, and the requirement that decides."""

    name: str
    decides: str
    twin: str
    summary: str
    change: tuple[Mapping[str, Any], ...] = ()
    expected: Expected = Expected.REJECTED
    because: tuple[str, ...] = ()
    """The kinds of reason that fit, as in reasons.toml; none where any does."""
    shows: tuple[str, ...] = ()
    """What the harness itself finds in the changed credential: one of these requirements, or of these states."""
    depth: Depth = Depth.CORE
    versions: tuple[str, ...] = ()
    raw: str | None = None
    """The very text that is sent instead of a credential."""
    vector: str | None = None
    """The vector whose mutation is its change."""
    base: str | None = None
    """Another payload than the twin's, changed in the same way."""
    instead: bool = False
    """Whether the change stands in place of the twin's, not behind it."""
    options: Mapping[str, str] | None = None
    """Challenge and domain of the request, where they are others than those that the presentation was made for."""
    silent: str | None = None
    """A URL on our own host that takes the connection and says nothing."""
    watched: str | None = None
    """A URL on our own host: only a verifier that asks for it is judged."""
    file: str = ""

    @property
    def asks(self) -> bool:
        """Whether it asks something of its own: else what is said of the twin decides."""
        return bool(self.change or self.raw or self.vector or self.base or self.options)


@dataclass(frozen=True)
class Trials:
    """All twins and trials by name."""

    twins: Mapping[str, Twin]
    trials: Mapping[str, Trial]

    def of(self, profile: Profile) -> Iterator[Trial]:
        """The trials that belong to a profile, in the order of the files."""
        for trial in self.trials.values():
            requirement = load_catalogue().requirements[trial.decides]
            if profile.contains(requirement) and (
                not trial.versions or version_of(profile) in trial.versions
            ):
                yield trial

    def core(self, profile: Profile, requirement: str) -> tuple[Trial, ...]:
        """The trials of a requirement that every run makes."""
        return tuple(t for t in self.of(profile) if t.decides == requirement and t.depth is Depth.CORE)

    def twins_of(self, profile: Profile) -> tuple[Twin, ...]:
        """The twins that some trial of a profile needs, in the order of the files."""
        needed = {trial.twin for trial in self.of(profile)}
        return tuple(twin for twin in self.twins.values() if twin.name in needed)


STAND_INS: Mapping[str, str] = {"0.6.0": "0.6.1"}
"""Versions without good credentials of their own: verifying is the same in the release that took their place."""


def version_of(profile: Profile) -> str:
    """The UNTP version of the good credentials that a verifier of a profile is asked about."""
    version = profile.model or profile.version
    return STAND_INS.get(version, version)


@cache
def load_trials() -> Trials:
    """Every trial of the suite. Raises SuiteError with file and line of what is wrong."""
    return read_trials(resource(*FOLDER))


def read_trials(folder: Path) -> Trials:
    """The trials of a folder laid out like test_cases/vectors/verifier/."""
    twins: dict[str, Twin] = {}
    trials: dict[str, Trial] = {}
    files = {path: read_toml(path, "trial") for path in sorted(folder.glob("*.toml")) if path.name != REASONS}
    for path, data in files.items():
        for number, row in enumerate(data.get("twin", ())):
            _once(row["name"], twins, place_in(path, "twin", number, "name"))
            twins[row["name"]] = Twin(**{**row, **_tuples(row, "change", "tolerates", "beside")})
    for path, data in files.items():
        for number, row in enumerate(data.get("trial", ())):
            where = place_in(path, "trial", number, "name")
            _once(row["name"], trials, where)
            trials[row["name"]] = _trial(row, str(where))
        for number, row in enumerate(data.get("family", ())):
            for trial in _family(row, folder.parent, str(place_in(path, "family", number))):
                _once(trial.name, trials, trial.file)
                trials[trial.name] = trial
                twins.setdefault(trial.twin, Twin(trial.twin, trial.twin))
    for trial in trials.values():
        _check(trial, twins)
    return Trials(twins, trials)


REASONS = "reasons.toml"
"""The file that says how reasons are recognised."""


def _once(name: str, known: Mapping[str, object], where: object) -> None:
    if name in known:
        raise SuiteError(f"{name} is named twice", where=str(where))


def _tuples(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: tuple(row[name]) for name in names if name in row}


def _trial(row: Mapping[str, Any], where: str) -> Trial:
    made = {
        **row,
        **_tuples(row, "change", "because", "shows", "versions"),
        "expected": Expected(row.get("expected", "rejected")),
        "depth": Depth(row.get("depth", "core")),
    }
    return Trial(**made, file=where)


def _family(row: Mapping[str, Any], vectors: Path, where: str) -> Iterator[Trial]:
    """A trial for each vector of some requirements: what issuers must not issue, verifiers must not accept."""
    for path in sorted(vectors.glob("*.toml")):
        if path.name == "unmutated.toml":
            continue
        for vector in read_toml(path, "vector")["vector"]:
            if vector["requirement"] not in row["requirements"] or vector["name"] in row.get("except", ()):
                continue
            version, _, base = vector["base"].partition("/")
            yield Trial(
                name=vector["name"],
                decides=row["decides"],
                twin=base,
                summary=vector["summary"],
                because=tuple(row.get("because", ())),
                shows=(vector["requirement"],),
                depth=Depth(row.get("depth", "full")),
                versions=(version.removeprefix("untp-"),),
                vector=vector["name"],
                file=where,
            )


def _check(trial: Trial, twins: Mapping[str, Twin]) -> None:
    known = load_catalogue().requirements
    wrong = [name for name in (trial.decides, *trial.shows) if name not in known and name not in STATES]
    if trial.twin not in twins:
        raise SuiteError(f"trial {trial.name} has the unknown twin {trial.twin}", where=trial.file)
    if wrong or known[trial.decides].role != "verifier":
        named = wrong[0] if wrong else trial.decides
        raise SuiteError(
            f"trial {trial.name}: {named} is no requirement of that kind", where=trial.file,
            hint="decides names a requirement of role verifier, shows one of any role, or a state.",
        )  # fmt: skip


STATES = frozenset(
    {"broken", "expired", "withdrawn", "unverified", "unreadable", "schema", "anchor", "link", "replay"}
)
"""What a credential can be at the clock of the run, beside breaking a requirement of issuers."""
