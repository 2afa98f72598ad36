"""Tolerances, units and words that experts change: test_cases/limits.toml and test_cases/codes/units.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from harness.resources import resource

_WORD = re.compile(r"[a-z0-9]+")


@cache
def limits(table: str) -> Mapping[str, Any]:
    """One table of the limits."""
    data = tomllib.loads(resource("test_cases", "limits.toml").read_text(encoding="utf-8"))
    made: Mapping[str, Any] = data[table]
    return made


def tolerance(name: str) -> float:
    """A tolerance of the balance, as a share."""
    return float(limits("balance")[name])


@cache
def units(kind: str) -> Mapping[str, float]:
    """The units of mass (to kilograms) or volume (to cubic metres) with their factors."""
    data = tomllib.loads(resource("test_cases", "codes", "units.toml").read_text(encoding="utf-8"))
    made: Mapping[str, float] = data[kind]
    return made


@cache
def counts() -> frozenset[str]:
    """The units that count pieces."""
    return frozenset(limits("counts")["codes"].split())


@cache
def countries() -> frozenset[str]:
    """The codes of countries that ISO 3166-1 assigns."""
    data = tomllib.loads(resource("test_cases", "codes", "countries.toml").read_text(encoding="utf-8"))
    return frozenset(data["codes"].split())


@cache
def _materials() -> Mapping[str, str]:
    return {word: name for name, said in limits("materials").items() for word in said.split()}


@cache
def materials_in(name: str) -> frozenset[str]:
    """The materials that a name tells: `Copper concentrate, 28.5 % Cu` tells copper, `Cobalt sulphate` cobalt as sulphate.

    A compound is no metal: how much of it is metal, its name does not tell, so the two are never balanced against
    each other.
    """
    bound = next((word for word in _WORD.findall(name.lower()) if word in _compounds()), None)
    return frozenset(f"{one} as {bound}" if bound else one for one in chains_in(name))


@cache
def chains_in(name: str) -> frozenset[str]:
    """The materials that a name tells, bound or not: the value chains that it belongs to."""
    known = _materials()
    return frozenset(known[word] for word in _WORD.findall(name.lower()) if word in known)


@cache
def _compounds() -> frozenset[str]:
    return frozenset(limits("compounds")["words"].split())


@cache
def element(symbol: str) -> str | None:
    """The material of a chemical symbol."""
    return limits("elements").get(symbol)


@cache
def custody_model(text: str) -> str | None:
    """The chain-of-custody model that the id or name of a criterion tells, if any."""
    made = "-".join(_WORD.findall(text.lower()))
    for model, said in limits("custody").items():
        if any(f"-{word}-" in f"-{made}-" for word in said.split()):
            return str(model)
    return None
