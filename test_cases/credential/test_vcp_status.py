"""Status: a Bitstring Status List entry, and the list that it points to."""

from __future__ import annotations

from collections.abc import Iterable

from harness.errors import AbsentError
from harness.judge import CredentialUnderTest, Findings, case
from harness.judge.security import ABSENT, StatusCheck, finding_of, settle
from harness.model import Finding
from harness.trust.status_entry import IndexForm, StatusEntry
from harness.trust.trace import TrustError

TYPE = "BitstringStatusListEntry"
ENCODING = frozenset({
    "encoded-list-missing", "encoded-list-not-multibase", "encoded-list-not-base64url", "encoded-list-not-gzip",
    "encoded-list-truncated", "encoded-list-over-budget",
})  # fmt: skip
LENGTH = frozenset({"status-list-too-short"})
W3C_MEMBERS = frozenset({"statusSize", "statusMessage", "statusReference"})


def entries(credential: CredentialUnderTest) -> tuple[StatusEntry, ...]:
    """The status entries of the credential."""
    return credential.security.status_entries


def listed(credential: CredentialUnderTest) -> list[StatusCheck]:
    """The entries whose list was brought. Raises AbsentError where a list was not."""
    found = []
    for check in credential.security.statuses:
        if check.problem is not None and check.problem.code in ABSENT:
            raise AbsentError(
                f"the status list was not brought: {check.problem.actual}", hint=check.problem.hint
            )
        if check.list_credential is not None:
            found.append(check)
    return found


def problems(check: StatusCheck, codes: Iterable[str]) -> list[TrustError]:
    """The problems of an entry, its list or the answer that have one of these codes, each once."""
    found = [*check.entry.problems]
    if check.list_credential is not None:
        found += check.list_credential.problems
    if check.problem is not None:
        found.append(check.problem)
    wanted = {problem.code: problem for problem in found if problem.code in set(codes)}
    return list(wanted.values())


def at_entry(credential: CredentialUnderTest, check: StatusCheck, problem: TrustError) -> Findings:
    """A finding at the entry. Raises EngineError where the problem is that our own budget ended."""
    settled = settle(problem)
    if settled is not None:
        yield finding_of(settled, (), credential.document.finding(check.entry.pointer, ""))


@case("VCP-STAT-01", owns=["/credentialStatus/type enum", "/credentialStatus/type const"], when=entries)
def status_is_a_bitstring_entry(credential: CredentialUnderTest) -> Findings:
    """A status entry is of type BitstringStatusListEntry."""
    for node in credential.root.each("credentialStatus"):
        if node.types and TYPE not in node.types:
            yield node.at("type").finds(
                "the status is of another kind",
                expected=TYPE,
                hint="Publish a Bitstring Status List and refer to it.",
            )


@case("VCP-STAT-03", when=entries)
def the_index_is_a_decimal_string(credential: CredentialUnderTest) -> Findings:
    """The index is a string of digits; 0.7.0 contradicts this with an integer."""
    for entry in entries(credential):
        pointer = f"{entry.pointer}/statusListIndex"
        if entry.index_form is IndexForm.INTEGER and entry.index is not None:
            message = "the index is written as a JSON number"
            if credential.version == "0.7.0":
                yield Finding(message, pointer).excused_by("CONFLICT-01")
            else:
                yield credential.document.finding(
                    pointer, message, expected="a string of digits",
                    actual=credential.document.shown(pointer), hint="Write the index as a string.",
                )  # fmt: skip
        else:
            for problem in entry.problems:
                if problem.code.startswith("status-index"):
                    yield finding_of(problem, (), credential.document.finding(pointer, ""))


@case(
    "VCP-STAT-04",
    owns=["/credentialStatus/statusListIndex", "/credentialStatus/*/statusListIndex"],
    when=entries,
)
def the_index_is_an_integer(credential: CredentialUnderTest) -> Findings:
    """The 0.7.0 schema wants an integer; the W3C recommendation a string."""
    index = credential.value("credentialStatus", "statusListIndex")
    w3c = isinstance(index, str) and index.isascii() and index.isdigit()
    yield from credential.schema_findings(
        "VCP-STAT-04", excused=lambda _fault: "CONFLICT-01" if w3c else None
    )


@case("VCP-STAT-05", owns=["/credentialStatus/statusPurpose"], when=entries)
def the_purpose_is_one_string(credential: CredentialUnderTest) -> Findings:
    """StatusPurpose of an entry is one string."""
    for node in credential.root.each("credentialStatus"):
        purpose = node.get("statusPurpose")
        if isinstance(purpose, str) and purpose:
            yield from credential.schema_findings("VCP-STAT-05", excused=lambda _fault: "CONFLICT-03")
        else:
            yield node.at("statusPurpose").finds(
                "the purpose of the status is not one string", expected="revocation, suspension, refresh or message",
                hint="Write one purpose; use one entry for each.",
            )  # fmt: skip


