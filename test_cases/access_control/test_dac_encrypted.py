"""Confidential data is encrypted, with a strong key for each item and role, which the code on the item carries."""

from __future__ import annotations

from itertools import combinations

from harness.errors import AbsentError
from harness.judge import Findings, case
from harness.judge.access_control import ANONYMOUS, AccessControlUnderTest, Code, Sealed, credential_of
from harness.judge.security import settle
from harness.trust.codes import DECIDES
from harness.trust.decryption import KEY_BYTES, STRONG

REFUSED = 400
CLOSED = (401, 403)
OTHERS = ("VCP-DID", "VCP-STAT")
"""What a DID document or status list is at fault for has requirements of its own."""

COUNTER_BYTES = 4
"""A nonce with no more values of bytes than this may be a counter."""


def _is_confidential_event(target: Sealed, access: AccessControlUnderTest) -> bool:
    """Whether it is an event for certain roles whose link promises no encryption: in 0.7.0 DTE-CONF-01 is about these."""
    roles, method = target.link.roles, target.link.encryption
    named = target.link.kind == "dte" and bool(roles) and ANONYMOUS not in roles
    return named and not method and access.version == "0.7.0"


def _require_told(target: Sealed) -> None:
    """Raise AbsentError where the answer shows nothing: neither content nor a refusal."""
    answer = target.exchange.answer
    if answer is not None and not target.is_served and answer.status not in CLOSED:
        raise AbsentError(
            f"{target.link.href} answers {answer.status}: nothing shows whether it is protected",
            hint="Serve the encrypted content, or refuse a stranger with 401 or 403.",
        )


def _protected(access: AccessControlUnderTest) -> object:
    return access.sealed


@case("DAC-ENC-01", when=_protected)
def confidential_targets_are_encrypted(access: AccessControlUnderTest) -> Findings:
    """A stranger cannot read a target that is announced as protected."""
    for target in access.sealed:
        _require_told(target)
        if target.plain is not None and not _is_confidential_event(target, access):
            yield access.finds(
                target.exchange, "a protected target can be read by anybody", expected="encrypted content",
                actual=" ".join(target.plain.document.root.types) if target.plain.document else "plain content",
                hint="Encrypt what stands behind this link, or take encryptionMethod and accessRole off it.",
            )  # fmt: skip


@case(
    "DTE-CONF-01", when=lambda access: any(_is_confidential_event(target, access) for target in access.sealed)
)
def confidential_events_are_not_in_the_clear(access: AccessControlUnderTest) -> Findings:
    """An event for certain roles is not served in the clear to a stranger."""
    for target in access.sealed:
        _require_told(target)
        if _is_confidential_event(target, access) and target.plain is not None:
            yield access.finds(
                target.exchange, "an event for certain roles can be read by anybody",
                expected="encrypted content, or 401", actual="a readable event",
                hint="Encrypt the event, or ask for the role before serving it.",
            )  # fmt: skip


@case("DAC-ENC-02", when=lambda access: any(code.address.key for code in access.codes))
def encryption_is_symmetric_and_strong(access: AccessControlUnderTest) -> Findings:
    """The key in a code has 128 bits or more and opens what is encrypted for it."""
    shown = False
    for code in access.codes:
        key = code.address.key
        if key is None:
            continue
        if len(key) < STRONG or len(key) not in KEY_BYTES:
            yield access.finds(
                code.exchange, "the key is no AES key of 128 bits or more", expected="128, 192 or 256 bits",
                actual=f"{8 * len(key)} bits", hint="Draw a new key with 128 bits or more and encrypt again.",
            )  # fmt: skip
            continue
        encrypted = [target for target in code.sealed if target.ciphertext is not None]
        mine = [
            target for target in encrypted if not target.link.roles or code.address.role in target.link.roles
        ]
        shown = shown or any(target.opened(key) is not None for target in encrypted)
        if any(target.opened(key) is not None for target in encrypted) or not mine:
            continue
        if not any(target.ciphertext is not None and target.ciphertext.is_readable for target in mine):
            raise AbsentError(
                f"{mine[0].link.href} is encrypted in a way that nobody here can read",
                hint="Serve a compact JWE, a JSON object with cipherText, iv and tag, or nonce, ciphertext and tag.",
            )
        yield access.finds(
            mine[0].exchange, "the key of the code does not open the target", expected="a target that it opens",
            actual=f"{8 * len(key)} bits, {mine[0].ciphertext.algorithm if mine[0].ciphertext else ''}",
            hint="Encrypt with the key that travels with the item, by AES.",
        )  # fmt: skip
    if not shown and not any(target.plain for target in access.sealed):
        raise AbsentError(
            "no target was found that a key opens",
            hint="Name codes of items in whose link set a target is encrypted.",
        )


@case("DAC-ENC-03", when=lambda access: len({code.address.identifier for code in access.codes}) > 1)
def each_item_has_its_own_key(access: AccessControlUnderTest) -> Findings:
    """The key of one item opens nothing of another."""
    for one, other in combinations(access.codes, 2):
        if one.address.identifier == other.address.identifier or one.key is None or other.key is None:
            continue
        opened = [target for target in other.sealed if target.opened(one.key) is not None]
        if one.key == other.key or opened:
            yield access.finds(
                opened[0].exchange if opened else other.exchange, "the key of one item is that of another, too",
                expected=f"a key of its own for {other.address.identifier}", actual=f"the key of {one.address.identifier}",
                hint="Draw a key for each item, product, batch and facility.",
            )  # fmt: skip


