"""vendor.toml -> Vendor: who is tested, what is claimed and where it is found. Secrets come from the environment only."""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from harness.catalogue import validator
from harness.data_files import line_of, position
from harness.errors import VendorFileError, Where
from harness.vendor_mistakes import require_known, told

SECRET = "env:"
"""A header or variable `env:NAME` is taken from the environment variable NAME."""

LIVE: Mapping[str, frozenset[str]] = {
    "issuer": frozenset({"issuer"}),
    "verifier": frozenset({"verifier"}),
    "resolver": frozenset({"resolver"}),
    "publisher": frozenset({"publisher"}),
    "registrar": frozenset({"registrar"}),
    "vocabulary": frozenset({"vocabulary"}),
    "access_control": frozenset({"publisher", "resolver", "verifier"}),
}
"""The tables of live endpoints, and the roles of the scope that each can show. A table is a suite of its own."""

_ENTRY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?")
_VARIABLE = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True)
class BundleFolder:
    """Credentials that the product has issued, and the folder that answers what they refer to."""

    path: Path
    web: Path | None = None


@dataclass(frozen=True)
class Endpoint:
    """One live endpoint: its table (`role`), its name in record and recording (`verifier[0]`), and its row.

    The row follows test_cases/schemas/vendor.schema.json; secrets in it still read `env:NAME`.
    """

    role: str
    name: str
    row: Mapping[str, Any]
    where: Where = field(default_factory=Where)

    @property
    def adapter(self) -> str:
        """vc-api, http or command; http for roles that are asked without an adapter."""
        return str(self.row.get("adapter", "http"))

    @property
    def url(self) -> str:
        """Where it is: the endpoint, the base, `command:PROGRAM`, or the first URL that its row names."""
        if "argv" in self.row and self.adapter == "command":
            return f"command:{Path(self.row['argv'][0]).name}"
        return str(self.row.get("endpoint") or self.row.get("base") or next(iter(self.urls), ""))

    @property
    def shown(self) -> str:
        """How a record names it: by what vendor.toml says alone, its manifest or its URL."""
        return str(self.row.get("manifest") or self.url)

    @property
    def urls(self) -> tuple[str, ...]:
        """Every URL that the row names, wherever in it: its hosts may be asked."""
        return tuple(_urls(self.row))

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Header fields for each request to it, names in lower case, secrets as `env:NAME`."""
        return tuple((name.lower(), str(value)) for name, value in self.row.get("headers", {}).items())

    @property
    def variables(self) -> Mapping[str, Any]:
        """What templates may use beside the harness's own names."""
        return dict(self.row.get("variables", {}))


@dataclass(frozen=True)
class Network:
    """`[network]`: what may be reached beside the endpoints' own hosts, how long, and a further authority."""

    allow: tuple[str, ...] = ()
    timeout_seconds: float = 10.0
    ca: Path | None = None


@dataclass(frozen=True)
class HarnessSide:
    """`[harness]`: where the harness listens, and the base URL under which the endpoints reach it."""

    public_base: str | None = None
    listen: str = "127.0.0.1:0"
    authority: Path = Path("untp-crm-authority.pem")
    """Where the certificate stands that the product has to trust, and its key beside it."""


@dataclass(frozen=True)
class Vendor:
    """The implementation under test, as its vendor.toml describes it."""

    vendor: Mapping[str, Any]
    product: Mapping[str, Any]
    profile: str
    components: tuple[str, ...]
    roles: tuple[str, ...]
    bundles: tuple[BundleFolder, ...] = ()
    endpoints: Mapping[str, tuple[Endpoint, ...]] = field(default_factory=dict)
    network: Network = field(default_factory=Network)
    harness: HarnessSide = field(default_factory=HarnessSide)
    folder: Path = Path()
    anchors: Path | None = None
    """The file of the parties and registers that are trusted."""
    expected: Path | None = None
    """The file of failures that the vendor knows of."""

    @property
    def live(self) -> tuple[Endpoint, ...]:
        """Every endpoint, in the order of the tables in LIVE, then of the file."""
        return tuple(endpoint for role in LIVE for endpoint in self.endpoints.get(role, ()))


