"""Trust anchors: whom a verifier trusts. The harness trusts nobody unless it is told to: the default is empty.

A file of anchors is TOML or JSON (test_cases/schemas/anchors.schema.json): `roots`, trusted `issuer`s with
the identifier schemes that they speak for, and `register`s of identifier schemes in the shape of the UN's
own (IDR register schema). A register published as JSON can be given as it is.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.data_files import validator
from harness.errors import UsageError, Where

HINT = 'It is TOML or JSON: roots = ["did:web:register.example"], [[issuer]] and [[register]] tables.'


@dataclass(frozen=True)
class TrustedIssuer:
    """A party that is trusted, and the identifier schemes for which it may issue identity anchors."""

    id: str
    name: str
    schemes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scheme:
    """An identifier scheme of a register: its id, its name, and who operates it."""

    id: str
    name: str
    register_type: str
    registrar_name: str
    registrar_id: str
    register: str
    """The id of the register that lists it."""


@dataclass(frozen=True)
class Anchors:
    """Everything that a verifier trusts beforehand; empty by default."""

    roots: frozenset[str] = frozenset()
    issuers: tuple[TrustedIssuer, ...] = ()
    schemes: tuple[Scheme, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """The same as its file holds it."""

    def __bool__(self) -> bool:
        return bool(self.roots or self.issuers or self.schemes)

    @property
    def parties(self) -> frozenset[str]:
        """Every DID at which a chain of trust may end."""
        return self.roots | {issuer.id for issuer in self.issuers}

    def scheme(self, identifier: str) -> Scheme | None:
        """The scheme of exactly this id, where a trusted register lists it."""
        return next((one for one in self.schemes if one.id == identifier), None)

    def issuers_for(self, scheme: str) -> tuple[str, ...]:
        """The DIDs that may issue identity anchors for a scheme; none where nobody is known for it."""
        return tuple(one.id for one in self.issuers if scheme in one.schemes)


NOBODY = Anchors()
"""The default: nobody is trusted."""


def load_anchors(path: Path | None) -> Anchors:
    """Read a file of anchors. Raises UsageError with the place of what is wrong."""
    if path is None:
        return NOBODY
    data = _parsed(path)
    if {"entries", "registrar"} <= data.keys():
        data = {"register": [data]}
    for problem in validator("anchors").iter_errors(data):
        place = "".join(f"/{part}" for part in problem.absolute_path)
        raise UsageError(
            f"these are no trust anchors: {problem.message}", where=Where(str(path), place), hint=HINT
        )
    return anchors_of(data)


def anchors_of(data: Mapping[str, Any]) -> Anchors:
    """The anchors in data that follows the schema, such as the terms of a submission hold."""
    return Anchors(
        frozenset(data.get("roots", ())),
        tuple(
            TrustedIssuer(row["id"], row["name"], tuple(row.get("schemes", ())))
            for row in data.get("issuer", ())
        ),
        tuple(_schemes(data.get("register", ()))),
        data,
    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        read = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=str(path), hint=HINT) from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"cannot be read: {error}", where=str(path), hint=HINT) from None
    if not isinstance(read, dict):
        raise UsageError("these are no trust anchors", where=str(path), hint=HINT)
    return read


def _schemes(registers: list[Mapping[str, Any]] | tuple[()]) -> Iterator[Scheme]:
    for register in registers:
        for entry in register["entries"]:
            yield Scheme(
                entry["id"],
                entry["name"],
                entry["registerType"],
                entry["registrarName"],
                entry["registrarId"],
                register["id"],
            )
