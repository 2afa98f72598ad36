"""Whether the credential is in force at the moment of judgement: a person says what it means if not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from _instants import instant, instant_of

from harness.judge import CredentialUnderTest, Findings, case
from harness.judge.security import finding_of
from harness.model import Finding

UNTOLD = frozenset(
    {
        "status-index-out-of-range",
        "status-list-expired",
        "status-list-not-yet-valid",
        "status-unanswerable",
    }
)
"""Codes after which a list tells nothing of the credential, and which no requirement of the status itself decides."""


def _told(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


VALIDITY = ("validFrom", "validUntil", "credentialStatus")
"""What says whether a credential is in force; none of it may be selectively disclosable (RFC 9901 section 9.7)."""


def withheld(credential: CredentialUnderTest) -> Findings:
    """Where an SD-JWT withholds something, whether it may be what says that the credential is out of force.

    A digest tells nothing of its member, nor whether there is one: decoys look the same (RFC 9901 section 4.2.5).
    """
    processed = credential.security.processed
    if processed is None or credential.credential.faults:
        return
    missing = [name for name in VALIDITY if credential.root[name] is None]
    hidden = processed.withheld.count("")
    if missing and hidden:
        yield credential.root.finds(
            f"nobody can say whether the credential is in force: {_digests(hidden)} beside what was disclosed, "
            f"and {' or '.join(missing)} may be among what they hide; decoys look the same",
            expected=f"{' and '.join(missing)} disclosed, or stated to be absent by having nothing hidden beside them",
            actual=f"{_digests(hidden)} at the top of the payload that no disclosure belongs to",
            hint="Disclose all members at the top, or issue with validFrom, validUntil and credentialStatus in the clear.",
        ).for_a_person()
    for name in VALIDITY:
        inside = sum(place == f"/{name}" or place.startswith(f"/{name}/") for place in processed.withheld)
        if inside:
            yield (
                credential.root.at(name)
                .finds(
                    f"nobody can say whether the credential is in force: {_digests(inside)} in {name} "
                    "stand for what was not disclosed, or are decoys",
                    expected=f"all of {name} disclosed",
                    actual=f"{_digests(inside)} that no disclosure belongs to",
                    hint=f"Disclose all of {name}, or issue with it in the clear.",
                )
                .for_a_person()
            )


def _digests(count: int) -> str:
    return "1 digest" if count == 1 else f"{count:,} digests"


def token_times(credential: CredentialUnderTest) -> Findings:
    """The exp and nbf of a token, where they put it out of force at the moment of judgement (RFC 7519, 4.1.4 and 4.1.5)."""
    if credential.security.claims is None or credential.credential.faults:
        return
    claims, now = credential.security.claims.claims, credential.at.timestamp()
    for name, past in (("exp", True), ("nbf", False)):
        value = claims.get(name)
        if (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and (value <= now if past else value > now)
        ):
            yield Finding(
                f"the token is {'no longer' if past else 'not yet'} in force: {name} is {value}",
                expected=f"in force at {_told(credential.at)}",
                hint="Issue it anew, or judge it at another --at.",
            ).for_a_person()


@case("VCP-VAL-08")
def the_credential_is_in_force(credential: CredentialUnderTest) -> Findings:
    """At the moment of judgement the credential is valid, neither expired, nor revoked, nor suspended."""
    begin, end = instant(credential.value("validFrom")), instant(credential.value("validUntil"))
    now = instant_of(credential.at)
    if begin is not None and begin > now:
        yield (
            credential.root.at("validFrom")
            .finds(
                "the credential is not valid yet",
                expected=f"valid at {_told(credential.at)}",
                hint="Judge it at a later --at.",
            )
            .for_a_person()
        )
    if end is not None and end < now:
        yield (
            credential.root.at("validUntil")
            .finds(
                "the credential has expired",
                expected=f"valid at {_told(credential.at)}",
                hint="Issue it anew, or judge it at an earlier --at.",
            )
            .for_a_person()
        )
    yield from token_times(credential)
    yield from withheld(credential)
    for check in credential.security.statuses:
        if check.problem is not None and check.problem.code in UNTOLD:
            finding = finding_of(check.problem, (), credential.document.finding(check.entry.pointer, ""))
            yield replace(
                finding, message=f"nobody can say whether the credential was withdrawn: {finding.message}"
            ).for_a_person()
        elif check.status is not None and check.status.blocks:
            yield credential.document.finding(
                check.entry.pointer,
                f"the credential was withdrawn: its {check.status.purpose} bit is set",
                expected="a bit that is not set",
                actual=f"{check.status.purpose}: {check.status.message or check.status.value}",
                hint="What a withdrawn credential says supports nothing; present another.",
            ).for_a_person()
