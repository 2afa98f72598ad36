"""An issuer as its cases see it: what it was given, what it issued or refused, and what its status lists said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from harness.credential import Credential, read_credentials
from harness.errors import AbsentError, HarnessError, LineError
from harness.evidence import Evidence, Web
from harness.exchange import Exchange, Recording
from harness.gather.adapters import Issued, Kind, given_in, issued_in
from harness.judge.endpoint import SMOKE, EndpointUnderTest, said_to, trouble_of
from harness.judge.security import Security
from harness.model import Outcome, Result
from harness.trust.moments import moment
from harness.trust.status_entry import entries_of

ISSUE, REFUSE, AGAIN, STATUS, LIST, REVOKE = "issue", "refuse", "again", "status", "list", "revoke"
VARIATION, GARBAGE = "variation", "garbage"
"""The probes of the dialogue, and the step in which a credential is revoked."""
CONFLICT = 409
"""What an issuer answers that has the id already (RFC 9110, section 15.5.10)."""
ADDED = frozenset({"id", "issuer", "validFrom", "credentialStatus", "proof"})
"""Members that an issuer may add where the input leaves them out; a proof and a status always."""


ISSUED = "issued"
"""The origin of credentials that a live issuer made of good input."""
PROVOKED = "provoked"
"""The origin of credentials that a live issuer made of input that was bad on purpose: only their faults count."""
UNJUDGED = "unjudged"
"""Member of an exchange's `about`: the credential in its answer is no subject of the record, with the reason."""


@dataclass(frozen=True)
class Given:
    """One question to issue: the exchange, the credential that was given, and what the answer says."""

    exchange: Exchange
    value: Any
    said: Issued

    @cached_property
    def credential(self) -> Credential | None:
        """What was issued, read out of its envelope; None where nothing was."""
        if self.said.kind is not Kind.ISSUED:
            return None
        return credential_in(self.said.body, self.said.media_type)

    @property
    def issued(self) -> Mapping[str, Any] | None:
        """The claims that were signed; None where nothing was issued or it cannot be read."""
        value = self.credential.document.value if self.credential and self.credential.document else None
        return value if isinstance(value, dict) else None

    @property
    def differences(self) -> tuple[tuple[str, Any, Any], ...]:
        """Where what was signed is not what was given: pointer, given and signed value (None where it is not there)."""
        if self.issued is None or not isinstance(self.value, dict):
            return ()
        return tuple(differences(self.value, self.issued))


@dataclass(frozen=True)
class IssuerUnderTest(EndpointUnderTest):
    """One issuer, with the questions of its dialogue."""

    def unusable(self) -> HarnessError | None:
        """As of any endpoint; an answer that the templates of vendor.toml do not fit; and an id that is taken already."""
        failure = super().unusable()
        first = next((exchange for exchange in self.of(ISSUE) if exchange.answer is not None), None)
        if failure is None and first is not None and first.answer and first.answer.status == CONFLICT:
            return AbsentError(
                f"{said_to(first)}: the issuer has issued a credential of this id before",
                hint="Ids follow from the nonce: give another --nonce, or the --out of the first run to take that up.",
            )
        smoke = self.find(SMOKE)
        if failure is not None or smoke is None or smoke.about.get("adapter") != "http":
            return failure
        said = issued_in(smoke)
        if said.kind is Kind.BROKEN and smoke.answer is not None and smoke.answer.status < 300:  # noqa: PLR2004 - RFC 9110
            return LineError(
                f"{said_to(smoke)}: {said.why}",
                hint="Check answer.credential of the endpoint in vendor.toml.",
            )
        return None

    def asked(self, probe: str) -> tuple[Given, ...]:
        """The questions of a probe that were answered. Raises as `exchange` does where none was."""
        answered = [exchange for exchange in self.of(probe) if exchange.answer is not None]
        if not answered:
            self.require_any(probe)
        return tuple(Given(exchange, given_in(exchange), issued_in(exchange)) for exchange in answered)

    def silent(self, probe: str) -> HarnessError | None:
        """The trouble of the first question of a probe that has no answer."""
        return next((trouble for e in self.of(probe) if (trouble := trouble_of(e)) is not None), None)

    def require_any(self, probe: str) -> None:
        """Raise what kept a probe from being answered."""
        first = next(iter(self.of(probe)), None)
        self.exchange(probe, first.step if first is not None else "")

    @property
    def given(self) -> tuple[Given, ...]:
        """Every good input that was answered, in the order of the run."""
        return (*self.asked(ISSUE), *(self.asked(VARIATION) if self.of(VARIATION) else ()))


