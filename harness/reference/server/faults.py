"""The named faults of the live reference vendor, and the switchboard that turns them on.

They are data, test_cases/vectors/live/faults.toml: what is broken, and the requirement that catches it. A *binding*
fault makes the vendor nonconformant, by that requirement alone; an *advisory* one is a warning, and the vendor stays
conformant, or is left open; a *compound* one breaks several requirements, which cannot but fail together.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from harness.catalogue import load_catalogue
from harness.data_files import place_in, read_toml
from harness.errors import SuiteError, UsageError
from harness.model import Outcome, Verdict
from harness.reference.vectors import Also
from harness.resources import resource

FILE = ("test_cases", "vectors", "live", "faults.toml")


class Kind(StrEnum):
    """What a fault does to the vendor."""

    BINDING = "binding"
    ADVISORY = "advisory"
    COMPOUND = "compound"


@dataclass(frozen=True)
class LiveFault:
    """One way in which the live vendor is broken: the role, the requirement that catches it, and the summary.

    `suite` is the table of vendor.toml whose suite shows it; `also` the requirements that fail with that of a compound
    fault; `open` why an advisory one leaves the vendor undetermined; `round` the combined run in which it is turned on, a
    later one where it `hides` others, and why.
    """

    name: str
    role: str
    requirement: str
    summary: str
    kind: Kind = Kind.BINDING
    suite: str = ""
    also: tuple[Also, ...] = ()
    open: str | None = None
    hides: str | None = None
    round: int = 1

    @property
    def expected(self) -> Outcome:
        """What the requirement has to say of it: failed where it binds, else a warning."""
        return load_catalogue().requirements[self.requirement].severity()

    @property
    def expects(self) -> Mapping[str, Outcome]:
        """The outcome of every requirement that says something of it: one, unless it is compound."""
        names = (self.requirement, *(other.requirement for other in self.also))
        return {name: load_catalogue().requirements[name].severity() for name in names}

    @property
    def verdict(self) -> Verdict:
        """What becomes of the vendor."""
        if Outcome.FAILED in self.expects.values():
            return Verdict.NONCONFORMANT
        return Verdict.CONFORMANT if self.open is None else Verdict.UNDETERMINED


@cache
def load_live_faults() -> Mapping[str, LiveFault]:
    """Every fault by name, in the order of the file. Raises SuiteError with the place of what is wrong."""
    return read_live_faults(resource(*FILE))


def read_live_faults(path: Path) -> Mapping[str, LiveFault]:
    """The faults of a file laid out like test_cases/vectors/live/faults.toml."""
    found: dict[str, LiveFault] = {}
    for number, row in enumerate(read_toml(path, "live-faults")["fault"]):
        fault = _fault(row)
        wrong = "is named twice" if fault.name in found else _wrong(fault)
        if wrong is not None:
            raise SuiteError(f"the fault {fault.name} {wrong}", where=place_in(path, "fault", number, "name"))
        found[fault.name] = fault
    return found


def _fault(row: Mapping[str, Any]) -> LiveFault:
    made = {
        **row,
        "kind": Kind(row.get("kind", Kind.BINDING)),
        "suite": row.get("suite", row["role"]),
        "also": tuple(Also(other["requirement"], other["because"]) for other in row.get("also", ())),
    }
    return LiveFault(**made)


def _wrong(fault: LiveFault) -> str | None:
    """What is wrong with a fault: a requirement that nobody knows, or one that does not weigh what its kind says."""
    requirements = (fault.requirement, *(other.requirement for other in fault.also))
    unknown = [name for name in requirements if name not in load_catalogue().requirements]
    if unknown:
        return f"names the unknown {unknown[0]}"
    if fault.kind is Kind.BINDING and fault.expected is not Outcome.FAILED:
        return f"is called binding, and {fault.requirement} only warns"
    if fault.kind is Kind.ADVISORY and fault.expected is not Outcome.WARNING:
        return f"is called advisory, and {fault.requirement} binds"
    return None


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
