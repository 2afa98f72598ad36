"""`--online`: the open web as a source. HTTPS and HTTP to public addresses; a private one only where it is allowed by name.

The same pinned network as for live endpoints: bounded time, size and redirects, no proxy of the environment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.evidence import Absence, Evidence
from harness.gather.line import LineWeb
from harness.gather.network import Policy
from harness.gather.wire import Wire


@dataclass(frozen=True)
class OpenPolicy(Policy):
    """Every host may be asked; its addresses have to be public unless `allow` names it."""

    def require(self, host: str, port: int) -> None:
        """Nothing: no file names the hosts of strangers' credentials."""


@dataclass
class Online:
    """Answers URLs from the network, each process over a wire of its own.

    `allow` names hosts, as host:port, whose private addresses may be asked; `authority` is a file of
    certificates in PEM form that are trusted beside those of the system.
    """

    allow: tuple[str, ...] = ()
    authority: Path | None = None
    _web: LineWeb | None = field(default=None, repr=False, compare=False)

    def fetch(self, url: str) -> Evidence | Absence:
        """The bytes behind a URL, or an absence with its reason."""
        if self._web is None:
            self._web = LineWeb(Wire(OpenPolicy(allow=self.allow), authority=self.authority))
        return self._web.fetch(url)

    def __getstate__(self) -> dict[str, Any]:
        return {"allow": self.allow, "authority": self.authority, "_web": None}