SUBJECT = IssuerUnderTest


def issued_in_recording(recording: Recording) -> Iterator[Evidence]:
    """The credentials that issuers gave, as evidence, in the order of the run; those marked as unjudged left out.

    What an issuer made of input that was bad on purpose has the origin `provoked`, all else `issued`.
    """
    for exchange in recording.of("issuer"):
        if UNJUDGED in exchange.about or exchange.about.get("operation") != "issue":
            continue
        said = issued_in(exchange)
        if said.kind is Kind.ISSUED:
            suffix = "json" if said.media_type == "application/vc" else "jwt"
            name = "/".join(part for part in (exchange.endpoint, exchange.probe, exchange.step) if part)
            origin = ISSUED if exchange.probe == ISSUE else PROVOKED
            yield Evidence(f"{name}.{suffix}", said.body, said.media_type, origin)


def faults_alone(result: Result) -> Result:
    """A result on a provoked credential: whatever neither passed nor failed is due to our own bad input, and does not count."""
    if result.outcome in (Outcome.PASSED, Outcome.FAILED):
        return result
    why = "the input was bad on purpose, and only what fails counts"
    return replace(result, outcome=Outcome.NOT_APPLICABLE, findings=(), reason=why)


def credential_in(body: bytes, media_type: str = "application/vc") -> Credential:
    """The first credential in some bytes, out of its envelopes."""
    return next(iter(read_credentials(Evidence("issued", body, media_type, "issued"))))


def differences(given: Any, signed: Any, pointer: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two JSON values differ, but for what an issuer may add at the top and other spellings of one moment.

    Contexts may be appended.
    """
    if isinstance(given, dict) and isinstance(signed, dict):
        for name in sorted(given.keys() | signed.keys()):
            place = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            if not pointer and name in ADDED and (name not in given or name in ("credentialStatus", "proof")):
                continue
            if not pointer and name == "issuer" and _same_issuer(given[name], signed.get(name)):
                continue
            if not pointer and name == "@context" and _appended(given.get(name), signed.get(name)):
                continue
            if name not in given or name not in signed:
                yield place, given.get(name), signed.get(name)
            else:
                yield from differences(given[name], signed[name], place)
    elif isinstance(given, list) and isinstance(signed, list) and len(given) == len(signed):
        for number, (one, other) in enumerate(zip(given, signed, strict=True)):
            yield from differences(one, other, f"{pointer}/{number}")
    elif (given != signed or isinstance(given, bool) is not isinstance(signed, bool)) and not _same_moment(
        given, signed
    ):
        yield pointer, given, signed


def _same_moment(given: Any, signed: Any) -> bool:
    """Whether two texts are one moment: some issuers write the fraction or the zone of a date in their own way."""
    one, other = moment(given), moment(signed)
    return one is not None and one == other


def _same_issuer(given: Any, signed: Any) -> bool:
    """An issuer that is given as a bare identifier may be signed as an object with that id."""
    return isinstance(given, str) and isinstance(signed, dict) and signed.get("id") == given


def _appended(given: Any, signed: Any) -> bool:
    return (
        isinstance(given, list) and isinstance(signed, list) and bool(given) and signed[: len(given)] == given
    )


def list_urls(value: Mapping[str, Any]) -> tuple[str, ...]:
    """The status lists that a credential names."""
    return tuple(entry.list_url for entry in entries_of(value) if entry.list_url is not None)


def list_bits(credential: bytes, look: Exchange) -> int | None:
    """What a status list, as one look at it brought it, says of a credential: 0 or another value; None where nothing."""
    answer = look.answer
    if answer is None or answer.status != 200:  # noqa: PLR2004 - RFC 9110: the one that brings what was asked for
        return None
    found = credential_in(credential)
    held = Evidence(look.request.url, answer.body, answer.media_type or "application/vc", "online")
    at = _moment(look)
    for check in Security(found, Web({look.request.url: held}), at, None, "reference").statuses:
        if check.entry.list_url == look.request.url and check.status is not None:
            return check.status.value
    return None


def _moment(look: Exchange) -> datetime:
    """The moment of a look, by the clock of the run."""
    return datetime.strptime(look.at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
