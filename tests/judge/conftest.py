"""Suites of one's own: case files on disk, requirements as values, credentials as text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from harness.catalogue import Catalogue, load_catalogue
from harness.credential import Credential, read_credentials
from harness.evidence import Evidence, Web
from harness.judge import Suite, Terms, build_suite, judge_credential
from harness.model import Basis, Level, Requirement, Result, SubjectReport

AT = datetime(2026, 6, 1, tzinfo=UTC)
HEAD = "from __future__ import annotations\nfrom harness.errors import *\nfrom harness.judge import case\nfrom harness.model import Finding\n\n"


def requirement(
    identifier: str, level: Level = Level.MUST, basis: Basis = Basis.KEYWORD, role: str = "issuer"
) -> Requirement:
    """A requirement of release 0.7.0."""
    return Requirement(
        identifier,
        f"title of {identifier}",
        level,
        role,
        basis,
        ("0.7.0",),
        "case",
        "s",
        "d",
        (f"https://x.example/{identifier}",),
    )


def catalogue(*requirements: Requirement) -> Catalogue:
    """The catalogue that ships, with these requirements instead of its own."""
    return replace(load_catalogue(), requirements={item.id: item for item in requirements})


def read(text: str | bytes | Mapping[str, Any], name: str = "a.json") -> Credential:
    """The first credential of a text."""
    body = (
        text.encode()
        if isinstance(text, str)
        else text
        if isinstance(text, bytes)
        else json.dumps(text).encode()
    )
    return next(read_credentials(Evidence(name, body)))


CREDENTIAL = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://vocabulary.uncefact.org/untp/0.7.0/context/",
    ],
    "type": ["VerifiableCredential"],
    "name": "x",
}


@dataclass
class Workshop:
    """A folder in which case files are written and loaded as a suite."""

    folder: Path

    def write(self, text: str, name: str = "test_own.py", suite: str = "credential") -> Path:
        """Write a case file."""
        path = self.folder / suite / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(HEAD + dedent(text))
        return path

    def suite(self, *requirements: Requirement) -> Suite:
        """The suite of everything written so far."""
        return build_suite(catalogue(*requirements), self.folder)

    def judge(
        self, suite: Suite, text: str | bytes | Mapping[str, Any] = CREDENTIAL, **terms: Any
    ) -> SubjectReport:
        """The report on one credential."""
        return judge_credential(read(text), suite, Terms(AT, **terms), Web())


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """A folder without a case file."""
    return Workshop(tmp_path)


def by_case(report: SubjectReport) -> dict[str, Result]:
    """The results of a report by case."""
    return {result.case: result for result in report.results}
