"""The named faults of the live reference vendor, and the switchboard that turns them on.

They are data, test_cases/vectors/live/faults.toml: what is broken, and the requirement that catches it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from harness.catalogue import load_catalogue
from harness.data_files import place_in, read_toml
from harness.errors import SuiteError, UsageError
from harness.model import Outcome
from harness.reference.vectors import Also
from harness.resources import resource

FILE = ("test_cases", "vectors", "live", "faults.toml")


@dataclass(frozen=True)
class LiveFault:
    """One way in which the live vendor is broken: the role, the requirement that catches it, and the summary.

    `suite` is the table of vendor.toml whose suite shows it; `hides` says why others cannot be seen
    beside it, where that is so.
    """

    name: str
    role: str
    requirement: str
    summary: str
    suite: str = ""
    also: tuple[Also, ...] = ()
    hides: str | None = None

    @property
    def expected(self) -> Outcome:
        """What the requirement has to say of it: failed where it binds, else a warning."""
        return load_catalogue().requirements[self.requirement].severity()

    @property
    def expects(self) -> Mapping[str, Outcome]:
        """The outcome of every requirement that says something of it."""
        names = (self.requirement, *(other.requirement for other in self.also))
        return {name: load_catalogue().requirements[name].severity() for name in names}


@cache
def load_live_faults() -> Mapping[str, LiveFault]:
    """Every fault by name, in the order of the file. Raises SuiteError with the place of what is wrong."""
    path = resource(*FILE)
    found: dict[str, LiveFault] = {}
    rows = read_toml(path, "live-faults")["fault"]
    for number, row in enumerate(rows):
        also = tuple(Also(other["requirement"], other["because"]) for other in row.get("also", ()))
        fault = LiveFault(
            row["name"],
            row["role"],
            row["requirement"],
            row["summary"],
            row.get("suite", row["role"]),
            also,
            row.get("hides"),
        )
        requirements = (fault.requirement, *(other.requirement for other in also))
        wrong = [name for name in requirements if name not in load_catalogue().requirements]
        if fault.name in found or wrong:
            what = f"names the unknown {wrong[0]}" if wrong else "is named twice"
            raise SuiteError(f"the fault {fault.name} {what}", where=place_in(path, "fault", number, "name"))
        found[fault.name] = fault
    return found


@dataclass
class Switchboard:
    """Which faults are on. A role asks for each by its name; a name that is no fault is an error of ours."""

    on: frozenset[str] = field(default_factory=frozenset)

    def turn_on(self, names: Iterable[str]) -> None:
        """Have exactly these faults. Raises UsageError with a suggestion for a name that is none."""
        chosen = frozenset(names)
        for name in sorted(chosen - load_live_faults().keys()):
            near = difflib.get_close_matches(name, list(load_live_faults()), n=3)
            hint = f"Did you mean {', '.join(near)}?" if near else "untp-crm reference faults lists them."
            raise UsageError(f"the live reference vendor has no fault {name!r}", hint=hint)
        self.on = chosen

    def has(self, name: str) -> bool:
        """Whether a fault is on."""
        if name not in load_live_faults():
            raise SuiteError(
                f"the live reference vendor asks for the fault {name}, which is not in its table"
            )
        return name in self.on
