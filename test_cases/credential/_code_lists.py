"""Code lists that cases look values up in: countries, units, topics, metrics, classifications."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from harness.resources import resource


@cache
def listed(name: str) -> Mapping[str, Any]:
    """One file of test_cases/codes/."""
    return _read(name)


def _read(name: str) -> Mapping[str, Any]:
    return tomllib.loads(resource("test_cases", "codes", f"{name}.toml").read_text(encoding="utf-8"))


def _codes(table: Mapping[str, Any], name: str = "codes") -> frozenset[str]:
    return frozenset(table[name].split())


@cache
def _units() -> Mapping[str, Any]:
    return _read("units")


COUNTRIES = _codes(_read("countries"))
"""ISO 3166-1 alpha-2."""

TOPICS = _codes(_read("topics"))
"""The last path part of each concept of the UN conformity topics."""

OLD_TOPICS = _codes(_read("topics"), "old")
"""The topics of UNTP 0.6."""

DIRECTIONS: Mapping[str, str] = {
    name: direction for direction, names in _read("metrics").items() for name in names.split()
}
"""Each concept of the UN performance metrics with the way it improves: lower, higher or undirected."""

KINDS: Mapping[str, str] = {
    **dict.fromkeys(_codes(_units(), "other") | _codes(_units(), "packages"), "other"),
    **dict.fromkeys(_codes(_units(), "loose"), "loose"),
    **{code: kind for kind in ("mass", "length", "volume") for code in _units()[kind]},
}
"""Each unit of Recommendation 20 with its kind: mass, length, volume, loose (one of them, roughly), other."""


def kilograms(value: float, unit: object) -> float | None:
    """A mass in kilograms, or None where the unit is no mass with a fixed factor."""
    factor = _units()["mass"].get(unit) if isinstance(unit, str) else None
    return None if factor is None else value * factor


def country_code(value: object) -> object:
    """The code in a country: the string of 0.6, or the countryCode of a 0.7.0 object."""
    return value.get("countryCode") if isinstance(value, dict) else value


def is_country(value: object) -> bool:
    """Whether a country, in the form of either release, is an ISO 3166-1 alpha-2 code."""
    return country_code(value) in COUNTRIES


@cache
def boxes_of(country: str) -> tuple[tuple[float, float, float, float], ...]:
    """Boxes (west, south, east, north) around the parts of a country; none where we know none."""
    return tuple(tuple(box) for box in _read("country_boxes").get(country, ()))


@cache
def _classes(scheme: str) -> frozenset[str]:
    return frozenset(
        code[:size] for code in _codes(_read("classifications"), scheme) for size in range(1, len(code) + 1)
    )


def known_scheme(scheme: object) -> str | None:
    """The name of the code list behind a classification scheme's URL, where we hold it: cpc or isic."""
    if not isinstance(scheme, str) or "unstats.un.org" not in scheme.lower():
        return None
    parts = [part for part in re.split(r"[/?#=&]", scheme.lower()) if part]
    return next((name for name in ("cpc", "isic") if any(part.startswith(name) for part in parts)), None)


def in_scheme(code: str, scheme: str) -> bool:
    """Whether a code, or a broader one that it stands for, occurs in a code list that we hold."""
    bare = code.strip().replace(".", "")
    return bare in _classes(scheme) or (
        scheme == "isic" and bare in "ABCDEFGHIJKLMNOPQRSTU" and len(bare) == 1
    )


def concept(uri: object, paths: tuple[str, ...]) -> str | None:
    """The last path part or fragment of a URI of the UN vocabulary under one of these paths, else None."""
    if not isinstance(uri, str):
        return None
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    whole = f"{parts.path}/{parts.fragment}" if parts.fragment else parts.path
    folder, _, name = whole.strip("/").rpartition("/")
    if (parts.hostname or "") != "vocabulary.uncefact.org" or parts.scheme not in ("http", "https"):
        return None
    return name if folder in paths else None
