"""What is wrong in a vendor.toml, said with its line and what to write instead."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jsonschema.exceptions import ValidationError

from harness.catalogue import load_catalogue
from harness.data_files import line_of
from harness.errors import VendorFileError, Where
from harness.resources import resource

COUNTRY = "vendor.country"
CODE = "Write the two letters of ISO 3166-1, such as FI."
DESCRIBED = "docs/vendor.md describes every key."


def told(problem: ValidationError, text: str, name: str) -> VendorFileError:
    """What does not follow the schema of vendor.toml, as the error that names its line and what to write instead."""
    steps = [*problem.absolute_path]
    place = _place(steps)
    schema: Any = problem.schema
    rule: Any = problem.validator_value

    def at(*more: str | int) -> Where:
        return Where(name, None, line_of(text, [*steps, *more]))

    if problem.validator == "additionalProperties" and isinstance(problem.instance, dict):
        known = sorted(schema.get("properties", {}))
        unknown = next(member for member in problem.instance if member not in known)
        near = difflib.get_close_matches(unknown, known, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known keys: {', '.join(known)}."
        return VendorFileError(
            f"unknown key {unknown!r} in {place or 'the file'}", where=at(unknown), hint=hint
        )
    if problem.validator == "enum":
        near = difflib.get_close_matches(str(problem.instance), [str(v) for v in rule], n=1)
        allowed = ", ".join(str(value) for value in rule)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        message = f"{problem.instance!r} is not allowed in {place}"
        return VendorFileError(message, where=at(), hint=f"{hint}Allowed: {allowed}.")
    if problem.validator in ("required", "anyOf") and isinstance(problem.instance, dict):
        wanted = rule if problem.validator == "required" else [key for way in rule for key in way["required"]]
        missing = [key for key in wanted if key not in problem.instance]
        names = (" or " if problem.validator == "anyOf" else " and ").join(repr(key) for key in missing)
        adapter = problem.instance.get("adapter")
        message = f"{place or 'the file'} needs {names}" + (f" with adapter {adapter!r}" if adapter else "")
        return VendorFileError(message, where=at(), hint=DESCRIBED)
    if problem.validator == "pattern":
        message, hint = _form(place, str(problem.instance), schema)
        return VendorFileError(message, where=at(), hint=hint)
    return VendorFileError(f"{place or 'the file'}: {problem.message}", where=at(), hint=DESCRIBED)


def _form(place: str, value: str, schema: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong with a text that has not the form of its key, and what to write instead: never the pattern."""
    if place == COUNTRY:
        return f"{place} {value!r} is no country code", CODE
    if "https://" in str(schema.get("$comment", "")):
        if "://" in value or not re.match(r"[A-Za-z0-9\[]", value):
            hint = "Write a whole URL, such as https://api.example.com/path."
        else:
            hint = f'Write "https://{value}".'
        return f"{place} is {value!r}, which is no URL with https:// or http://", hint
    return f"{place} is {value!r}, which has not the form wanted", str(schema.get("description") or DESCRIBED)


def require_known(data: Mapping[str, Any], text: str, name: str) -> None:
    """Raise VendorFileError for a profile that there is not, and for a country that ISO 3166-1 does not have.

    Not part of the schema: both lists grow and shrink, and what was sealed under an earlier one stays readable.
    """
    profile, profiles = data["scope"]["profile"], sorted(load_catalogue().profiles)
    if profile not in profiles:
        near = difflib.get_close_matches(profile, profiles, n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise VendorFileError(
            f"there is no profile {profile!r}",
            where=Where(name, None, line_of(text, ("scope", "profile"))),
            hint=f"{hint}Profiles: {', '.join(profiles)}.",
        )
    country = data["vendor"].get("country")
    if country is not None and country not in _countries():
        raise VendorFileError(
            f"{COUNTRY} {country!r} is not assigned to any country",
            where=Where(name, None, line_of(text, ("vendor", "country"))),
            hint=CODE,
        )


@cache
def _countries() -> frozenset[str]:
    text = resource("test_cases", "codes", "countries.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["codes"].split())


def _place(steps: Sequence[str | int]) -> str:
    """A path as people write it: `resolver[0].identifiers[2]`."""
    text = ""
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
