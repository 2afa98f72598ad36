"""What a verifier was asked about, as the recording keeps it, and what the harness itself finds in that.

A recording is not believed: that a request carries a good credential, or a broken one, is judged by the harness's own
cases before the answer counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import jsonschema_rs

from harness.catalogue import Profile
from harness.credential import Credential, parse, read_credentials
from harness.errors import AbsentError, EngineError
from harness.evidence import Absence, Evidence, Web
from harness.exchange import Exchange
from harness.judge.beside import astray, unanchored
from harness.judge.bundle import state_of
from harness.judge.carried import carries, replayed
from harness.judge.endpoint import EndpointUnderTest
from harness.judge.judge import Terms, judge_subject, under_test
from harness.judge.suite import load_suite
from harness.judge.trials import Expected, Trial, Trials, Twin, load_trials, version_of
from harness.model import Outcome

TWIN, AGAIN, MUTATION = "twin", "again", "mutation"
"""Steps at which a verifier is asked."""
CREDENTIAL, WEB, HEARD = "credential", "web", "heard"
"""Steps that keep what it was asked about, what stood around it (`web/0`, `web/1` …) and what it asked of us."""

SILENT, WATCHED = "silent", "watched"
"""Members of `about`: a document whose host says nothing; the path that a trial watches."""

LINKS, LINK, ANCHOR = "links", "link", "anchor"
"""What a verifier may check beside a credential, and what is then wrong."""


def twin_probe(twin: str) -> str:
    """The probe of a good twin."""
    return f"twin-{twin}"


@dataclass(frozen=True)
class Nature:
    """What the harness itself finds in a credential: requirements that fail, and its state."""

    failed: frozenset[str]
    state: str
    why: str = ""

    @property
    def good(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.failed and self.state == "verified"


@dataclass(frozen=True)
class Asked:
    """A request to our own host, as the recording keeps it."""

    method: str
    target: str
    headers: Mapping[str, str]
    size: int


@dataclass(frozen=True)
class ProbedVerifier(EndpointUnderTest):
    """A verifier endpoint, with what stood around each credential that it was asked about."""

    @property
    def trials(self) -> Trials:
        """The data of the trials."""
        return load_trials()

    # --- what the recording is really about --------------------------------------------------------

    def require_good(self, probe: str, exchange: Exchange, twin: Twin) -> None:
        """Raise EngineError unless what is called a good credential is good."""
        self._require_carried(probe, exchange)
        nature = self.nature(probe)
        failed = nature.failed - set(twin.tolerates)
        beside = self.wrong_beside(probe, twin.checks)
        if failed or beside or nature.state != "verified":
            wrong = ", ".join(sorted(failed)) or beside or nature.why or nature.state
            raise EngineError(
                f"{probe}: what the recording calls a good credential is not good: {wrong}", hint=_DOCTORED
            )

    def require_nature(self, trial: Trial, exchange: Exchange) -> None:
        """Raise EngineError unless what was asked about is broken in the way of its trial, or good where that is asked."""
        twin = self.trials.twins[trial.twin]
        if trial.raw is not None:
            if not carries(exchange, trial.raw.encode()):
                raise EngineError(
                    f"{trial.name}: the request does not carry the text of the trial", hint=_DOCTORED
                )
            return
        if trial.options is not None and not replayed(exchange):
            raise EngineError(
                f"{trial.name}: the presentation was made for this very request", hint=_DOCTORED
            )
        if trial.options is not None:
            return
        if trial.expected is Expected.ACCEPTED:
            self.require_good(trial.name, exchange, twin)
            return
        self._require_carried(trial.name, exchange)
        nature = self.nature(trial.name)
        found = {*nature.failed, nature.state}
        if self.wrong_beside(trial.name, twin.checks):
            found.add(LINK if twin.checks == LINKS else ANCHOR)
        if trial.expected is not Expected.ANSWERED and not found & set(trial.shows):
            raise EngineError(
                f"{trial.name}: what the recording calls broken ({trial.summary}) is not broken in that way",
                hint=_DOCTORED,
            )

    def _require_carried(self, probe: str, exchange: Exchange) -> None:
        kept = self.find(probe, CREDENTIAL)
        if kept is None or kept.answer is None:
            raise AbsentError(f"{probe}: the recording does not hold the credential that was asked about")
        if not carries(exchange, kept.answer.body):
            raise EngineError(
                f"{probe}: the request does not carry the credential of the trial", hint=_DOCTORED
            )

    def nature(self, probe: str) -> Nature:
        """What the harness finds in the credential of a probe, at the clock of the run."""
        if probe not in self._natures:
            self._natures[probe] = self._judge(probe)
        return self._natures[probe]

    @cached_property
    def _natures(self) -> dict[str, Nature]:
        return {}

    def _judge(self, probe: str) -> Nature:
        kept = self.find(probe, CREDENTIAL)
        assert kept is not None
        assert kept.answer is not None
        evidence = Evidence(probe, kept.answer.body, kept.answer.media_type, "live")
        credential = next(iter(read_credentials(evidence)))
        if credential.kind != "credential" or credential.document is None:
            return Nature(frozenset(), "unreadable", credential.kind)
        suite, terms, web = load_suite(), Terms(self.at, self.asked_profile), self.web_of(probe)
        subject = under_test(credential, suite, terms, web)
        report = judge_subject(subject, suite, terms)
        failed = frozenset(r.requirement for r in report.results if r.outcome is Outcome.FAILED)
        state, why = state_of(subject)
        if str(state) == "verified" and breaks_its_schema(credential, web):
            return Nature(failed, "schema", "it breaks the schema that it names")
        return Nature(failed, str(state), why)

    def wrong_beside(self, probe: str, checks: str | None) -> str | None:
        """What is wrong beside the credential of a probe: at the anchors of its issuer, or behind its links."""
        kept = self.find(probe, CREDENTIAL)
        if checks is None or kept is None or kept.answer is None:
            return None
        credential = next(iter(read_credentials(Evidence(probe, kept.answer.body, kept.answer.media_type))))
        suite, terms, web = load_suite(), Terms(self.at, self.asked_profile), self.web_of(probe)

        def verifies(other: Credential) -> bool | None:
            found, _ = state_of(under_test(other, suite, terms, web))
            return {"verified": True, "broken": False}.get(str(found))

        if checks == LINKS:
            return astray(credential, web, verifies)
        return unanchored(under_test(credential, suite, terms, web).issuer_id, web, verifies)

    @cached_property
    def asked_profile(self) -> Profile:
        """The profile of the credentials that it was asked about: its own, or the one that stands in for it."""
        version = version_of(self.profile)
        if version in (self.profile.model, self.profile.version):
            return self.profile
        return load_suite().profile(f"untp-{version}")

    def web_of(self, probe: str) -> Web:
        """What stood on the harness's own side around the credential of a probe."""
        found: dict[str, Evidence | Absence] = {}
        for exchange in self.of(probe):
            if exchange.step.partition("/")[0] != WEB:
                continue
            url, answer = exchange.request.url, exchange.answer
            if answer is None or SILENT in exchange.about:
                found[url] = Absence(url, "the host keeps silent")
            elif answer.status != 200:  # noqa: PLR2004 - OK
                found[url] = Absence(url, f"the server answered {answer.status}", "vendor")
            else:
                found[url] = Evidence(url, answer.body, answer.media_type, "live")
        return Web(found)

    # --- what it asked of us -----------------------------------------------------------------------

    def heard(self, trial: Trial) -> tuple[Asked, ...]:
        """What it asked of our own host on the ground of a trial. Raises AbsentError where that was not kept."""
        exchange = self.find(self._ground_of(trial), HEARD)
        if exchange is None or exchange.answer is None:
            raise AbsentError(
                f"{trial.name}: the recording does not hold what the verifier asked of the harness"
            )
        parsed = parse(exchange.answer.body)
        rows = parsed.value if parsed.valid and isinstance(parsed.value, list) else []
        return tuple(Asked(row["method"], row["target"], dict(row["headers"]), row["size"]) for row in rows)

    def watched(self, trial: Trial) -> tuple[Asked, ...]:
        """What it asked of the one address that a trial watches."""
        exchange = self.find(self._ground_of(trial), HEARD)
        if exchange is None:
            return ()
        path = exchange.about.get(WATCHED, "")
        return tuple(one for one in self.heard(trial) if one.target.partition("?")[0] == path)

    def _ground_of(self, trial: Trial) -> str:
        return trial.name if trial.asks else twin_probe(trial.twin)


_DOCTORED = "The recording was altered, or the harness made the trial wrongly: run it again."


def breaks_its_schema(credential: Credential, web: Mapping[str, Evidence | Absence]) -> bool:
    """Whether a credential breaks a JSON Schema that it names itself (VCDM 2.0 section 4.11)."""
    document = credential.document
    if document is None:
        return False
    for entry in document.root.each("credentialSchema"):
        answer = web.get(str(entry.get("id")))
        if isinstance(answer, Evidence) and (schema := parse(answer.body)).valid:
            return not jsonschema_rs.Draft202012Validator(schema.value).is_valid(document.value)
    return False
