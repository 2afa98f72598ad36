"""What a case of the verifier suite sees: what a verifier said of good credentials and of their mutations.

Everything comes from the recording and from the data of the trials. A recording is not believed: that a request
carries a good credential, or a broken one, is judged by the harness's own cases before the answer counts. An answer
to a mutation counts only where its good twin was accepted in the same run, and only what was said deliberately
counts: a time-out, a dropped connection or a 5xx is no refusal.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

import jsonschema_rs

from harness.catalogue import Profile
from harness.credential import Credential, parse, read_credentials
from harness.errors import AbsentError, EngineError, HarnessError, LineError, MalformedError
from harness.evidence import Absence, Evidence, Web
from harness.exchange import Exchange
from harness.gather.adapters.said import Verified, at, verified_in
from harness.judge.beside import astray, unanchored
from harness.judge.bundle import state_of
from harness.judge.endpoint import EndpointUnderTest
from harness.judge.judge import Terms, judge_subject, under_test
from harness.judge.reasons import kinds_of
from harness.judge.suite import load_suite
from harness.judge.trials import Expected, Trial, Trials, Twin, load_trials, version_of
from harness.model import Finding, Outcome
from harness.trust.encoding import decode_base64url

TWIN, AGAIN, MUTATION = "twin", "again", "mutation"
"""Steps at which a verifier is asked."""
CREDENTIAL, WEB, HEARD = "credential", "web", "heard"
"""Steps that keep what it was asked about, what stood around it (`web/0`, `web/1` …) and what it asked of us."""

SILENT, WATCHED = "silent", "watched"
"""Members of `about`: a document whose host says nothing; the path that a trial watches."""

LINKS, LINK, ANCHOR = "links", "link", "anchor"
"""What a verifier may check beside a credential, and what is then wrong."""
SERVER_ERROR = 500
BREAKS = frozenset({500, 501})
"""Statuses by which the product itself says that it broke; 502 to 504 may be the line's."""
GOOD = "VCP-VAL-09"
"""The requirement that good credentials are accepted."""


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
class VerifierUnderTest(EndpointUnderTest):
    """A verifier endpoint and all that it was asked and said."""

    @property
    def trials(self) -> Trials:
        """The data of the trials."""
        return load_trials()

    def of_requirement(self, requirement: str) -> tuple[Trial, ...]:
        """The trials that decide a requirement: those of every run, and further ones that this run made."""
        core = self.trials.core(self.profile, requirement)
        asked = set(self.probes)
        more = (t for t in self.trials.of(self.profile) if t.decides == requirement and t.name in asked)
        return tuple({trial.name: trial for trial in (*core, *more)}.values())

    def applies(self, requirement: str) -> bool:
        """Whether some trial speaks of this verifier: not where it refuses an optional twin, or never looked."""
        return any(self._applies(trial) for trial in self.of_requirement(requirement))

    def _applies(self, trial: Trial) -> bool:
        if trial.watched is not None and not self.watched(trial):
            return False
        twin = self.trials.twins[trial.twin]
        if (twin.checks or twin.presented) and twin_probe(twin.name) not in self.probes:
            return False
        if not twin.optional:
            return True
        said = self.said(twin_probe(trial.twin), TWIN)
        return said is None or not said.rejected

    def said(self, probe: str, step: str) -> Verified | None:
        """What it said; None where it was not asked or did not answer."""
        exchange = self.find(probe, step)
        return verified_in(exchange) if exchange is not None and exchange.answer is not None else None

    # --- judging a requirement ---------------------------------------------------------------------

    def findings_of(self, requirement: str) -> Iterator[Finding]:
        """A finding for each trial that it failed.

        Where it failed none and some could not be judged, raises what stood in the way.
        """
        found = False
        obstacles: list[HarnessError] = []
        for trial in self.of_requirement(requirement):
            if not self._applies(trial):
                continue
            try:
                for finding in self._judged(trial):
                    found = True
                    yield finding
            except (AbsentError, LineError, EngineError) as obstacle:
                obstacles.append(obstacle)
        if obstacles and not found:
            raise min(obstacles, key=lambda one: isinstance(one, AbsentError))

    def _judged(self, trial: Trial) -> Iterator[Finding]:
        exchange = self.asked_about(trial)
        said = verified_in(exchange)
        if trial.expected is Expected.ANSWERED:
            yield from self._answered(trial, exchange, said)
            return
        if not (said.accepted or said.rejected):
            raise no_verdict(exchange, said)
        match trial.expected:
            case Expected.ACCEPTED if said.rejected or contradicts(said):
                yield self.finds(
                    exchange, f"a credential that has to be accepted is refused: {trial.summary}",
                    expected="accepted", actual=told(said), hint=_ACCEPT,
                )  # fmt: skip
            case Expected.REJECTED if said.accepted:
                yield self._accepted(trial, exchange, said, "rejected")
            case Expected.FLAGGED if said.accepted and not self.flagged(trial, said):
                yield self._accepted(
                    trial, exchange, said, "rejected, or accepted with a warning that says so"
                )

    def _accepted(self, trial: Trial, exchange: Exchange, said: Verified, expected: str) -> Finding:
        return self.finds(
            exchange, f"a broken credential is accepted: {trial.summary}", expected=expected,
            actual=told(said), hint=f"Refuse it, and say why ({', '.join(trial.because)}). {_AGAIN}",
        )  # fmt: skip

    def _answered(self, trial: Trial, exchange: Exchange, said: Verified) -> Iterator[Finding]:
        answer = exchange.answer
        if answer is not None and answer.status >= SERVER_ERROR:
            yield self.finds(
                exchange, f"it breaks on what it does not know: {trial.summary}",
                expected="a refusal, such as 400 with the reason", actual=told(said),
                hint="Read what comes as a stranger's: refuse what is no credential that you know.",
            )  # fmt: skip

    @staticmethod
    def flagged(trial: Trial, said: Verified) -> bool:
        """Whether a warning names a reason that fits."""
        return bool(kinds_of(said.warnings) & set(trial.because))

    def good_twins_refused(self) -> Iterator[Finding]:
        """A finding for each good twin that it refused at the start, or accepted then and refused at the end.

        Where there is none and some could not be judged, raises what stood in the way.
        """
        found = False
        obstacles: list[HarnessError] = []
        core = {trial.twin for trial in self.trials.core(self.profile, GOOD)}
        for twin in self.trials.twins_of(self.profile):
            if twin.name not in core and (twin.optional or twin_probe(twin.name) not in self.probes):
                continue
            try:
                for finding in self._twin_refused(twin):
                    found = True
                    yield finding
            except (AbsentError, LineError, EngineError) as obstacle:
                obstacles.append(obstacle)
        if obstacles and not found:
            raise min(obstacles, key=lambda one: isinstance(one, AbsentError))

    def _twin_refused(self, twin: Twin) -> Iterator[Finding]:
        probe = twin_probe(twin.name)
        for step in (TWIN, AGAIN):
            exchange = self.exchange(probe, step)
            self._require_good(probe, exchange, twin)
            said = verified_in(exchange)
            if self._breaks_always(probe):
                yield self.finds(
                    exchange, f"it breaks on a good credential ({twin.base}), at the start and at the end",
                    expected="accepted, without errors", actual=told(said), hint=_ACCEPT,
                )  # fmt: skip
                return
            if not (said.accepted or said.rejected):
                raise no_verdict(exchange, said)
            if said.rejected or contradicts(said):
                again = " although it was accepted before" if step == AGAIN else ""
                what = "is neither accepted nor refused" if contradicts(said) else "is refused"
                yield self.finds(
                    exchange, f"a good credential ({twin.base}) {what}{again}",
                    expected="accepted, without errors", actual=told(said), hint=_ACCEPT,
                )  # fmt: skip
                return

    def _breaks_always(self, probe: str) -> bool:
        """Whether the product itself answered a good credential with an error of its own, each time it was asked."""
        answers = [
            exchange.answer for step in (TWIN, AGAIN) if (exchange := self.find(probe, step)) is not None
        ]
        return bool(answers) and all(answer is not None and answer.status in BREAKS for answer in answers)

    @cached_property
    def broken_off(self) -> tuple[tuple[Trial, Exchange], ...]:
        """Every broken credential on which it broke, although it accepted the good twin."""
        found = []
        for trial in self.trials.of(self.profile):
            exchange = self.find(trial.name, MUTATION) if trial.because else None
            answer = exchange.answer if exchange is not None else None
            twin = self.said(twin_probe(trial.twin), TWIN)
            if (
                exchange is not None
                and answer is not None
                and answer.status in BREAKS
                and twin
                and twin.accepted
            ):
                found.append((trial, exchange))
        return tuple(found)

    @cached_property
    def refusals(self) -> tuple[tuple[Trial, Exchange, Verified], ...]:
        """Every broken credential that it refused and that counts."""
        found = []
        for trial in self.trials.of(self.profile):
            exchange = self.find(trial.name, MUTATION) if trial.because else None
            if exchange is None or not (said := verified_in(exchange)).rejected or not self._applies(trial):
                continue
            try:
                found.append((trial, self.asked_about(trial), said))
            except HarnessError:
                continue
        return tuple(found)

    def asked_about(self, trial: Trial) -> Exchange:
        """The exchange of a trial, where it counts.

        Raises AbsentError where it or its good twin was not asked or the twin was refused, LineError where the
        line failed, EngineError where the recording is not of what it says.
        """
        good = self.accepted_twin(self.trials.twins[trial.twin])
        if not trial.asks:
            return good
        exchange = self.exchange(trial.name, MUTATION)
        self._require_nature(trial, exchange)
        return exchange

    def accepted_twin(self, twin: Twin) -> Exchange:
        """The exchange about a good twin that was accepted; raises as `asked_about` does."""
        probe = twin_probe(twin.name)
        exchange = self.exchange(probe, TWIN)
        self._require_good(probe, exchange, twin)
        said = verified_in(exchange)
        if not (said.accepted or said.rejected):
            raise no_verdict(exchange, said)
        if said.rejected or contradicts(said):
            raise AbsentError(
                f"it refuses the good credential of these trials ({told(said)}), so that it refuses the broken one "
                "does not count",
                hint=_ACCEPT,
            )
        return exchange

    # --- what the recording is really about --------------------------------------------------------

    def _require_good(self, probe: str, exchange: Exchange, twin: Twin) -> None:
        self._require_carried(probe, exchange)
        nature = self.nature(probe)
        failed = nature.failed - set(twin.tolerates)
        beside = self.wrong_beside(probe, twin.checks)
        if failed or beside or nature.state != "verified":
            wrong = ", ".join(sorted(failed)) or beside or nature.why or nature.state
            raise EngineError(
                f"{probe}: what the recording calls a good credential is not good: {wrong}", hint=_DOCTORED
            )

    def _require_nature(self, trial: Trial, exchange: Exchange) -> None:
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
            self._require_good(trial.name, exchange, twin)
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


