"""What a case of a live role sees: one endpoint and all that was said to it; and how such cases are run.

A subject is built from a recording alone, so that the same exchanges are judged again without the endpoint.
A role that needs more than `EndpointUnderTest` has a class of its own: the attribute SUBJECT of the module
harness/judge/<table>.py, where <table> is issuer, verifier, resolver, publisher, registrar, vocabulary or
access_control, as in vendor.toml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from harness.catalogue import Profile
from harness.credential import Document, Node, parse
from harness.errors import AbsentError, HarnessError, LineError
from harness.exchange import Answer, Exchange, Headers, Recording, Trouble
from harness.judge.excerpt import with_source
from harness.model import Finding

SMOKE = "smoke"
"""The probe that comes first at each endpoint: whether it can be spoken to at all."""
CUT_SHORT = "cut-short"
"""The probe that stands for all that was not asked, where the run was interrupted before the end of a dialogue."""
UNUSABLE = "unusable"
"""Member of a smoke exchange's `about`: the statuses, separated by blanks, that mean that the endpoint is not set up."""

ABSENT = frozenset({Trouble.UNRESOLVED, Trouble.REFUSED, Trouble.INTERRUPTED})
"""Troubles that mean that there was nobody to ask: the case is not run. All others are errors of the line."""

_HINTS: Mapping[Trouble, str] = {
    Trouble.NOT_ALLOWED: "Name the host in allow of [network] if it may be asked.",
    Trouble.UNRESOLVED: "Check the host name in vendor.toml.",
    Trouble.REFUSED: "Start the endpoint, check host and port, and run the same command again.",
    Trouble.TLS: "Give the certificate of its authority as ca in [network].",
    Trouble.TIMEOUT: "Let it answer faster, or raise timeout_seconds in [network].",
    Trouble.TOO_LARGE: "An answer is bounded; nothing in this protocol needs so much.",
    Trouble.REDIRECTS: "Name the address that it redirects to instead.",
    Trouble.PROTOCOL: "What came is no answer of its protocol; the recording holds what was asked.",
    Trouble.INTERRUPTED: "Run the same command again: it takes up where this run stopped.",
}
_SHOWN = 300
_HEADERS = 16
_UNTOLD = frozenset({"set-cookie", "cookie", "date", "server", "connection", "content-length", "user-agent"})


def trouble_of(exchange: Exchange) -> HarnessError | None:
    """Why an exchange cannot be judged: AbsentError (not run) or LineError (error) that names the URL; None where it was answered.

    A status of 5xx is an answer: what it means is for the case to say.
    """
    if exchange.answer is not None:
        return None
    trouble = exchange.trouble or Trouble.INTERRUPTED
    message = f"{exchange.request.method} {exchange.request.url}: {exchange.reason or trouble}"
    kind = AbsentError if trouble in ABSENT else LineError
    return kind(message, hint=_HINTS[trouble])


