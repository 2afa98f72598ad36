"""The recorded way to live endpoints: every question and its answer kept, secrets taken out, silence explained.

An endpoint that fell silent is not asked on and on: after a few questions without an answer in a row, the rest
is told as not asked, so that a dead or hanging endpoint costs bounded time and the other suites still run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from harness.evidence import Absence, Evidence
from harness.exchange import Answer, Exchange, Recording, Request, Trouble
from harness.gather.network import Policy, StoppedError
from harness.gather.processes import COMMAND, Programs
from harness.gather.secrets import Secrets
from harness.gather.wire import Wire
from harness.vendor import SECRET, Endpoint, Vendor, host_and_port

PATIENCE = 3
"""After so many questions in a row without an answer, a host is not asked again for the same endpoint."""
_SILENT = frozenset(
    {Trouble.REFUSED, Trouble.UNRESOLVED, Trouble.TIMEOUT, Trouble.TLS, Trouble.PROTOCOL, Trouble.TOO_LARGE}
)
REDIRECTS = 5
"""Most redirects on the way to something that a credential refers to."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class RecordedLine:
    """A `Line`: over HTTP, or to the programs of the command adapter. Close it, or use it in a `with`."""

    wire: Wire
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    secrets: Secrets = field(default_factory=Secrets)
    programs: Programs = field(default_factory=Programs)
    before: Recording = field(default_factory=Recording)
    """What an earlier run that stopped has recorded: a question that is the same and was answered is not asked again."""
    keep: Callable[[Exchange], None] = field(default=lambda _exchange: None)
    clock: Callable[[], datetime] = _now
    exchanges: list[Exchange] = field(default_factory=list)
    taken_up: int = 0
    _silent: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def of(
        cls,
        vendor: Vendor,
        *,
        before: Recording | None = None,
        keep: Callable[[Exchange], None] | None = None,
    ) -> Self:
        """The line of a vendor.toml. Raises VendorFileError for a missing secret or an authority that cannot be read."""
        line = cls(
            Wire.of(Policy.of(vendor), vendor.network), {endpoint.name: endpoint for endpoint in vendor.live},
            Secrets.of(vendor.live), Programs(vendor.folder, vendor.network.timeout_seconds),
        )  # fmt: skip
        line.before = before or Recording()
        if keep is not None:
            line.keep = keep
        return line

    @property
    def recording(self) -> Recording:
        """All that was said so far."""
        return Recording(tuple(self.exchanges))

    def ask(
        self, request: Request, *, role: str, endpoint: str, probe: str, step: str = "",
        about: Mapping[str, str] | None = None, redirects: int = 0,
    ) -> Exchange:  # fmt: skip
        """Send one request and keep what came back; at most so many redirects are followed. Never raises for a peer."""
        earlier = self.before.find(role, endpoint, probe, step)
        if earlier is not None and earlier.answer is not None and earlier.request == request:
            exchange = Exchange(
                role, endpoint, probe, step, request, earlier.answer, None, "", earlier.at, dict(about or {})
            )
            self.taken_up += 1
        else:
            exchange = self._asked(request, (role, endpoint, probe, step), dict(about or {}), redirects)
        self.exchanges.append(exchange)
        self.keep(exchange)
        return exchange

    def note(self, exchange: Exchange) -> Exchange:
        """Keep something that no endpoint was asked for, such as what stood on the harness's own side."""
        self.exchanges.append(exchange)
        self.keep(exchange)
        return exchange

    def _asked(
        self, request: Request, key: tuple[str, str, str, str], about: dict[str, str], redirects: int
    ) -> Exchange:
        at = self.clock().strftime("%Y-%m-%dT%H:%M:%SZ")
        peer = (key[1], str(host_and_port(request.url)))
        if self._silent[peer] >= PATIENCE:
            reason = f"not asked, since the last {PATIENCE} questions to the same place had no answer"
            return Exchange(*key, request, None, Trouble.INTERRUPTED, reason, at, about)
        try:
            answer = self._answered(request, key[1], redirects)
        except StoppedError as stopped:
            self._silent[peer] = self._silent[peer] + 1 if stopped.trouble in _SILENT else 0
            reason = self.secrets.removed_text(stopped.reason)
            return Exchange(*key, request, None, stopped.trouble, reason, at, about)
        self._silent[peer] = 0
        return Exchange(*key, request, self.secrets.removed_answer(answer), None, "", at, about)

    def _answered(self, request: Request, name: str, redirects: int) -> Answer:
        endpoint = self.endpoints.get(name)
        if request.method == COMMAND:
            if endpoint is None or "argv" not in endpoint.row:
                raise StoppedError(Trouble.NOT_ALLOWED, f"vendor.toml names no program for {name}")
            return self.programs.answer(endpoint, self.secrets.fill(request).body)
        own = endpoint is not None and host_and_port(request.url) in {
            host_and_port(url) for url in endpoint.urls
        }
        secret = frozenset(key for key, value in request.headers if SECRET in value)
        if own:
            return self.wire.send(self.secrets.fill(request), redirects=redirects, secret=secret)
        headers = tuple(pair for pair in request.headers if pair[0] not in secret)
        return self.wire.send(
            Request(request.method, request.url, headers, request.body), redirects=redirects
        )

    def close(self) -> None:
        """End the programs that were started."""
        self.programs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True)
class LineWeb:
    """Answers what issued credentials refer to, from the hosts that vendor.toml names: a `Source` of the closure."""

    wire: Wire
    secrets: Secrets = field(default_factory=Secrets)

    def fetch(self, url: str) -> Evidence | Absence:
        """The bytes behind a URL, or an absence with its reason: the line's fault, or the vendor's where it said 404."""
        request = Request("GET", url, (("accept", ACCEPT),))
        try:
            answer = self.secrets.removed_answer(self.wire.send(request, redirects=REDIRECTS))
        except StoppedError as stopped:
            return Absence(url, self.secrets.removed_text(stopped.reason))
        if answer.status != 200:  # noqa: PLR2004 - RFC 9110: the one that brings what was asked for
            fault = "vendor" if answer.status in (404, 410) else "line"
            return Absence(url, f"{host_and_port(url)[0]} answers {answer.status}", fault)
        return Evidence(url, answer.body, answer.media_type or "application/octet-stream", "online")


ACCEPT = (
    "application/vc+jwt, application/vc, application/did+json, application/did, application/ld+json, "
    "application/json;q=0.9, */*;q=0.1"
)
