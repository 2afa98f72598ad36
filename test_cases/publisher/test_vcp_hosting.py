"""Credentials, DID documents, status lists, contexts and schemas are served so that others can use them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from harness.errors import AbsentError
from harness.exchange import Answer, Exchange, Trouble
from harness.judge import Findings, case
from harness.judge.answers import OK
from harness.judge.endpoint import json_of
from harness.judge.publisher import PublisherUnderTest
from harness.trust.jose import read_compact
from harness.trust.trace import TrustError

VERSION = re.compile(r"\d+(\.\d+)+|[/-]v?\d+(?=[/.]|\Z)")
"""A version in a URL: 1.0.0, v1."""

JSON = re.compile(r"application/([a-z0-9.+-]+\+)?json\Z")
JSON_LINES = frozenset({"text/jsonl", "application/jsonl", "application/x-ndjson", "application/json-lines"})
ANNOUNCED = frozenset({"application/vc+ld+json", "application/ld+json", "application/vc+ld+jwt"})
"""Media types that the resolver pages announce for credentials (CONFLICT-12)."""
_MAX_AGE = re.compile(r"(?:s-maxage|max-age)\s*=\s*\"?(\d+)")
MILLISECONDS = 1000


def _has_version(exchange: Exchange) -> bool:
    """Whether a version stands in the path of a URL: hosts have numbers, too."""
    return VERSION.search(urlsplit(exchange.request.url).path) is not None


def _jose(publisher: PublisherUnderTest) -> bool:
    """Whether a JOSE credential was found, or none at all at some address."""
    missing = len(publisher.credentials) < len(publisher.of("credential"))
    return missing or any(item.credential.token for item in publisher.credentials)


@case("VCP-JOSE-20", when=_jose)
def jose_credentials_are_served_as_such(publisher: PublisherUnderTest) -> Findings:
    """A URL that gives a JOSE credential answers with application/vc+jwt."""
    for item in publisher.credentials:
        answer = item.exchange.answer
        if answer is None or not answer.body.strip().startswith(b"eyJ"):
            continue
        wanted = "application/vc+sd-jwt" if b"~" in answer.body else "application/vc+jwt"
        if answer.media_type != wanted:
            finding = publisher.finds(
                item.exchange, "the credential is not served as what it is", expected=wanted,
                actual=answer.header("content-type") or "no Content-Type", hint=f"Send Content-Type: {wanted}.",
            )  # fmt: skip
            yield finding.excused_by("CONFLICT-12") if answer.media_type in ANNOUNCED else finding
    found = {item.url for item in publisher.credentials}
    for asked in publisher.of("credential"):
        exchange = publisher.exchange("credential", asked.step)
        if exchange.request.url not in found:
            raise AbsentError(
                f"{exchange.request.url} gives no credential",
                hint="Name addresses of credentials in [[publisher]] that answer with them.",
            )


@case("VCP-DID-08", when=lambda publisher: publisher.of("did"))
def did_documents_are_open_to_the_web(publisher: PublisherUnderTest) -> Findings:
    """A DID document is served as JSON, readable from any origin, over TLS."""
    for asked in publisher.of("did"):
        exchange = publisher.exchange("did", asked.step)
        answer = exchange.answer
        if answer is None or answer.status != OK:
            yield publisher.finds(
                exchange, "there is no DID document", expected="200", hint="Serve it where its method says."
            )
            continue
        log = exchange.request.url.endswith(".jsonl")
        media = answer.media_type
        if not (JSON.match(media) or (log and media in JSON_LINES)):
            yield publisher.finds(
                exchange, "the DID document has another media type than JSON",
                expected="text/jsonl" if log else "application/did+json or application/json",
                actual=answer.header("content-type") or "no Content-Type", hint="Send the media type of the document.",
            )  # fmt: skip
        if answer.header("access-control-allow-origin") not in (
            "*",
            dict(exchange.request.headers).get("origin"),
        ):
            yield publisher.finds(
                exchange, "the DID document cannot be read from another origin",
                expected="Access-Control-Allow-Origin: *",
                actual=answer.header("access-control-allow-origin") or "no such header",
                hint="Send Access-Control-Allow-Origin: * with DID documents.",
            )  # fmt: skip


@case("VCP-STAT-15", when=lambda publisher: publisher.of("status"))
def lists_are_current_and_cached_no_longer_than_they_say(publisher: PublisherUnderTest) -> Findings:
    """A served list is within its validity, and caches keep it no longer than its ttl."""
    for item in publisher.credentials:
        for check in publisher.security(item).statuses:
            listed = check.list_credential
            exchange = publisher.exchange("status", check.entry.list_url or "")
            if listed is None or exchange.answer is None:
                raise AbsentError(
                    f"{exchange.request.url} gives no status list", hint="Serve the list there."
                )
            early = listed.valid_from is not None and listed.valid_from > publisher.at
            late = listed.valid_until is not None and listed.valid_until < publisher.at
            if early or late:
                yield publisher.finds(
                    exchange, "the list is not within its validity period", expected=publisher.at.isoformat(),
                    actual=f"{listed.valid_from} to {listed.valid_until}", hint="Issue the list anew before it ends.",
                )  # fmt: skip
            age = _max_age(exchange.answer)
            if age is not None and listed.ttl is not None and age * MILLISECONDS > listed.ttl:
                yield publisher.finds(
                    exchange, "caches keep the list longer than its ttl",
                    expected=f"max-age of {listed.ttl // MILLISECONDS} seconds at most", actual=f"{age} seconds",
                    hint="ttl is in milliseconds, max-age in seconds: bring them in line.",
                )  # fmt: skip


def _max_age(answer: Answer) -> int | None:
    found = _MAX_AGE.search(answer.header("cache-control") or "")
    return int(found[1]) if found else None


@case("VCP-CTX-07", when=lambda publisher: publisher.of("contexts"))
def contexts_are_served_with_their_version(publisher: PublisherUnderTest) -> Findings:
    """A context stands at a URL with its version and is served as JSON."""
    for asked in publisher.of("contexts"):
        exchange = publisher.exchange("contexts", asked.step)
        answer = exchange.answer
        if not _has_version(exchange):
            yield publisher.finds(
                exchange, "the URL of the context has no version", expected="a version in the URL, as /1.0.0/",
                actual=exchange.request.url, hint="Publish each version at a URL of its own.",
            )  # fmt: skip
        if answer is None or not _is_context(answer) or not JSON.match(answer.media_type):
            yield publisher.finds(
                exchange, "the context cannot be loaded", expected="a JSON object with @context, as application/ld+json",
                hint="Serve the context as application/ld+json (JSON-LD 1.1, remote documents).",
            )  # fmt: skip


def _again(publisher: PublisherUnderTest) -> list[Exchange]:
    """The second question for each context that the first one brought."""
    return [
        exchange
        for exchange in publisher.of("contexts-again")
        if (first := publisher.find("contexts", exchange.step)) is not None and _is_context(first.answer)
    ]


def _is_context(answer: Answer | None) -> bool:
    root = json_of(answer) if answer is not None and answer.status == OK else None
    return root is not None and root["@context"] is not None


@case("VCP-CTX-07b", requirement="VCP-CTX-07", when=_again)
def contexts_stay_what_they_are(publisher: PublisherUnderTest) -> Findings:
    """Who asks for a context a second time, past every cache, is given the same bytes."""
    for asked in _again(publisher):
        first = publisher.answer("contexts", asked.step)
        again = publisher.answer("contexts-again", asked.step)
        if again.status != OK:
            raise AbsentError(
                f"{asked.request.url} answers {again.status} the second time",
                hint="Run the same command again.",
            )
        if again.sha256 != first.sha256:
            yield publisher.finds(
                asked, "the context is another one than a moment before", expected=f"sha256 {first.sha256}",
                actual=f"sha256 {again.sha256}",
                hint="A context is part of what is signed: freeze its bytes, and give a change a new version and URL.",
            )  # fmt: skip


def _own_schemas(publisher: PublisherUnderTest) -> list[Exchange]:
    """The schemas but those of others, at hosts that vendor.toml does not name."""
    return [exchange for exchange in publisher.of("schemas") if exchange.trouble is not Trouble.NOT_ALLOWED]


@case("VCP-SCH-05", when=_own_schemas)
def schemas_are_served_with_their_version(publisher: PublisherUnderTest) -> Findings:
    """A schema that a credential names, or that the vendor publishes, is there and its URL has a version."""
    for asked in _own_schemas(publisher):
        exchange = publisher.exchange("schemas", asked.step)
        found = exchange.answer is not None and exchange.answer.status == OK
        if not found or not _has_version(exchange):
            yield publisher.finds(
                exchange, "the schema is not there" if not found else "the URL of the schema has no version",
                expected="200, at a URL with a version", hint="Publish each version of the schema at a URL of its own.",
            )  # fmt: skip


@case("VCP-PUB-03", when=lambda publisher: publisher.of("presentations"))
def presentations_hold_secured_credentials(publisher: PublisherUnderTest) -> Findings:
    """Each credential in a presentation is secured: enveloped, or with a proof where the presentation has one."""
    for asked in publisher.of("presentations"):
        exchange = publisher.exchange("presentations", asked.step)
        answer = exchange.answer
        if answer is None or answer.status != OK:
            raise AbsentError(
                f"{exchange.request.url} gives no presentation",
                hint="Name addresses of presentations that answer.",
            )
        presentation, signed = _presentation(answer)
        if presentation is None:
            yield publisher.finds(
                exchange, "there is no presentation", expected="a VerifiablePresentation, signed or with a proof",
                hint="Sign the presentation as VC-JOSE-COSE, section 3.1.2, says.",
            )  # fmt: skip
            continue
        found = presentation.get("verifiableCredential", [])
        for one in found if isinstance(found, list) else [found]:
            if not _is_enveloped(one) and (signed or not (isinstance(one, dict) and one.get("proof"))):
                yield publisher.finds(
                    exchange, "a credential in the presentation is not secured",
                    expected="EnvelopedVerifiableCredential with a data: URL as id",
                    actual=str(one.get("type") if isinstance(one, dict) else one)[:100],
                    hint="Envelope each credential: data:application/vc+jwt,… (VC-JOSE-COSE, section 3.1.2).",
                )  # fmt: skip


def _presentation(answer: Answer) -> tuple[dict[str, object] | None, bool]:
    """The presentation in an answer, and whether a JWS secures it."""
    token = answer.body.decode("utf-8", "replace").strip()
    root = json_of(answer)
    try:
        value = root.value if root is not None else dict(read_compact(token).claims)
    except TrustError:
        return None, False
    kinds = value.get("type") if isinstance(value, dict) else None
    named = kinds if isinstance(kinds, list) else [kinds]
    return (value, root is None) if "VerifiablePresentation" in named else (None, False)


def _is_enveloped(value: object) -> bool:
    kinds = value.get("type") if isinstance(value, dict) else None
    named = kinds if isinstance(kinds, list) else [kinds]
    return (
        "EnvelopedVerifiableCredential" in named
        and isinstance(value, dict)
        and str(value.get("id")).startswith("data:")
    )
