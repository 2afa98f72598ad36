"""Requirements, profiles, conflicts and cases fit together; ids are never reused; nothing is silently untested."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.catalogue import load_catalogue, read_catalogue
from harness.errors import SuiteError
from harness.judge import load_suite
from harness.resources import resource

CATALOGUE = load_catalogue()


def test_every_requirement_has_a_case_or_a_reason() -> None:
    """A requirement without a case says why a machine cannot decide it, or why not yet."""
    tested = {item.requirement for item in load_suite().cases}
    silent = [
        r.id
        for r in CATALOGUE.requirements.values()
        if r.id not in tested and not r.manual and not r.deferred
    ]
    assert not silent


def test_a_requirement_with_a_case_is_not_called_deferred() -> None:
    """The reason for having no case goes when the case comes."""
    tested = {item.requirement for item in load_suite().cases}
    assert not [r.id for r in CATALOGUE.requirements.values() if r.id in tested and r.deferred]


def test_every_case_has_a_sentence() -> None:
    """The docstring of a case is the sentence that readers see."""
    assert not [item.id for item in load_suite().cases if not item.title.endswith(".")]


def test_every_profile_names_schemas_and_shapes_that_exist() -> None:
    """A profile refers to files of ours only."""
    for profile in CATALOGUE.profiles.values():
        for kind in profile.types.values():
            assert resource("schemas", *kind.schema.split("/")).is_file()
        for shape in profile.shapes:
            assert resource("shapes", shape).is_file()


@pytest.mark.parametrize("source", sorted({s for r in CATALOGUE.requirements.values() for s in r.sources}))
def test_sources_are_https_addresses(source: str) -> None:
    """A reader can open every source."""
    assert source.startswith("https://")


def test_a_reused_id_is_refused(tmp_path: Path) -> None:
    """The same id in two files is an error that names it."""
    _copy(tmp_path)
    extra = (tmp_path / "requirements" / "vcp.toml").read_text(encoding="utf-8")
    (tmp_path / "requirements" / "zzz.toml").write_text(extra, encoding="utf-8")
    with pytest.raises(SuiteError, match="used twice"):
        read_catalogue(tmp_path)


def test_a_mistake_in_a_requirement_is_told_with_its_file(tmp_path: Path) -> None:
    """A level that does not exist is an error with file and place."""
    _copy(tmp_path)
    path = tmp_path / "requirements" / "dia.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('level = "MUST"', 'level = "OUGHT"', 1), encoding="utf-8"
    )
    with pytest.raises(SuiteError, match=r"OUGHT.*requirement/0/level") as caught:
        read_catalogue(tmp_path)
    assert "dia.toml" in str(caught.value)


def _copy(folder: Path) -> None:
    for part in ("requirements", "profiles"):
        (folder / part).mkdir()
        for path in resource("test_cases", part).glob("*.toml"):
            (folder / part / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    text = resource("test_cases", "conflicts.toml").read_text(encoding="utf-8")
    (folder / "conflicts.toml").write_text(text, encoding="utf-8")
