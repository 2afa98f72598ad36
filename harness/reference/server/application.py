"""All roles behind one address."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from harness.reference.server.access_control import AccessControl
from harness.reference.server.answers import problem
from harness.reference.server.catalogues import Catalogues
from harness.reference.server.estate import Estate
from harness.reference.server.faults import Switchboard
from harness.reference.server.hosting import Hosted, hosting
from harness.reference.server.issuer import Issuer
from harness.reference.server.possessions import Possessions
from harness.reference.server.publisher import Publisher
from harness.reference.server.resolver import Resolver
from harness.reference.server.vault import Vault
from harness.reference.server.vendor_file import vendor_toml
from harness.reference.server.verifier import Verifier
from harness.reference.server.web import Authorities, MachineWeb

AGAIN = "verifier-asks-again-and-again"
"""The fault by which the verifier ignores the lifetime of what it has fetched."""


@dataclass(frozen=True)
class LiveVendor:
    """The running reference vendor: where it answers, what it owns, and the switchboard of its faults."""

    hosted: Hosted
    estate: Estate
    catalogues: Catalogues

    @property
    def base(self) -> str:
        """Its address, such as https://localhost:8443."""
        return self.hosted.base

    @property
    def faults(self) -> Switchboard:
        """The switchboard."""
        return self.estate.faults

    def vendor_toml(self, *, place: str) -> str:
        """The vendor.toml that claims every role of it; what a fault does to codes and addresses is in it."""
        return vendor_toml(self.estate, self.catalogues, place=place)


@contextlib.contextmanager
def live_vendor(
    *, port: int = 0, faults: Iterable[str] = (), authorities: Iterable[Path] = ()
) -> Iterator[LiveVendor]:
    """Start the reference vendor on loopback and stop it again; `authorities` are PEM files that its verifier trusts.

    Raises UsageError for an unknown fault and for a port that is taken.
    """
    switchboard = Switchboard()
    switchboard.turn_on(faults)
    made: list[tuple[Estate, Catalogues]] = []
    own: list[str] = []
    web = MachineWeb(Authorities(tuple(authorities), lambda: own), lambda: switchboard.has(AGAIN))

    def make(base: str) -> Starlette:
        estate = Estate(base, switchboard)
        catalogues = catalogues_of(estate)
        made.append((estate, catalogues))
        return application(catalogues, web)

    with contextlib.closing(web), hosting(make, port=port) as hosted:
        own.append(hosted.authority.decode())
        yield LiveVendor(hosted, *made[0])


def catalogues_of(estate: Estate) -> Catalogues:
    """Everything that is published of an estate."""
    possessions = Possessions(estate, Vault(estate))
    return Catalogues(estate, possessions, Resolver(estate, possessions))


def application(catalogues: Catalogues, web: MachineWeb) -> Starlette:
    """The application of every role."""
    estate = catalogues.estate
    roles = (
        Issuer(estate, web), Verifier(estate, web), Publisher(estate, catalogues), catalogues.resolver,
        AccessControl(estate, catalogues.possessions.vault),
    )  # fmt: skip
    routes = [route for role in roles for route in role.routes()]
    return Starlette(routes=routes, exception_handlers={404: _unknown, 405: _wrong_method, 500: _broken})


async def _unknown(_request: Request, _error: Exception) -> Response:
    return problem(404, "Not found", "Nothing answers here.")


async def _wrong_method(_request: Request, _error: Exception) -> Response:
    return problem(405, "Method not allowed", "This endpoint takes another method.")


async def _broken(_request: Request, error: Exception) -> Response:
    return problem(500, "Internal Server Error", type(error).__name__)
