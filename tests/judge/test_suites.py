"""Loading a suite: what is wrong with a case file is told with file and line, and plans are made once."""

from __future__ import annotations

import sys

import pytest

from harness.errors import SuiteError, UsageError
from harness.judge import build_suite, load_suite
from harness.judge.suite import SUITES

from .conftest import Workshop, catalogue, requirement

PASSING = '''
    @case("{id}")
    def passes(credential):
        """It passes."""
        return []
'''


@pytest.mark.parametrize(
    ("text", "told", "line"),
    [
        ("    def broken(:", "SyntaxError", 6),
        ("    import nothing_of_the_kind", "nothing_of_the_kind", 6),
        ("    undefined_name", "NameError", 6),
        ("    {}['a']", "KeyError", 6),
        ("    [][1]", "IndexError", 6),
        ("    1 / 0", "ZeroDivisionError", 6),
        ("    None.a", "AttributeError", 6),
        ("    assert False, 'because'", "because", 6),
        ("    open('/nowhere')", "/nowhere", 6),
        ("    raise RuntimeError('because')", "because", 6),
        ("    case('VCP-T-01', nonsense=1)", "nonsense", 6),
        ("    x = 1\n\n    @case('VCP-T-01', owns=5)\n    def f(c): ...", "TypeError", 8),
        ("    \x00", "null bytes", None),
    ],
)
def test_a_broken_case_file_is_told_with_its_line(
    workshop: Workshop, text: str, told: str, line: int | None
) -> None:
    """A case file that cannot be loaded, for whatever reason, is an error of the suite with file and line."""
    path = workshop.write(text + "\n")
    with pytest.raises(SuiteError) as caught:
        workshop.suite()
    assert str(path) in str(caught.value)
    assert told in str(caught.value)
    if line is not None:
        assert f"{path}:{line}" in str(caught.value)


def test_the_cases_of_a_broken_file_go_nowhere(workshop: Workshop) -> None:
    """Cases that a file registered before it broke do not turn up in the next file that is loaded."""
    broken = workshop.write(PASSING.format(id="VCP-T-01") + "\n    1 / 0\n", "test_a.py")
    workshop.write(PASSING.format(id="VCP-T-02"), "test_b.py")
    with pytest.raises(SuiteError):
        workshop.suite(requirement("VCP-T-01"), requirement("VCP-T-02"))
    broken.unlink()
    assert [item.id for item in workshop.suite(requirement("VCP-T-02")).cases] == ["VCP-T-02"]


def test_an_unknown_requirement_is_told_with_its_case(workshop: Workshop) -> None:
    """A case of a requirement that the catalogue does not have is told with both names and its place."""
    path = workshop.write(PASSING.format(id="VCP-T-01"))
    with pytest.raises(SuiteError, match=r"case VCP-T-01 names the unknown requirement VCP-T-01") as caught:
        workshop.suite(requirement("VCP-T-02"))
    assert f"{path}:7" in str(caught.value)


def test_a_case_id_that_is_used_twice_is_told(workshop: Workshop) -> None:
    """Two cases of one id, also in two files, are an error of the suite with the place of the second."""
    workshop.write(PASSING.format(id="VCP-T-01"), "test_a.py")
    path = workshop.write(PASSING.format(id="VCP-T-01"), "test_b.py")
    with pytest.raises(SuiteError, match="VCP-T-01 is used twice") as caught:
        workshop.suite(requirement("VCP-T-01"))
    assert f"{path}:7" in str(caught.value)


def test_shared_modules_of_two_folders_do_not_mix(workshop: Workshop) -> None:
    """Two suites may each have a shared module of one name: every case gets the one of its own folder."""
    for suite, word in (("credential", "ours"), ("extension", "theirs")):
        (workshop.folder / suite).mkdir(exist_ok=True)
        (workshop.folder / suite / "_shared_words.py").write_text(f"WORD = '{word}'\n")
        workshop.write(
            f"    from _shared_words import WORD\n{PASSING.format(id=f'VCP-T-{word}')}", suite=suite
        )
    found = workshop.suite(requirement("VCP-T-ours"), requirement("VCP-T-theirs")).cases
    assert {item.id: item.function.__globals__["WORD"] for item in found} == {
        "VCP-T-ours": "ours",
        "VCP-T-theirs": "theirs",
    }


def test_loading_leaves_the_path_as_it_was(workshop: Workshop) -> None:
    """Folders of cases are on the import path only while their files are loaded, also when they break."""
    before = list(sys.path)
    workshop.write("    1 / 0\n")
    with pytest.raises(SuiteError):
        workshop.suite()
    assert sys.path == before


def test_plans_are_made_once_for_each_profile_and_type(workshop: Workshop) -> None:
    """The plan of one type under one profile is the same object every time, and other types have their own."""
    workshop.write(PASSING.format(id="VCP-T-01"))
    workshop.write(PASSING.format(id="DPP-T-01"), "test_dpp.py")
    suite = workshop.suite(requirement("VCP-T-01"), requirement("DPP-T-01"))
    profile, older = suite.profile("untp-0.7.0"), suite.profile("untp-0.6.1")
    passport = profile.types["DigitalProductPassport"]
    assert suite.plan(profile, passport) is suite.plan(profile, passport)
    assert [item.id for item in suite.plan(profile, passport).cases] == ["DPP-T-01", "VCP-T-01"]
    assert [item.id for item in suite.plan(profile, None).cases] == ["VCP-T-01"]
    assert suite.plan(older, passport).cases == (), "these requirements are of 0.7.0"


def test_the_digest_names_every_case_file(workshop: Workshop) -> None:
    """The digest changes with a case file, also with one that is brought along, and with nothing else."""
    workshop.write(PASSING.format(id="VCP-T-01"))
    known = catalogue(requirement("VCP-T-01"), requirement("VCP-T-02"))
    first = build_suite(known, workshop.folder)
    assert build_suite(known, workshop.folder).digest == first.digest
    extra = workshop.folder / "more.py"
    extra.write_text(
        "from harness.judge import case\n\n@case('VCP-T-02')\ndef passes(credential):\n    return []\n"
    )
    changed = {first.digest}
    with_extra = build_suite(known, workshop.folder, [extra])
    assert [item.id for item in with_extra.cases] == ["VCP-T-01", "VCP-T-02"]
    changed.add(with_extra.digest)
    extra.write_text(extra.read_text() + "# changed\n")
    changed.add(build_suite(known, workshop.folder, [extra]).digest)
    assert len(changed) == 3


def test_an_unknown_profile_is_wrong_usage(workshop: Workshop) -> None:
    """A profile that does not exist is told with those that do."""
    with pytest.raises(UsageError, match="there is no profile 'untp-9'") as caught:
        workshop.suite().profile("untp-9")
    assert "untp-0.7.0" in str(caught.value)


def test_the_suite_that_ships_is_in_order() -> None:
    """Cases come by suite and id, each with a title and a place, whatever the order of the files."""
    suite = load_suite()
    keys = [(SUITES.index(item.suite), item.id) for item in suite.cases]
    assert keys == sorted(keys)
    assert all(item.title and item.line > 0 for item in suite.cases)
    assert len(keys) > 100
