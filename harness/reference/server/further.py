"""Credentials of the live vendor beside the chain: an older version, confidential events, an anchor that has ended.

Each is made of a good one by putting other words in; what it then says is as true as what the good one says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.reference.payloads import Payload

VERSION = "untp-0.7.0"
ITEM = "P64-26-004711"
OTHER_ITEM = "P64-26-004712"


@dataclass(frozen=True)
class Further:
    """One such credential: its name, the good one it is made of, and the words that change."""

    name: str
    base: str
    words: tuple[tuple[str, str], ...] = ()


OLDER = Further("dpp-pack-item-0", "dpp-pack-item", (("2026-08-10T10:00:00Z", "2026-08-09T10:00:00Z"),))
"""The first version of the passport of the item."""
ENDED = Further("dia-mine-concession-ended", "dia-mine-concession", (("02203-4417-8", "02203-4409-7"),))
"""An anchor whose registration has ended: it is revoked."""
CHECK = Further("dte-pack-check", "dte-pack-repair", (("Repair of pack", "Check of pack"),))
RECYCLING = Further(
    "dte-pack-recycling", "dte-pack-repair", (("Repair of pack", "Dismantling check of pack"),)
)
OTHER_CHECK = Further("dte-other-pack-check", "dte-pack-repair", ((ITEM, OTHER_ITEM),))
CONFIDENTIAL = (CHECK, RECYCLING, OTHER_CHECK)
"""Events that are only published encrypted."""


def further_payloads(payloads: Mapping[str, Payload]) -> dict[str, Payload]:
    """Every further credential by name, made of the good ones."""
    made: dict[str, Payload] = {}
    for number, one in enumerate((OLDER, ENDED, *CONFIDENTIAL), start=1):
        base = payloads[f"{VERSION}/{one.base}"]
        index = base.status[1]
        text = base.text.replace(one.base, one.name).replace(str(index), str(index + number))
        for old, new in one.words:
            text = text.replace(old, new)
        name = f"{VERSION}/{one.name}"
        made[name] = Payload(name, text)
    return made
