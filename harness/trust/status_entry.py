"""The status entry of a credential: BitstringStatusListEntry, and StatusList2021Entry as legacy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from harness.trust.bitstring import SPECIFICATION
from harness.trust.trace import TrustError

ENTRY = "BitstringStatusListEntry"
LEGACY_ENTRY = "StatusList2021Entry"
ENTRY_CLAUSE = SPECIFICATION + "#bitstringstatuslistentry"
LEGACY_CLAUSE = "https://www.w3.org/TR/2023/WD-vc-status-list-20230427/#statuslist2021entry"

WIDEST_ENTRY = 16
"""Most bits of one entry that are read here: 65,536 messages."""

MOST_DIGITS = 40
BEYOND_ANY_LIST = 10**MOST_DIGITS
"""Stands for every index that is larger: no list has it, so the answer is the same."""

_DECIMAL = re.compile(r"[0-9]+", re.ASCII)
_HEX = re.compile(r"0x[0-9a-fA-F]{1,8}", re.ASCII)


class IndexForm(StrEnum):
    """How `statusListIndex` was written: W3C asks for a string, the UNTP 0.7.0 schemas for an integer."""

    STRING = "string"
    INTEGER = "integer"
    OTHER = "other"


@dataclass(frozen=True)
class StatusEntry:
    """One status entry as it was read; what could not be read is None and has a problem.

    `pointer` says where it stands in the credential; the step of a problem is the name of its member.
    """

    pointer: str
    type: str | None
    id: str | None
    purpose: str | None
    index: int | None
    index_form: IndexForm
    list_url: str | None
    size: int
    messages: tuple[tuple[int, str], ...]
    problems: tuple[TrustError, ...]

    @property
    def legacy(self) -> bool:
        """Whether it follows StatusList2021, the draft before Bitstring Status List 1.0."""
        return self.type == LEGACY_ENTRY

    def message(self, value: int) -> str:
        """What a value means (section 2.1, statusMessage): "set" and "unset" unless the issuer says more."""
        if not self.messages:
            return "set" if value else "unset"
        return dict(self.messages).get(value, "undefined")


def entries_of(credential: Mapping[str, Any]) -> tuple[StatusEntry, ...]:
    """Read every entry of `credentialStatus`, one or many (VCDM 2.0 section 4.9); none gives ()."""
    value = credential.get("credentialStatus")
    if isinstance(value, list):
        return tuple(
            read_entry(item, pointer=f"/credentialStatus/{place}") for place, item in enumerate(value)
        )
    return () if value is None else (read_entry(value, pointer="/credentialStatus"),)


def read_entry(value: object, *, pointer: str = "/credentialStatus") -> StatusEntry:
    """Read one status entry with all its problems (Bitstring Status List 1.0 section 2.1)."""
    if not isinstance(value, Mapping):
        problem = _problem(
            "status-entry-malformed",
            "The status entry is not an object.",
            "credentialStatus",
            actual=_shown(value),
        )
        return StatusEntry(pointer, None, None, None, None, IndexForm.OTHER, None, 1, (), (problem,))
    found: list[TrustError] = []
    kind = _kind(value, found)
    purpose = _purpose(value, found)
    index, form = _index(value, found)
    url = _url(value, found)
    identifier = value.get("id")
    if url is not None and identifier == url:
        message = "The id of the entry is the URL of the list."
        found.append(
            _problem(
                "status-entry-id-is-list",
                message,
                "id",
                actual=str(identifier),
                expected="another URL, or none",
            )
        )
    size = _size(value, found)
    messages = _messages(value, size, found)
    _references(value, found)
    return StatusEntry(
        pointer, kind, identifier if isinstance(identifier, str) else None,
        purpose, index, form, url, size or 1, messages, tuple(found),
    )  # fmt: skip


def _kind(entry: Mapping[str, Any], found: list[TrustError]) -> str | None:
    value = entry.get("type")
    kinds = value if isinstance(value, list) else [value]
    for kind in (ENTRY, LEGACY_ENTRY):
        if kind in kinds:
            return kind
    if not any(isinstance(kind, str) for kind in kinds):
        found.append(
            _problem(
                "status-type-missing",
                "The status entry has no type.",
                "type",
                actual=_shown(value),
                expected=ENTRY,
            )
        )
        return None
    found.append(
        TrustError(
            "status-type-unknown", "The harness does not know this kind of status.", step="type",
            clause=ENTRY_CLAUSE, expected=ENTRY, actual=_shown(value), undetermined=True,
            hint="UNTP asks for BitstringStatusListEntry.",
        )
    )  # fmt: skip
    return None


def _purpose(entry: Mapping[str, Any], found: list[TrustError]) -> str | None:
    value = entry.get("statusPurpose")
    if isinstance(value, str) and value:
        return value
    hint = "Write one entry for each purpose." if isinstance(value, list) else None
    message = "statusPurpose of the entry is not a string."
    found.append(
        _problem(
            "status-purpose-malformed",
            message,
            "statusPurpose",
            actual=_shown(value),
            expected="one string",
            hint=hint,
        )
    )
    return None


def _index(entry: Mapping[str, Any], found: list[TrustError]) -> tuple[int | None, IndexForm]:
    value = entry.get("statusListIndex")
    form = IndexForm.OTHER
    number: int | None = None
    if isinstance(value, str):
        form = IndexForm.STRING
        digits = value.removeprefix("-").lstrip("0") or "0"
        if _DECIMAL.fullmatch(value.removeprefix("-")):
            number = int(digits) if len(digits) <= MOST_DIGITS else BEYOND_ANY_LIST
            number = -number if value.startswith("-") else number
    elif isinstance(value, int) and not isinstance(value, bool):
        form, number = IndexForm.INTEGER, value
    elif isinstance(value, float) and value.is_integer():
        form, number = IndexForm.INTEGER, int(value)
    if number is None:
        message = "statusListIndex is not a whole number."
        hint = 'Write the decimal digits as a string: "94567".'
        found.append(_index_problem("status-index-malformed", message, value, hint))
        return None, form
    if number < 0 or value == "-0":
        found.append(_index_problem("status-index-negative", "statusListIndex is negative.", value, None))
        return None, form
    return number, form


def _index_problem(code: str, message: str, value: object, hint: str | None) -> TrustError:
    return _problem(
        code,
        message,
        "statusListIndex",
        actual=_shown(value),
        expected="decimal digits, 0 or more",
        hint=hint,
    )


def _url(entry: Mapping[str, Any], found: list[TrustError]) -> str | None:
    value = entry.get("statusListCredential")
    if value is None:
        found.append(
            _problem(
                "status-list-url-missing",
                "The entry names no list.",
                "statusListCredential",
                actual="missing",
                expected="a URL",
            )
        )
        return None
    if isinstance(value, str) and _is_url(value):
        return value
    message = "statusListCredential is not a URL."
    found.append(
        _problem(
            "status-list-url-malformed",
            message,
            "statusListCredential",
            actual=_shown(value),
            expected="a URL",
        )
    )
    return None


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path)) and not re.search(r"[\s\x00-\x1f]", value)


def _size(entry: Mapping[str, Any], found: list[TrustError]) -> int | None:
    """The width of an entry in bits; None where it cannot be read."""
    value = entry.get("statusSize", 1)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= WIDEST_ENTRY:
        return value
    too_wide = isinstance(value, int) and not isinstance(value, bool) and value > WIDEST_ENTRY
    found.append(
        TrustError(
            "status-size-over-budget" if too_wide else "status-size-malformed",
            "statusSize is larger than what the harness reads." if too_wide else "statusSize is not a positive integer.",
            step="statusSize", clause=ENTRY_CLAUSE, actual=_shown(value), undetermined=too_wide,
            expected=f"an integer from 1 to {WIDEST_ENTRY}" if too_wide else "an integer greater than 0",
        )
    )  # fmt: skip
    return None


def _messages(
    entry: Mapping[str, Any], size: int | None, found: list[TrustError]
) -> tuple[tuple[int, str], ...]:
    value = entry.get("statusMessage")
    if value is None:
        if size is not None and size > 1:
            expected = f"an array of {2**size:,} messages"
            message = "An entry of more than one bit says nothing of what its values mean."
            found.append(
                _problem(
                    "status-messages-missing", message, "statusMessage", actual="missing", expected=expected
                )
            )
        return ()
    if not isinstance(value, list):
        found.append(
            _problem(
                "status-messages-malformed",
                "statusMessage is not an array.",
                "statusMessage",
                actual=_shown(value),
                expected="an array",
            )
        )
        return ()
    if size is not None and len(value) != 2**size:
        expected = f"{2**size:,} messages, one for each value of {size} bit{'s' * (size > 1)}"
        message = "The number of status messages is not the number of values."
        found.append(
            _problem(
                "status-messages-count", message, "statusMessage", actual=f"{len(value):,}", expected=expected
            )
        )
    read: dict[int, str] = {}
    for place, item in enumerate(value):
        status = item.get("status") if isinstance(item, Mapping) else None
        text = item.get("message") if isinstance(item, Mapping) else None
        if not isinstance(status, str) or not isinstance(text, str) or not _HEX.fullmatch(status):
            message = "A status message lacks its status in hexadecimal or its text."
            expected = '{"status": "0x0", "message": "…"}'
            found.append(
                _problem(
                    "status-messages-malformed",
                    message,
                    f"statusMessage/{place}",
                    actual=_shown(item),
                    expected=expected,
                )
            )
        elif int(status, 16) in read:
            message = "Two status messages explain the same value."
            found.append(
                _problem(
                    "status-messages-malformed",
                    message,
                    f"statusMessage/{place}",
                    actual=status,
                    expected="each value once",
                )
            )
        else:
            read[int(status, 16)] = text
    return tuple(read.items())


def _references(entry: Mapping[str, Any], found: list[TrustError]) -> None:
    value = entry.get("statusReference")
    several = value if isinstance(value, list) else [] if value is None else [value]
    if any(not isinstance(one, str) or not _is_url(one) for one in several):
        message = "statusReference is not a URL or an array of URLs."
        found.append(
            _problem(
                "status-reference-malformed",
                message,
                "statusReference",
                actual=_shown(value),
                expected="URLs",
            )
        )


def _problem(code: str, message: str, step: str, **more: Any) -> TrustError:
    return TrustError(code, message, step=step, clause=ENTRY_CLAUSE, **more)


def _shown(value: object) -> str:
    if value is None:
        return "missing"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**60:
        return "a number of more than 60 digits"
    return repr(value)[:120]
