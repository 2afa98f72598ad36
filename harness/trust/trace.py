"""Traces: the ordered steps of one verification, each under the name that its standard gives it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from harness.errors import HarnessError

EXCERPT = 4096
"""Longest text, in characters, that a step shows; the digest always covers all of it."""


@dataclass(frozen=True)
class Step:
    """One intermediate value: its name in the standard, how it is shown, its bytes, and the clause."""

    name: str
    text: str
    raw: bytes = field(repr=False)
    clause: str = ""

    @classmethod
    def of(cls, name: str, value: str | bytes, clause: str = "") -> Step:
        """Make a step of text, or of bytes, which are shown in hexadecimal."""
        if isinstance(value, str):
            return cls(name, value[:EXCERPT], value.encode(), clause)
        return cls(name, value[: EXCERPT // 2].hex(), value, clause)

    @classmethod
    def of_text(cls, name: str, raw: bytes, clause: str = "") -> Step:
        """Make a step of bytes that are text in UTF-8; what is not UTF-8 shows as a replacement sign."""
        return cls(name, raw[:EXCERPT].decode(errors="replace"), raw, clause)

    @cached_property
    def sha256(self) -> str:
        """Digest of its bytes, all of them: worked out when somebody looks."""
        return hashlib.sha256(self.raw).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Members: name, text, sha256, clause."""
        return {"name": self.name, "text": self.text, "sha256": self.sha256, "clause": self.clause}


@dataclass
class Trace:
    """Collects the steps of one verification while it goes on."""

    steps: list[Step] = field(default_factory=list)

    def step(self, name: str, value: str | bytes, clause: str = "") -> None:
        """Note one intermediate value."""
        self.steps.append(Step.of(name, value, clause))


class TrustError(HarnessError):
    """A verification stopped: `code` names the rule that it broke, `step` where, `clause` the source.

    `undetermined` is true where nobody can say (unknown suite, unsupported algorithm, missing
    evidence): such a result never passes and never fails a vendor.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        step: str,
        clause: str = "",
        expected: str | None = None,
        actual: str | None = None,
        hint: str | None = None,
        undetermined: bool = False,
    ) -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.step = step
        self.clause = clause
        self.expected = expected
        self.actual = actual
        self.undetermined = undetermined


@dataclass(frozen=True)
class Verification:
    """The end of one verification: its steps and, unless it holds, the problem."""

    steps: tuple[Step, ...]
    problem: TrustError | None = None

    @property
    def holds(self) -> bool:
        """Whether every step went through."""
        return self.problem is None
