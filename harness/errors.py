"""Every error of the harness, in one tree.

    HarnessError
    ├── UsageError             the command line or a configuration file is wrong (exit code 4)
    │   └── VendorFileError    vendor.toml does not say what it has to
    ├── SuiteError             our own data is wrong: requirement, profile, case, vector, schema, shape
    │   └── ArtefactError      a schema or context is missing, altered or refused
    ├── EvidenceError          bytes could not be had or not be read
    │   ├── UnreadableError    a file, archive or answer that cannot be opened
    │   ├── MalformedError     bytes that are not what they claim: JSON, base64, JWS
    │   ├── AbsentError        something that is referred to was not brought by gather
    │   └── LineError          a live endpoint gave no answer that could be judged
    └── EngineError            an engine failed, disagreed with another or ran out of its budget
        └── BudgetError        time, memory or size ran out

An error tells four things: what happened, where, why it matters and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Where:
    """A place in something that somebody wrote: file, JSON pointer, line and column (from 1)."""

    name: str = ""
    pointer: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = self.name
        if self.line is not None:
            place += f":{self.line}:{self.column or 1}"
        if self.pointer is not None:
            place += f" at {self.pointer or '/'}"
        return place


class HarnessError(Exception):
    """Something that the harness can explain: `message` says what, `where`, `why` and `hint` the rest."""

    exit_code = 3

    def __init__(
        self,
        message: str,
        *,
        where: Where | str | None = None,
        why: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = Where(where) if isinstance(where, str) else where
        self.why = why
        self.hint = hint

    def __str__(self) -> str:
        lines = [f"{self.where}: {self.message}" if self.where and str(self.where) else self.message]
        if self.why:
            lines.append(f"  why it matters: {self.why}")
        if self.hint:
            lines.append(f"  what to do: {self.hint}")
        return "\n".join(lines)


class UsageError(HarnessError):
    """The command line or a configuration file is wrong."""

    exit_code = 4


class VendorFileError(UsageError):
    """vendor.toml does not say what it has to."""


class SuiteError(HarnessError):
    """The suite itself is wrong: never the vendor's fault."""

    exit_code = 4


class ArtefactError(SuiteError):
    """A schema or context is missing, altered or refused."""


class EvidenceError(HarnessError):
    """Bytes could not be had or not be read."""


class UnreadableError(EvidenceError):
    """A file, archive or answer cannot be opened."""


class MalformedError(EvidenceError):
    """Bytes are not what they claim to be."""


class AbsentError(EvidenceError):
    """Something that the evidence refers to was not brought by gather: the case cannot run."""


class LineError(EvidenceError):
    """A live endpoint gave no answer that could be judged: the line's fault or the set-up's, never a wrong answer."""


class EngineError(HarnessError):
    """An engine failed, or two engines disagree: never the vendor's fault."""


class BudgetError(EngineError):
    """Time, memory or size ran out before there was an answer."""