def _roles(access: AccessControlUnderTest) -> bool:
    pairs = combinations(access.codes, 2)
    return any(
        a.address.identifier == b.address.identifier and a.address.role != b.address.role for a, b in pairs
    )


def _opened_by(access: AccessControlUnderTest, code: Code, target: Sealed) -> set[str]:
    """The roles of the item whose keys open a target."""
    same = (other for other in access.codes if other.address.identifier == code.address.identifier)
    return {other.address.role for other in same if target.opened(other.key) is not None}


@case("DAC-ENC-04", when=_roles)
def each_role_has_its_own_key(access: AccessControlUnderTest) -> Findings:
    """Of one item, the key of one role opens nothing that is for another role alone."""
    for code in access.codes:
        for target, _ in code.opened:
            roles, role = set(target.link.roles), code.address.role
            if role not in roles and roles & _opened_by(access, code, target):
                yield access.finds(
                    target.exchange, f"the key of the role {role} opens what is for another one",
                    expected=f"a key for {', '.join(target.link.roles)} alone", actual=f"the key of {role}",
                    hint="Draw a key for each role of an item.",
                )  # fmt: skip


@case("DAC-ENC-05", when=lambda access: any(target.ciphertext for target in access.sealed))
def nonces_are_fresh(access: AccessControlUnderTest) -> Findings:
    """No two ciphertexts have the same nonce."""
    seen: dict[bytes, Sealed] = {}
    for target in access.sealed:
        found = target.ciphertext
        if found is None or not found.nonce:
            continue
        first = seen.setdefault(found.nonce, target)
        keys = {code.key for code in access.codes if code.key is not None}
        shared = any(first.opened(key) is not None and target.opened(key) is not None for key in keys)
        by_chance = len(set(found.nonce)) > COUNTER_BYTES
        if first is not target and (shared or by_chance):
            yield access.finds(
                target.exchange, "the nonce was used for another target already", expected="a fresh nonce each time",
                actual=found.nonce.hex(), hint="Draw 96 random bits for each encryption (NIST SP 800-38D).",
            )  # fmt: skip


@case("DAC-ENC-06", when=lambda access: any(True for code in access.codes for _ in code.opened))
def what_is_encrypted_is_signed(access: AccessControlUnderTest) -> Findings:
    """Opened, a target is a credential whose signature verifies."""
    for code in access.codes:
        for target, content in code.opened:
            credential = credential_of(content, target.link.href)
            if credential is None or credential.document is None:
                problem = "what was encrypted is no credential"
            else:
                security = access.security(credential)
                checks = [security.signature, *(result.verification for result in security.proofs)]
                found = [settle(check) for check in checks if check is not None]
                broken = (
                    f.message
                    for f in found
                    if f is not None and not DECIDES.get(f.code, "").startswith(OTHERS)
                )
                problem = "what was encrypted is not signed" if not found else next(broken, "")
            if problem:
                yield access.finds(
                    target.exchange, problem, expected="a signed credential", actual=f"{len(content):,} bytes",
                    hint="Sign the credential first, then encrypt what is signed.",
                )  # fmt: skip


def _name_of_key(access: AccessControlUnderTest, name: str) -> Findings:
    for code in access.codes:
        if code.address.parameter != name:
            yield access.finds(
                code.exchange, f"the key is not in the parameter {name}", expected=f"?{name}=…",
                actual=f"?{code.address.parameter}=…" if code.address.parameter else "no key",
                hint=f"Put the key into {name} of the item's query URL.",
            )  # fmt: skip
        elif (
            code.linkset is None
            and code.exchange.answer is not None
            and code.exchange.answer.status >= REFUSED
        ):
            yield access.finds(
                code.exchange, "the code is no query URL of an identity resolver", expected="a link set of the item",
                hint="Let the code resolve to the item at its resolver.",
            )  # fmt: skip


@case("DAC-KEY-01", when=lambda access: access.codes)
def the_key_is_in_decryption_key(access: AccessControlUnderTest) -> Findings:
    """A code resolves to the item's query URL, with the key in decryptionKey."""
    yield from _name_of_key(access, "decryptionKey")


@case("DAC-KEY-02", when=lambda access: access.codes)
def the_key_is_in_key(access: AccessControlUnderTest) -> Findings:
    """In 0.6, a code resolves to the item's query URL, with the key in the parameter key."""
    yield from _name_of_key(access, "key")


@case("DAC-LINK-03", when=lambda access: any(True for code in access.codes for _ in code.opened))
def what_a_key_alone_opens_is_anonymous(access: AccessControlUnderTest) -> Findings:
    """A target that the key of a code without role opens lists the role Anonymous."""
    for code in access.codes:
        for target, _ in code.opened:
            roles = set(target.link.roles)
            if (
                code.address.role == ANONYMOUS
                and ANONYMOUS not in roles
                and not roles & _opened_by(access, code, target)
            ):
                yield access.finds(
                    code.exchange, "whoever holds the key may read this, and the link does not say so",
                    pointer=target.link.node.pointer, expected=f"{ANONYMOUS} in accessRole",
                    actual=", ".join(target.link.roles) or "no accessRole", hint=f"Add {ANONYMOUS} to accessRole.",
                )  # fmt: skip
