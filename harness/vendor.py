"""vendor.toml -> Vendor: who is tested, what is claimed and where it is found. Secrets come from the environment only."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jsonschema.exceptions import ValidationError

from harness.catalogue import validator
from harness.errors import VendorFileError, Where

SECRET = "env:"
"""A header value `env:NAME` is taken from the environment variable NAME."""


LIVE = ("issuer", "verifier", "resolver", "publisher", "registrar", "vocabulary", "access_control")
"""The tables of endpoints, named after the suite that speaks to them."""


@dataclass(frozen=True)
class BundleFolder:
    """Credentials that the product has issued, and the folder that answers what they refer to."""

    path: Path
    web: Path | None = None


@dataclass(frozen=True)
class Vendor:
    """The implementation under test, as its vendor.toml describes it."""

    vendor: Mapping[str, Any]
    product: Mapping[str, Any]
    profile: str
    components: tuple[str, ...]
    roles: tuple[str, ...]
    bundles: tuple[BundleFolder, ...] = ()
    endpoints: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    network: Mapping[str, Any] = field(default_factory=dict)


def load_vendor(path: Path) -> Vendor:
    """Read and check a vendor.toml. Raises VendorFileError with the place and a suggestion."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise VendorFileError(f"cannot be read: {error.strerror or error}", where=str(path)) from None
    except UnicodeDecodeError:
        raise VendorFileError("is not UTF-8 text", where=str(path)) from None
    data = vendor_data(text, str(path))
    folder = path.parent
    return Vendor(
        vendor=data["vendor"],
        product=data["product"],
        profile=data["scope"]["profile"],
        components=tuple(data["scope"]["components"]),
        roles=tuple(data["scope"]["roles"]),
        bundles=tuple(_bundle(folder, row, path) for row in data.get("bundle", ())),
        endpoints={role: tuple(data[role]) for role in LIVE if role in data},
        network=data.get("network", {}),
    )


def vendor_data(text: str, name: str) -> dict[str, Any]:
    """The tables of a vendor.toml that follows its schema; bundles need not exist. Raises VendorFileError."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise VendorFileError(f"is not TOML: {error}", where=name) from None
    for problem in validator("vendor").iter_errors(data):
        raise _told(problem, text, Path(name))
    return data


def _bundle(folder: Path, row: Mapping[str, str], path: Path) -> BundleFolder:
    bundle = folder / row["path"]
    if not bundle.exists():
        raise VendorFileError(
            f"the bundle {row['path']!r} does not exist",
            where=str(path),
            hint="Paths are relative to vendor.toml.",
        )
    return BundleFolder(bundle, folder / row["web"] if "web" in row else None)


def secret(value: str, name: str) -> str:
    """A header value with its secret filled in. Raises VendorFileError where the variable is not set."""
    if not value.startswith(SECRET):
        return value
    variable = value.removeprefix(SECRET)
    found = os.environ.get(variable)
    if found is None:
        raise VendorFileError(
            f"{name} needs the environment variable {variable}, which is not set", hint=f"export {variable}=…"
        )
    return found


def _told(problem: ValidationError, text: str, path: Path) -> VendorFileError:
    place = ".".join(str(part) for part in problem.absolute_path)
    line = _line(text, [str(part) for part in problem.absolute_path])
    schema: Any = problem.schema
    rule: Any = problem.validator_value
    if problem.validator == "additionalProperties" and isinstance(problem.instance, dict):
        known = sorted(schema.get("properties", {}))
        unknown = next(name for name in problem.instance if name not in known)
        near = difflib.get_close_matches(unknown, known, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known keys: {', '.join(known)}."
        line = _line(text, [*(str(part) for part in problem.absolute_path), unknown]) or line
        return VendorFileError(
            f"unknown key {unknown!r} in {place or 'the file'}", where=Where(str(path), None, line), hint=hint
        )
    if problem.validator == "enum":
        near = difflib.get_close_matches(str(problem.instance), [str(v) for v in rule], n=1)
        allowed = ", ".join(str(value) for value in rule)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        message = f"{problem.instance!r} is not allowed in {place}"
        return VendorFileError(message, where=Where(str(path), None, line), hint=f"{hint}Allowed: {allowed}.")
    message = f"{place or 'the file'}: {problem.message}"
    return VendorFileError(
        message, where=Where(str(path), None, line), hint="docs/vendor.md describes every key."
    )


def _line(text: str, parts: list[str]) -> int | None:
    """The line of the last key that can be found: good enough to open the file at."""
    names = [part for part in parts if not part.isdigit()]
    for name in reversed(names):
        for number, row in enumerate(text.splitlines(), start=1):
            if (
                row.strip().startswith((f"{name} ", f"{name}=", f"[{name}]", f"[[{name}]]"))
                or f" {name} =" in row
            ):
                return number
    return None


def missing_endpoints(vendor: Vendor) -> Iterator[str]:
    """The claimed roles that need an endpoint and have none."""
    for role in ("verifier", "resolver"):
        if role in vendor.roles and not vendor.endpoints.get(role):
            yield role
