"""The chain at another moment: its dates moved by whole days, so that the demo is as fresh as the day it is made.

A submission that is 90 days old is made again (REV-AGE-01), and a status list is valid for thirty days. So the
demo judges the chain at the present moment; all that is between its dates stays as it is written.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

OF_THE_CHAIN = 2024
"""Dates before this year belong to the world, not to the chain: laws, standards, foundings. They stay."""

_DATE = re.compile(r"(?<![\d-])(20\d\d)-(\d\d)-(\d\d)(?=[\"T ])")


def moved(text: str, days: int) -> str:
    """A text in which every date of the chain is so many days later."""
    if not days:
        return text

    def later(found: re.Match[str]) -> str:
        year, month, day = (int(part) for part in found.groups())
        if year < OF_THE_CHAIN:
            return found.group()
        return (date(year, month, day) + timedelta(days)).isoformat()

    return _DATE.sub(later, text)