def load_vendor(path: Path) -> Vendor:
    """Read and check a vendor.toml. Raises VendorFileError with the place and a suggestion."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise VendorFileError(f"cannot be read: {error.strerror or error}", where=str(path)) from None
    except UnicodeDecodeError:
        raise VendorFileError("is not UTF-8 text", where=str(path)) from None
    data = vendor_data(text, str(path))
    require_known(data, text, str(path))
    _require_claimed(data, text, str(path))
    folder = path.parent
    network, side = data.get("network", {}), data.get("harness", {})
    vendor = Vendor(
        vendor=data["vendor"],
        product=data["product"],
        profile=data["scope"]["profile"],
        components=tuple(data["scope"]["components"]),
        roles=tuple(data["scope"]["roles"]),
        bundles=tuple(_bundle(folder, row, path) for row in data.get("bundle", ())),
        endpoints=endpoints_in(data, text, str(path)),
        network=Network(
            tuple(network.get("allow", ())),
            float(network.get("timeout_seconds", 10.0)),
            folder / network["ca"] if "ca" in network else None,
        ),
        harness=HarnessSide(
            side.get("public_base"),
            side.get("listen", "127.0.0.1:0"),
            folder / side.get("authority", "untp-crm-authority.pem"),
        ),
        folder=folder,
        anchors=folder / data["trust"]["anchors"] if "trust" in data else None,
        expected=_expected(folder, data),
    )
    if vendor.network.ca is not None and not vendor.network.ca.is_file():
        where = Where(str(path), None, line_of(text, ("network", "ca")))
        message = f"the file {network['ca']!r} of network.ca does not exist"
        raise VendorFileError(message, where=where, hint="Paths are relative to vendor.toml.")
    for endpoint in vendor.live:
        _require_allowed(endpoint, vendor.network)
    return vendor


EXPECTED = "expected-failures.toml"
"""The file of known failures, where it stands beside vendor.toml without being named."""


def _expected(folder: Path, data: Mapping[str, Any]) -> Path | None:
    if "expected" in data:
        return folder / str(data["expected"]["failures"])
    return folder / EXPECTED if (folder / EXPECTED).is_file() else None


def vendor_data(text: str, name: str) -> dict[str, Any]:
    """The tables of a vendor.toml that follows its schema; bundles need not exist. Raises VendorFileError."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line, column = position(str(error))
        raise VendorFileError(
            f"is not TOML: {error}", where=Where(name, None, line, column),
            hint='A table is [name] or [[name]], a value name = "text".',
        ) from None  # fmt: skip
    for problem in validator("vendor").iter_errors(data):
        raise told(problem, text, name)
    for number, entry in enumerate(data.get("network", {}).get("allow", ())):
        found = _ENTRY.fullmatch(entry)
        if found is None or int(found["port"] or 0) > 65_535:  # noqa: PLR2004 - the largest port there is
            host = urlsplit(entry).netloc if "://" in entry else ""
            raise VendorFileError(
                f"{entry!r} in network.allow[{number}] is no host or host:port",
                where=Where(name, None, line_of(text, ("network", "allow"))),
                hint=f"Write {host!r}." if host else 'Write "api.example.com" or "127.0.0.1:8443".',
            )
    return data


def _require_claimed(data: Mapping[str, Any], text: str, name: str) -> None:
    """Raise VendorFileError for an endpoint of a role that the scope does not claim."""
    for role, shown in LIVE.items():
        if data.get(role) and shown.isdisjoint(data["scope"]["roles"]):
            needed = " or ".join(sorted(shown))
            raise VendorFileError(
                f"[[{role}]] is an endpoint of the role {needed}, which scope.roles does not claim",
                where=Where(name, None, line_of(text, (role, 0))),
                hint=f"Add {min(shown)!r} to roles in [scope], or take the table out: it would count for nothing.",
            )