@dataclass(frozen=True)
class EndpointUnderTest:
    """One endpoint of a vendor: what was asked and what it answered, the profile that it is judged by, and the clock.

    `role` is the table of vendor.toml, `endpoint` its name in the recording (`verifier[0]`).
    """

    role: str
    endpoint: str
    recording: Recording
    profile: Profile
    at: datetime

    @property
    def name(self) -> str:
        """The name that it has in the record."""
        return self.endpoint

    @property
    def version(self) -> str:
        """The UNTP version whose data model it is tested with."""
        return self.profile.model or self.profile.version

    @cached_property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All that was said to it, in the order of the run."""
        return tuple(self.recording.of(self.role, self.endpoint))

    @cached_property
    def probes(self) -> tuple[str, ...]:
        """The probes that were made, in the order of the run, without the smoke test."""
        return tuple(dict.fromkeys(e.probe for e in self.exchanges if e.probe not in (SMOKE, CUT_SHORT)))

    def of(self, probe: str) -> tuple[Exchange, ...]:
        """The exchanges of one probe, answered or not, in the order of the run."""
        return tuple(self.recording.of(self.role, self.endpoint, probe))

    def find(self, probe: str, step: str = "") -> Exchange | None:
        """One exchange, answered or not; None where it was never made."""
        return self.recording.find(self.role, self.endpoint, probe, step)

    def exchange(self, probe: str, step: str = "") -> Exchange:
        """One exchange that was answered.

        Raises AbsentError where it was never made or nobody was there, LineError where the line failed.
        """
        found = self.find(probe, step)
        if found is None:
            named = f"{probe}/{step}" if step else probe
            raise AbsentError(
                f"{self.endpoint}: {named} was not asked",
                hint="Run the same command again; it takes up what is open.",
            )
        trouble = trouble_of(found)
        if trouble is not None:
            raise trouble
        return found

    def answer(self, probe: str, step: str = "") -> Answer:
        """The answer of an exchange; raises as `exchange` does."""
        answer = self.exchange(probe, step).answer
        assert answer is not None
        return answer

    def unusable(self) -> HarnessError | None:
        """Why nothing that it says can be judged: the smoke test was not made, had no answer, or shows a wrong set-up."""
        found = self.find(SMOKE) or next(iter(self.of(SMOKE)), None)
        if found is None:
            return AbsentError(
                f"{self.endpoint} was not asked: the run ended before", hint=_HINTS[Trouble.INTERRUPTED]
            )
        if found.answer is not None and str(found.answer.status) in found.about.get(UNUSABLE, "").split():
            return LineError(
                f"{found.request.method} {found.request.url} answers {found.answer.status} to the smoke test",
                hint="Check path, method and headers of the endpoint in vendor.toml.",
            )
        return trouble_of(found)

    def finds(
        self, exchange: Exchange, message: str, *, pointer: str | None = None, expected: str | None = None,
        actual: str | None = None, hint: str | None = None,
    ) -> Finding:  # fmt: skip
        """A finding about one exchange: it names method, URL and status, and holds question and answer as its trace.

        `pointer` is the place in the JSON body of the answer, whose lines are shown.
        """
        finding = Finding(
            f"{said_to(exchange)}: {message}", pointer, expected=expected, actual=actual, hint=hint,
            step="answer", trace=tuple(_trace(exchange)),
        )  # fmt: skip
        document = body_of(exchange.answer) if pointer is not None and exchange.answer is not None else None
        if document is None:
            return finding
        placed = document.finding(pointer or "", finding.message, expected=expected, actual=actual, hint=hint)
        return with_source(
            Finding(
                finding.message, pointer, placed.line, placed.column, expected,
                actual if actual is not None else document.shown(pointer or ""), hint,
                step="answer", trace=finding.trace,
            ),
            document,
        )  # fmt: skip

    def excerpted(self, finding: Finding) -> Finding:
        """The finding itself: one that `finds` made has its excerpt already."""
        return finding


def said_to(exchange: Exchange) -> str:
    """An exchange in one line: `POST https://… → 400 (issue/wrong-type)`."""
    answer = exchange.answer
    status = str(answer.status) if answer is not None else str(exchange.trouble or "no answer")
    named = f"{exchange.probe}/{exchange.step}" if exchange.step else exchange.probe
    return f"{exchange.request.method} {exchange.request.url} → {status} ({named})"


def body_of(answer: Answer) -> Document | None:
    """The JSON body of an answer with its places; None where it is no JSON."""
    parsed = parse(answer.body)
    return Document(parsed.value, parsed.source) if parsed.valid else None


def json_of(answer: Answer) -> Node | None:
    """The root of the JSON body of an answer; None where it is no JSON."""
    document = body_of(answer)
    return document.root if document is not None else None


def _trace(exchange: Exchange) -> Iterator[dict[str, str]]:
    import hashlib  # noqa: PLC0415 - only findings need it

    request, answer = exchange.request, exchange.answer
    yield {
        "name": "question",
        "text": f"{request.method} {request.url}\n{_head(request.headers)}\n{_shown(request.body)}".rstrip(),
        "sha256": hashlib.sha256(request.body).hexdigest(), "clause": "",
    }  # fmt: skip
    if answer is not None:
        media = answer.header("content-type") or "no media type"
        yield {
            "name": "answer",
            "text": f"{answer.status} {media}\n{_head(answer.headers)}\n{_shown(answer.body)}".rstrip(),
            "sha256": answer.sha256, "clause": "",
        }  # fmt: skip


def _head(headers: Headers) -> str:
    """The headers as a finding shows them: bounded, without those that say nothing of the protocol or are not ours to show."""
    told = [f"{name}: {value[:_SHOWN]}\n" for name, value in headers if name not in _UNTOLD]
    return "".join(told[:_HEADERS])


def _shown(body: bytes) -> str:
    text = body[: 4 * _SHOWN].decode("utf-8", "backslashreplace")
    return text if len(text) <= _SHOWN and len(body) <= 4 * _SHOWN else f"{text[:_SHOWN]}…"