@case("VCP-STAT-06", owns="/credentialStatus/statusListCredential", when=entries)
def the_list_is_a_list_credential(credential: CredentialUnderTest) -> Findings:
    """StatusListCredential leads to a BitstringStatusListCredential."""
    codes = (
        "status-list-url-missing",
        "status-list-url-malformed",
        "status-list-not-found",
        "status-list-unreadable",
        "status-list-type",
        "status-list-subject",
    )
    for check in credential.security.statuses:
        if check.problem is not None and check.problem.code in ABSENT:
            raise AbsentError(
                f"the status list was not brought: {check.problem.actual}", hint=check.problem.hint
            )
        wanted = codes if check.entry.legacy else (*codes, "status-list-generation")
        for problem in problems(check, wanted):
            yield from at_entry(credential, check, problem)


@case("VCP-STAT-07", when=entries)
def the_entry_is_not_the_list(credential: CredentialUnderTest) -> Findings:
    """The id of an entry differs from the URL of its list."""
    for node in credential.root.each("credentialStatus"):
        if node.get("id") is not None and node.get("id") == node.get("statusListCredential"):
            yield node.at("id").finds(
                "the entry has the URL of the list as its id", expected="another id, or none",
                hint="Append the index, as in …/list#94567, or leave id out.",
            )  # fmt: skip


@case("VCP-STAT-08", when=entries)
def the_list_is_signed(credential: CredentialUnderTest) -> Findings:
    """The list is a conforming, secured credential whose proof verifies."""
    for check in listed(credential):
        for problem in problems(check, ("status-list-validity", "status-list-ttl")):
            yield from at_entry(credential, check, problem)
        if check.signature is None:
            yield credential.document.finding(
                f"{check.entry.pointer}/statusListCredential", "the status list is not signed",
                expected="a secured credential", actual="no proof", hint="Sign the list as any other credential.",
            )  # fmt: skip
            continue
        unverified = settle(check.signature)
        if unverified is not None:
            place = credential.document.finding(f"{check.entry.pointer}/statusListCredential", "")
            yield finding_of(unverified, check.signature.steps, place)


@case("VCP-STAT-09", when=entries)
def the_purposes_match(credential: CredentialUnderTest) -> Findings:
    """The list serves the purpose of the entry."""
    for check in listed(credential):
        for problem in problems(check, ("status-purpose-mismatch", "status-list-purpose")):
            yield from at_entry(credential, check, problem)


@case("VCP-STAT-10", when=entries)
def the_list_is_multibase_gzip(credential: CredentialUnderTest) -> Findings:
    """The encoded list is multibase base64url of gzip."""
    for check in listed(credential):
        for problem in problems(check, ENCODING):
            yield from at_entry(credential, check, problem)


@case("VCP-STAT-11", when=entries)
def the_list_keeps_the_herd_private(credential: CredentialUnderTest) -> Findings:
    """A status list has room for at least 131,072 entries."""
    for check in listed(credential):
        for problem in problems(check, LENGTH):
            yield from at_entry(credential, check, problem)


@case(
    "VCP-STAT-14",
    when=lambda c: any(
        node["statusSize"] or node["statusMessage"] for node in c.root.each("credentialStatus")
    ),
)
def messages_are_complete(credential: CredentialUnderTest) -> Findings:
    """An entry of several bits has a message for each value."""
    for check in credential.security.statuses:
        for problem in check.entry.problems:
            if problem.code.startswith(("status-message", "status-size")):
                yield from at_entry(credential, check, problem)


@case("VCP-STAT-19", when=entries)
def the_list_is_named_by_its_url(credential: CredentialUnderTest) -> Findings:
    """The id of the list credential is its URL."""
    for check in listed(credential):
        for problem in problems(check, ("status-list-id",)):
            yield from at_entry(credential, check, problem)


@case(
    "VCP-STAT-20",
    owns=["/credentialStatus type", "/credentialStatus/* additionalProperties", "/credentialStatus"],
    when=entries,
)
def there_is_one_closed_status(credential: CredentialUnderTest) -> Findings:
    """The 0.7.0 schema allows one closed object; W3C several open ones."""
    many = isinstance(credential.value("credentialStatus"), list)
    yield from credential.schema_findings(
        "VCP-STAT-20",
        excused=lambda fault: (
            "CONFLICT-02" if many or fault.pointer.rpartition("/")[2] in W3C_MEMBERS else None
        ),
    )