SUBJECT = VerifierUnderTest

_ACCEPT = "The recording holds the credential and all that stood around it; `untp-crm inspect` shows why it is good."
_AGAIN = "The recording holds the credential; `untp-crm check` says what is wrong with it."
_DOCTORED = "The recording was altered, or the harness made the trial wrongly: run it again."


def no_verdict(exchange: Exchange, said: Verified) -> LineError:
    """An answer that neither accepts nor rejects: nobody can be blamed for it, and nothing passes by it."""
    return LineError(
        f"{exchange.probe}/{exchange.step}: {said.why or 'the answer is no verdict'}",
        hint="Say verified true or false, or refuse with a status of 4xx; a 5xx says only that something broke.",
    )


def told(said: Verified) -> str:
    """What was said, in one line."""
    reasons = "; ".join(said.errors or said.warnings)
    text = f"{said.kind}: {reasons}" if reasons else f"{said.kind} ({said.why})"
    return text if len(text) <= 300 else f"{text[:300]}…"  # noqa: PLR2004 - what one line holds


def contradicts(said: Verified) -> bool:
    """Whether it says accepted and names errors all the same.

    Such an answer is read against whoever gave it: it accepts no good credential and rejects no broken one.
    """
    errors = at(said.value, "/errors") if isinstance(said.value, dict) else None
    return said.accepted and isinstance(errors, list) and bool(errors)


