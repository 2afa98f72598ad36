"""Credential status: the entry in a credential, the list credential that it points to, and the answer.

How the judge composes the parts, for each credential that has `credentialStatus`:

1. `entries_of(credential)` reads every entry; each carries its own problems and never hides another's.
2. `list_evidence(entry, web)` gives the bytes at `statusListCredential`, or raises: undetermined when the
   line failed, a fault of the publisher when the server said that there is no such list.
3. The judge opens these bytes as it opens any credential (JSON with a proof, vc+jwt, SD-JWT) and
   verifies their signature. Nothing here does: a list is a credential, and its issuer may be another
   than that of the credential (Bitstring Status List 1.0 section 2.2).
4. `read_list(document, url=…, at=…)` reads the list credential: structure, purpose, validity, bits.
5. `status_of(entry, list_credential)` gives the status, or raises. If step 3 failed there is no status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from harness.evidence import Absence, Evidence, Web
from harness.trust.bitstring import (
    MINIMUM_ENTRIES,
    SPECIFICATION,
    StatusList,
    encode_list,
    expand_legacy_list,
    expand_list,
)
from harness.trust.moments import moment, utc
from harness.trust.status_entry import LEGACY_ENTRY, StatusEntry, entries_of
from harness.trust.trace import TrustError

__all__ = [
    "MINIMUM_ENTRIES",
    "Status",
    "StatusEntry",
    "StatusList",
    "StatusListCredential",
    "encode_list",
    "entries_of",
    "list_evidence",
    "read_list",
    "status_of",
]

LIST_CREDENTIAL = SPECIFICATION + "#bitstringstatuslistcredential"
VALIDATE = SPECIFICATION + "#validate-algorithm"
VALIDITY = "https://www.w3.org/TR/vc-data-model-2.0/#validity-period"
LEGACY_LIST = "https://www.w3.org/TR/2023/WD-vc-status-list-20230427/#statuslist2021credential"

FORMS: Mapping[str, tuple[str, str]] = {
    "BitstringStatusListCredential": ("BitstringStatusList", LIST_CREDENTIAL),
    "StatusList2021Credential": ("StatusList2021", LEGACY_LIST),
}
"""Type of the list credential -> type of its subject, and the clause that says so."""

BLOCKING = frozenset({"revocation", "suspension"})
"""Purposes whose set bit means that the credential must not be relied on (section 2.1)."""


@dataclass(frozen=True)
class StatusListCredential:
    """A list credential as it was read; `problems` are in the order of its members, `bits` may be missing.

    `document` and `issuer` are for the judge, who verifies the signature and knows whom to trust.
    """

    url: str
    document: Mapping[str, Any] = field(repr=False)
    issuer: str | None
    purpose: tuple[str, ...]
    bits: StatusList | None
    valid_from: datetime | None
    valid_until: datetime | None
    ttl: int | None
    """Milliseconds before a verifier should ask again."""
    legacy: bool
    problems: tuple[TrustError, ...]


@dataclass(frozen=True)
class Status:
    """What a list says of one credential: the value of its bits, the purpose, and the message if any."""

    value: int
    purpose: str
    message: str | None = None

    @property
    def is_set(self) -> bool:
        """Whether the value is other than 0: the `valid` of the standard is its opposite (section 3.2)."""
        return self.value != 0

    @property
    def blocks(self) -> bool:
        """Whether the credential is revoked or suspended; a refresh or a message never blocks."""
        return self.is_set and self.purpose in BLOCKING


def list_evidence(entry: StatusEntry, web: Web) -> Evidence:
    """The bytes at `statusListCredential` of an entry (section 3.2, step 4: STATUS_RETRIEVAL_ERROR)."""
    if entry.list_url is None:
        raise _problem(
            "status-list-url-missing", "The status entry names no list.", "statusListCredential", VALIDATE
        )
    answer = web[entry.list_url]
    if isinstance(answer, Absence):
        lost = answer.fault == "line"
        raise TrustError(
            "status-list-unreachable" if lost else "status-list-not-found",
            "The status list could not be fetched." if lost else "There is no status list at its URL.",
            step="statusListCredential",
            clause=VALIDATE,
            expected="a status list credential",
            actual=f"{entry.list_url}: {answer.reason}",
            hint="Check the address and try again." if lost else "Publish the list before the credential.",
            undetermined=lost,
        )
    return answer


def read_list(
    document: Mapping[str, Any], *, url: str, at: datetime, minimum: int = MINIMUM_ENTRIES
) -> StatusListCredential:
    """Read a list credential, whose signature the judge verifies, as it stands at a point in time.

    `minimum` is the smallest number of entries that the ecosystem allows, for entries of one bit.
    """
    found: list[TrustError] = []
    form = next((name for name in FORMS if name in _types(document)), None)
    if form is None:
        found.append(
            _type_problem("status-list-type", document, "BitstringStatusListCredential", LIST_CREDENTIAL)
        )
    subject_type, clause = FORMS[form or "BitstringStatusListCredential"]
    if "id" in document and document["id"] != url:
        found.append(
            _problem(
                "status-list-id",
                "The id of the list credential is not its URL.",
                "id",
                clause,
                expected=url,
                actual=repr(document["id"])[:200],
            )
        )
    valid_from, valid_until = _validity(document, at, found)
    subject = _subject(document, subject_type, clause, found)
    purpose = _purposes(subject, clause, found)
    bits = None
    try:
        expand = expand_legacy_list if form == "StatusList2021Credential" else expand_list
        bits = expand(subject.get("encodedList"), purpose=purpose)
    except TrustError as error:
        found.append(error)
    if bits is not None and bits.size < minimum:
        found.append(_too_short(bits.size, minimum))
    return StatusListCredential(
        url, document, _issuer(document), purpose, bits, valid_from, valid_until, _ttl(subject, found),
        form == "StatusList2021Credential", tuple(found),
    )  # fmt: skip


def status_of(
    entry: StatusEntry, list_credential: StatusListCredential, *, minimum: int = MINIMUM_ENTRIES
) -> Status:
    """The status of the credential that has this entry (section 3.2, steps 5 to 12).

    Raises TrustError for an entry or list that cannot answer, and for a purpose, length or index that
    does not fit. What is wrong but leaves the answer clear stays in the `problems` of either side.
    """
    for problem in (*entry.problems, *list_credential.problems):
        if problem.code in UNANSWERABLE:
            raise problem
    if entry.index is None or entry.purpose is None or list_credential.bits is None:
        raise _problem(
            "status-unanswerable", "The entry or the list lacks what the answer needs.", "status", VALIDATE
        )
    if (entry.type == LEGACY_ENTRY) != list_credential.legacy:
        raise _problem(
            "status-list-generation", "The entry and its list belong to different standards.", "type", VALIDATE,
            expected=f"a list for {entry.type}", actual="StatusList2021" if list_credential.legacy else "BitstringStatusList",
        )  # fmt: skip
    if entry.purpose not in list_credential.purpose:
        raise _problem(
            "status-purpose-mismatch", "The list does not serve the purpose of the entry.", "statusPurpose", VALIDATE,
            expected=entry.purpose, actual=", ".join(list_credential.purpose) or "none",
        )  # fmt: skip
    bits = list_credential.bits
    if bits.entries(width=entry.size) < minimum:
        raise _too_short(bits.size, minimum, width=entry.size)
    value = bits.value(entry.index, width=entry.size)
    message = entry.message(value) if entry.messages or entry.purpose == "message" else None
    return Status(value, entry.purpose, message)


UNANSWERABLE = frozenset(
    {
        "status-entry-malformed", "status-type-missing", "status-type-unknown", "status-purpose-malformed",
        "status-index-malformed", "status-index-negative", "status-size-malformed", "status-size-over-budget",
        "status-list-type", "status-list-subject", "status-list-not-yet-valid", "status-list-expired",
        "status-list-validity", "encoded-list-missing", "encoded-list-not-multibase",
        "encoded-list-not-base64url", "encoded-list-not-gzip", "encoded-list-truncated",
        "encoded-list-over-budget",
    }
)  # fmt: skip
"""Codes of the problems after which no status can be told, or none that may be relied on."""


def _types(value: Mapping[str, Any]) -> tuple[str, ...]:
    kind = value.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    return tuple(one for one in kinds if isinstance(one, str))


def _issuer(document: Mapping[str, Any]) -> str | None:
    issuer = document.get("issuer")
    if isinstance(issuer, Mapping):
        issuer = issuer.get("id")
    return issuer if isinstance(issuer, str) else None


def _validity(
    document: Mapping[str, Any], at: datetime, found: list[TrustError]
) -> tuple[datetime | None, datetime | None]:
    start = _end_of_validity(document, ("validFrom", "issuanceDate"), found)
    end = _end_of_validity(document, ("validUntil", "expirationDate"), found)
    if start is not None and at < start:
        message, expected = "The status list is not valid yet.", f"a time up to {utc(at)}"
        found.append(
            _problem(
                "status-list-not-yet-valid",
                message,
                "validFrom",
                VALIDITY,
                expected=expected,
                actual=utc(start),
            )
        )
    if end is not None and at > end:
        message, expected = "The status list has expired.", f"a time from {utc(at)} on"
        found.append(
            _problem(
                "status-list-expired",
                message,
                "validUntil",
                VALIDITY,
                expected=expected,
                actual=utc(end),
            )
        )
    return start, end


def _end_of_validity(
    document: Mapping[str, Any], names: tuple[str, str], found: list[TrustError]
) -> datetime | None:
    """Read validFrom or validUntil, or what VCDM 1.1 calls them; without a zone it is taken as UTC."""
    name = next((one for one in names if one in document), None)
    if name is None:
        return None
    value = document[name]
    read = moment(value) or moment(f"{value}Z")
    if read is None:
        found.append(
            _problem(
                "status-list-validity", f"{name} of the list is not a date and time.", name, VALIDITY,
                expected="dateTimeStamp", actual=repr(value)[:80], hint="For example 2026-01-31T00:00:00Z.",
            )
        )  # fmt: skip
    return read


def _subject(
    document: Mapping[str, Any], kind: str, clause: str, found: list[TrustError]
) -> Mapping[str, Any]:
    subject = document.get("credentialSubject")
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    if not isinstance(subject, Mapping):
        message = "The list credential has no single subject."
        found.append(
            _problem(
                "status-list-subject",
                message,
                "credentialSubject",
                clause,
                expected="one object",
                actual=_name(subject),
            )
        )
        return {}
    if kind not in _types(subject):
        found.append(
            _type_problem("status-list-subject", subject, kind, clause, step="credentialSubject.type")
        )
    return subject


def _purposes(subject: Mapping[str, Any], clause: str, found: list[TrustError]) -> tuple[str, ...]:
    value = subject.get("statusPurpose")
    several = value if isinstance(value, list) else [value]
    purposes = tuple(one for one in several if isinstance(one, str) and one)
    if not purposes or len(purposes) != len(several):
        found.append(
            _problem(
                "status-list-purpose", "statusPurpose of the list is not one or more strings.",
                "credentialSubject.statusPurpose", clause, expected="one or more strings", actual=_name(value),
            )
        )  # fmt: skip
    return purposes


def _ttl(subject: Mapping[str, Any], found: list[TrustError]) -> int | None:
    if "ttl" not in subject:
        return None
    ttl = subject["ttl"]
    if isinstance(ttl, int) and not isinstance(ttl, bool) and ttl >= 0:
        return ttl
    found.append(
        _problem(
            "status-list-ttl", "ttl is not a number of milliseconds.", "credentialSubject.ttl", LIST_CREDENTIAL,
            expected="a whole number, 0 or more", actual=_name(subject["ttl"]),
        )
    )  # fmt: skip
    return None


def _too_short(bits: int, minimum: int, *, width: int = 1) -> TrustError:
    return _problem(
        "status-list-too-short", "The status list is too short to hide a credential in.", "encodedList", VALIDATE,
        expected=f"at least {minimum:,} entries", actual=f"{bits // width:,} entries of {width} bit{'s' * (width > 1)}",
        hint="Allocate 16 KiB for each bit of statusSize before compressing, whatever the number of credentials.",
    )  # fmt: skip


def _type_problem(
    code: str, value: Mapping[str, Any], kind: str, clause: str, *, step: str = "type"
) -> TrustError:
    return _problem(
        code,
        f"The type is not {kind}.",
        step,
        clause,
        expected=kind,
        actual=", ".join(_types(value)) or "none",
    )


def _problem(code: str, message: str, step: str, clause: str, **more: Any) -> TrustError:
    return TrustError(code, message, step=step, clause=clause, **more)


def _name(value: object) -> str:
    return "missing" if value is None else repr(value)[:120]