def endpoints_in(
    data: Mapping[str, Any], text: str = "", name: str = "vendor.toml"
) -> dict[str, tuple[Endpoint, ...]]:
    """The live endpoints of the tables of a vendor.toml, by table, named as record and recording name them."""
    return {
        role: tuple(
            Endpoint(role, f"{role}[{number}]", row, Where(name, None, line_of(text, (role, number))))
            for number, row in enumerate(data[role])
        )
        for role in LIVE
        if data.get(role)
    }


def _bundle(folder: Path, row: Mapping[str, str], path: Path) -> BundleFolder:
    bundle = folder / row["path"]
    if not bundle.exists():
        raise VendorFileError(
            f"the bundle {row['path']!r} does not exist",
            where=str(path),
            hint="Make it and put the credentials there, or name where they are; paths are relative to vendor.toml.",
        )
    return BundleFolder(bundle, folder / row["web"] if "web" in row else None)


def secret(value: str, name: str) -> str:
    """A header value with its secret filled in. Raises VendorFileError where the variable is not set or is empty."""
    if not value.startswith(SECRET):
        return value
    variable = value.removeprefix(SECRET)
    found = os.environ.get(variable)
    if not found:
        what = "is empty" if found == "" else "is not set"
        raise VendorFileError(
            f"{name} needs the environment variable {variable}, which {what}", hint=f"export {variable}=…"
        )
    return found


def secret_names(endpoints: Iterable[Endpoint]) -> dict[str, str]:
    """The environment variables that headers and variables of endpoints name, each with the place that needs it."""
    found: dict[str, str] = {}
    for endpoint in endpoints:
        for place, value in _texts(endpoint.row, endpoint.name):
            match = _VARIABLE.fullmatch(value)
            if match is not None:
                found.setdefault(match[1], place)
    return found


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(inner, f"{place}.{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{place}[{number}]")
    elif isinstance(value, str):
        yield place, value


def _urls(row: Mapping[str, Any]) -> Iterator[str]:
    for _, value in _texts(row, ""):
        if value.lower().startswith(("http://", "https://")):
            yield value


def is_private(host: str) -> bool:
    """Whether a host as it is written stands for this machine or its network: a loopback name or private address."""
    bare = host.strip("[]").rstrip(".").lower()
    if bare == "localhost" or bare.endswith((".localhost", ".local")):
        return True
    try:
        return not ipaddress.ip_address(bare).is_global
    except ValueError:
        return False


def allowed_by_name(host: str, port: int, allow: Iterable[str]) -> bool:
    """Whether `[network] allow` names a host, with this port or with none."""
    wanted = host.strip("[]").rstrip(".").lower()
    for entry in allow:
        match = _ENTRY.fullmatch(entry)
        if match is None:
            continue
        named = match["host"].strip("[]").rstrip(".").lower()
        if named == wanted and (match["port"] is None or int(match["port"]) == port):
            return True
    return False


def host_and_port(url: str) -> tuple[str, int]:
    """Host and port of an http or https URL; an empty host where it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "", 0
    return parts.hostname or "", port or (443 if parts.scheme == "https" else 80)


def _require_allowed(endpoint: Endpoint, network: Network) -> None:
    """Raise VendorFileError for an endpoint on a private address that [network] allow does not name."""
    for url in endpoint.urls:
        host, port = host_and_port(url)
        if host and is_private(host) and not allowed_by_name(host, port, network.allow):
            raise VendorFileError(
                f"{endpoint.name} is at {host}:{port}, a private address that network.allow does not name",
                where=endpoint.where,
                why="A vendor file of a stranger must not make the harness ask machines of its own network.",
                hint=f'Add "{host}:{port}" to allow in [network] if that is what you mean.',
            )