def carries(exchange: Exchange, body: bytes) -> bool:
    """Whether a request holds a credential, in whatever form an adapter writes it."""
    sent = exchange.request.body + b"\n" + exchange.request.url.encode()
    text = body.decode("utf-8", "replace").strip()
    forms = (
        body.strip(), json.dumps(text)[1:-1].encode(), json.dumps(text, ensure_ascii=False)[1:-1].encode(),
        quote(text, safe="").encode(), base64.b64encode(body), base64.urlsafe_b64encode(body).rstrip(b"="),
    )  # fmt: skip
    if any(form in sent for form in forms):
        return True
    wanted, asked = parse(body), parse(exchange.request.body)
    return wanted.valid and asked.valid and any(value == wanted.value for value in _values(asked.value))


def replayed(exchange: Exchange) -> bool:
    """Whether a request asks for another challenge or domain than the presentation in it was made for."""
    asked = parse(exchange.request.body)
    values = [value for value in _values(asked.value) if isinstance(value, str)] if asked.valid else []
    for value in values:
        token = value.rpartition(",")[2]
        payload = parse(_payload(token)) if token.count(".") == 2 else None  # noqa: PLR2004 - a compact token
        if (
            payload is not None
            and payload.valid
            and isinstance(payload.value, dict)
            and "nonce" in payload.value
        ):
            wanted = (payload.value["nonce"], payload.value.get("aud"))
            return any(claim not in values for claim in wanted)
    return False


def _payload(token: str) -> bytes:
    try:
        return decode_base64url(token.split(".")[1])
    except MalformedError:
        return b""


def _values(value: Any) -> Iterator[Any]:
    todo = [value]
    while todo:
        item = todo.pop()
        yield item
        if isinstance(item, dict):
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)


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
