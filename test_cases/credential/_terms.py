"""The terms of a credential: what it loses by itself, apart from what a fault of its envelope takes along.

A wrong first context, a missing type or an untyped status entry makes terms meaningless by the dozen. The
requirement that speaks of the cause reports it, once: so the credential is expanded a second time, as it was
meant, and only what is lost both times is its own. Whatever is set right here fails VCP-ENV-01, -02, -03 or
VCP-CTX-01, -02, -12.
"""

from __future__ import annotations

from typing import Any

from harness.credential import Node
from harness.judge import CredentialUnderTest, once
from harness.semantics.artefacts import registry
from harness.semantics.expansion import Dropped, Expansion, expand

BASE_CONTEXT = "https://www.w3.org/ns/credentials/v2"
OLD_BASE_CONTEXT = "https://www.w3.org/2018/credentials/v1"
EXTENSION_POINTS = (
    "credentialStatus", "renderMethod", "evidence", "termsOfUse", "refreshService",
)  # fmt: skip
"""Extension points of VCDM whose objects VCP-ENV-18 wants typed; VCP-SCH-03 speaks of credentialSchema."""
OLD_DATES = {"issuanceDate": "validFrom", "expirationDate": "validUntil"}
"""Members of VCDM 1.1, and what they are called now."""
UNTP_PLACE = 1
"""Where the UNTP context stands: directly after the base context."""
UNTP_HOSTS = ("vocabulary.uncefact.org/untp", "test.uncefact.org/vocabulary/untp")


def untp_contexts(credential: CredentialUnderTest) -> list[Node]:
    """The entries of @context that are UNTP contexts, by their address."""
    return [node for node in credential.root["@context"] or () if is_untp(node.value)]


def is_untp(context: object) -> bool:
    """Whether a context is one of UNTP, or looks like one, by its address."""
    return isinstance(context, str) and any(host in context for host in UNTP_HOSTS)


def is_foreign(context: object, credential: CredentialUnderTest) -> bool:
    """Whether a context is an official one of UNTP, but of another release."""
    allowed = {spec.context for spec in credential.profile.types.values()}
    return is_untp(context) and context in registry().contexts and context not in allowed


@once
def losses(credential: CredentialUnderTest) -> list[Dropped]:
    """What expansion loses and would lose under a right envelope too; nothing where VCP-CTX-03 or -06 speaks."""
    dropped = credential.expansion.dropped
    if credential.expansion.fault is not None or not dropped:
        return []
    meant = expanded_as_meant(credential)
    kept = {(lost.pointer, lost.name) for lost in meant.dropped} if meant.fault is None else None
    untyped = [
        f"{node.pointer}/"
        for name in EXTENSION_POINTS
        for node in credential.root.each(name)
        if isinstance(node.value, dict) and not node.types
    ]
    return [
        lost
        for lost in dropped
        if not (lost.reason == "type-scoped" and lost.pointer.startswith(tuple(untyped)))
        and lost.pointer[1:] not in OLD_DATES
        and (kept is None or (lost.pointer, lost.name) in kept)
    ]


@once
def expanded_as_meant(credential: CredentialUnderTest) -> Expansion:
    """The expansion under the contexts and the type that the envelope ought to have."""
    right = _right_envelope(credential)
    if right is None:
        return credential.expansion
    return expand({**credential.document.value, **right}, credential.web, engine=credential.engine)


@once
def _right_envelope(credential: CredentialUnderTest) -> dict[str, Any] | None:
    """The contexts and the type as they ought to be; None where they are, or where the type is not known."""
    if credential.type is None:
        return None
    written = {name: credential.value(name) for name in ("@context", "type")}
    right = {"@context": _contexts(credential, credential.type.context), "type": _types(credential)}
    return None if right == written else right


def _contexts(credential: CredentialUnderTest, context: str) -> list[Any]:
    written = [node.value for node in credential.root["@context"] or ()]
    return [BASE_CONTEXT, context] + [
        item
        for index, item in enumerate(written)
        if item not in (BASE_CONTEXT, context)
        and not is_foreign(item, credential)
        and not (index <= UNTP_PLACE and (is_untp(item) or item == OLD_BASE_CONTEXT))
    ]


def _types(credential: CredentialUnderTest) -> list[str]:
    written = list(credential.root.types)
    known = any(name in credential.profile.types for name in written)
    meant = [credential.type.core] if credential.type and not known else []
    return [*written, *meant, *(["VerifiableCredential"] if "VerifiableCredential" not in written else [])]
