"""Running cases: every way in which one can end, and none that stops the others."""

from __future__ import annotations

import pytest

from harness.errors import SuiteError
from harness.model import Basis, Level, Outcome, Verdict

from .conftest import CREDENTIAL, Workshop, by_case, requirement


def test_every_ending_has_its_outcome(workshop: Workshop) -> None:
    """Passing, failing, warning, not applying, absence, engine trouble, stumbling and questions stand side by side."""
    workshop.write('''
        @case("VCP-T-01")
        def passes(credential):
            """It passes."""
            return []

        @case("VCP-T-02")
        def fails(credential):
            """It fails."""
            yield credential.root.at("name").finds("wrong", expected="y", hint="do")

        @case("VCP-T-03")
        def warns(credential):
            """It warns."""
            yield credential.root.finds("not nice")

        @case("VCP-T-04", when=lambda credential: credential.root["nothing"])
        def does_not_apply(credential):
            """It does not apply."""
            yield Finding("never")

        @case("VCP-T-05")
        def lacks(credential):
            """It lacks something."""
            credential.fetched("https://x.example/list")
            yield Finding("never")

        @case("VCP-T-06")
        def engine(credential):
            """Its engine breaks."""
            raise BudgetError("out of time", hint="wait")

        @case("VCP-T-07")
        def asks(credential):
            """It asks a person."""
            yield Finding("is this right?").for_a_person()

        @case("VCP-T-08")
        def blames_us(credential):
            """It is our fault."""
            yield Finding("we cannot", blame="harness")

        @case("VCP-T-09")
        def malformed(credential):
            """Something is malformed."""
            raise MalformedError("not base64")
    ''')
    requirements = [
        requirement(f"VCP-T-0{number}", Level.SHOULD if number == 3 else Level.MUST)
        for number in range(1, 10)
    ]
    report = workshop.judge(workshop.suite(*requirements))
    assert [(result.case, result.outcome) for result in report.results] == [
        ("VCP-T-01", Outcome.PASSED), ("VCP-T-02", Outcome.FAILED), ("VCP-T-03", Outcome.WARNING),
        ("VCP-T-04", Outcome.NOT_APPLICABLE), ("VCP-T-05", Outcome.NOT_RUN), ("VCP-T-06", Outcome.ERROR),
        ("VCP-T-07", Outcome.REVIEW), ("VCP-T-08", Outcome.ERROR), ("VCP-T-09", Outcome.ERROR),
    ]  # fmt: skip
    found = by_case(report)
    (failed,) = found["VCP-T-02"].findings
    assert (failed.pointer, failed.line, failed.actual, failed.source) == (
        "/name",
        1,
        '"x"',
        "https://x.example/VCP-T-02",
    )
    assert failed.excerpt is not None
    assert "https://x.example/list" in (found["VCP-T-05"].reason or "")
    assert found["VCP-T-06"].findings[0].hint == "wait"
    assert found["VCP-T-09"].reason == "not base64"
    assert report.verdict is Verdict.NONCONFORMANT


@pytest.mark.parametrize(
    "stumble",
    [
        "1 / 0",
        "[][0]",
        "{}['a']",
        "None.a",
        "int('x')",
        "'a' + 1",
        "'\\ud800'.encode()",
        "b'\\xff'.decode()",
        "float('inf').__int__()",
        "f(f)",
    ],
)
def test_a_case_that_stumbles_stops_no_other(workshop: Workshop, stumble: str) -> None:
    """Whatever a case stumbles over is an error that says so, at any point of it, and the next case runs."""
    workshop.write(f'''
        def f(g):
            return g(g)

        @case("VCP-T-01")
        def stumbles(credential):
            """It stumbles."""
            yield Finding("before")
            {stumble}

        @case("VCP-T-02", when=lambda credential: {stumble})
        def stumbles_before(credential):
            """It stumbles before it begins."""
            return []

        @case("VCP-T-03")
        def passes(credential):
            """It passes."""
            return []
    ''')
    report = workshop.judge(workshop.suite(*(requirement(f"VCP-T-0{number}") for number in (1, 2, 3))))
    assert [result.outcome for result in report.results] == [Outcome.ERROR, Outcome.ERROR, Outcome.PASSED]
    assert "stumbled" in (report.results[0].reason or "")
    assert report.verdict is Verdict.UNDETERMINED


def test_a_fault_that_a_conflict_excuses_is_charged_to_nobody(workshop: Workshop) -> None:
    """Findings that a conflict of standards explains pass, and the conflict is named."""
    workshop.write('''
        @case("VCP-T-01")
        def excused(credential):
            """It is excused."""
            yield Finding("a").excused_by("CONFLICT-01")
            yield Finding("b").excused_by("CONFLICT-02")
            yield Finding("c").excused_by("CONFLICT-01")

        @case("VCP-T-02")
        def half(credential):
            """Half of it is excused."""
            yield Finding("a").excused_by("CONFLICT-03")
            yield Finding("b")
    ''')
    report = workshop.judge(workshop.suite(requirement("VCP-T-01"), requirement("VCP-T-02")))
    excused, half = report.results
    assert (excused.outcome, excused.findings, excused.conflicts) == (
        Outcome.PASSED,
        (),
        ("CONFLICT-01", "CONFLICT-02"),
    )
    assert "CONFLICT-01, CONFLICT-02" in (excused.reason or "")
    assert (half.outcome, [finding.message for finding in half.findings], half.conflicts) == (
        Outcome.FAILED,
        ["b"],
        ("CONFLICT-03",),
    )
    assert report.conflicts == ("CONFLICT-01", "CONFLICT-02", "CONFLICT-03")


def test_an_unknown_conflict_is_our_error(workshop: Workshop) -> None:
    """A case that names a conflict that nobody has described is told with its file and line."""
    path = workshop.write('''
        @case("VCP-T-01")
        def excused(credential):
            """It is excused."""
            yield Finding("a").excused_by("CONFLICT-99")
    ''')
    with pytest.raises(SuiteError, match="CONFLICT-99") as caught:
        workshop.judge(workshop.suite(requirement("VCP-T-01")))
    assert f"{path}:7" in str(caught.value)


def test_an_error_of_the_suite_is_not_hidden(workshop: Workshop) -> None:
    """A case that finds the suite itself broken ends the run: no verdict could be trusted."""
    workshop.write('''
        @case("VCP-T-01")
        def broken(credential):
            """The suite is broken."""
            raise SuiteError("a schema is gone", where="schemas/x.json")
    ''')
    with pytest.raises(SuiteError, match=r"schemas/x\.json: a schema is gone"):
        workshop.judge(workshop.suite(requirement("VCP-T-01")))


@pytest.mark.parametrize(
    ("blames", "outcome", "told"),
    [
        (("vendor", "harness"), Outcome.FAILED, ["vendor"]),
        (("person", "vendor"), Outcome.FAILED, ["vendor"]),
        (("person", "harness"), Outcome.ERROR, ["person", "harness"]),
        (("harness", "harness"), Outcome.ERROR, ["harness", "harness"]),
        (("person", "person"), Outcome.REVIEW, ["person", "person"]),
    ],
)
def test_mixed_blame_never_fails_without_a_finding(
    workshop: Workshop, blames: tuple[str, ...], outcome: Outcome, told: list[str]
) -> None:
    """A vendor fails on findings that are the vendor's; questions and our own troubles alone fail nobody."""
    findings = "".join(f"            yield Finding('{blame}', blame='{blame}')\n" for blame in blames)
    workshop.write(f'''
        @case("VCP-T-01")
        def mixed(credential):
            """It is mixed."""
{findings}''')
    (result,) = workshop.judge(workshop.suite(requirement("VCP-T-01"))).results
    assert (result.outcome, [finding.message for finding in result.findings]) == (outcome, told)


OWNER = '''
    @case("VCP-T-01", owns="/name")
    def looks_away(credential):
        """It owns a pointer and {does}."""
        {body}

    @case("VCP-SCH-01", when=lambda credential: credential.type)
    def umbrella(credential):
        """The schema holds."""
        yield from credential.schema_findings(None)
'''
PASSPORT = {**CREDENTIAL, "type": ["DigitalProductPassport", "VerifiableCredential"], "name": 5}


@pytest.mark.parametrize(
    ("body", "basis", "umbrella_has_it"),
    [
        ("return []", Basis.KEYWORD, True),
        ('yield from credential.schema_findings("VCP-T-01")', Basis.KEYWORD, False),
        ('yield from credential.schema_findings("VCP-T-01")', Basis.PROSE, True),
        (
            'yield from credential.schema_findings("VCP-T-01", excused=lambda fault: "CONFLICT-01")',
            Basis.KEYWORD,
            False,
        ),
        ('raise EngineError("broken")', Basis.KEYWORD, True),
    ],
    ids=["looks away", "fails", "only warns", "excused", "breaks"],
)
def test_no_schema_fault_goes_unreported(
    workshop: Workshop, body: str, basis: Basis, umbrella_has_it: bool
) -> None:
    """A schema fault whose owner neither fails nor is excused is a failure of the umbrella."""
    workshop.write(OWNER.format(does="does", body=body))
    report = workshop.judge(
        workshop.suite(requirement("VCP-T-01", basis=basis), requirement("VCP-SCH-01", basis=Basis.SCHEMA)),
        PASSPORT,
    )
    umbrella = by_case(report)["VCP-SCH-01"]
    assert umbrella.outcome is Outcome.FAILED, "other members are missing too"
    mine = [finding for finding in umbrella.findings if finding.pointer == "/name"]
    assert bool(mine) == umbrella_has_it
    assert all(finding.excerpt is not None for finding in mine)


def test_only_the_wanted_cases_run(workshop: Workshop) -> None:
    """--only takes case ids by glob, and nothing else runs."""
    for number in (1, 2, 11):
        workshop.write(
            f'''
            @case("VCP-T-{number:02}")
            def passes(credential):
                """It passes."""
                return []
            ''',
            f"test_{number}.py",
        )
    suite = workshop.suite(*(requirement(f"VCP-T-{number:02}") for number in (1, 2, 11)))
    assert list(by_case(workshop.judge(suite, only=("VCP-T-0*",)))) == ["VCP-T-01", "VCP-T-02"]
    assert list(by_case(workshop.judge(suite, only=("vcp-*", "VCP-T-11")))) == ["VCP-T-11"]
    assert workshop.judge(suite, only=("NOTHING",)).verdict is Verdict.UNDETERMINED


def test_what_is_no_credential_is_read_and_no_more(workshop: Workshop) -> None:
    """A document that is no credential meets the reading case alone, and has no profile and no verdict on conformance."""
    workshop.write('''
        @case("VCP-JSON-01")
        def reads(credential):
            """It can be read."""
            for fault in credential.credential.faults:
                yield fault.finding
            if credential.credential.kind != "credential":
                yield credential.not_a_credential()

        @case("VCP-T-01")
        def never(credential):
            """It never runs on these."""
            yield Finding("ran")
    ''')
    suite = workshop.suite(requirement("VCP-JSON-01"), requirement("VCP-T-01"))
    for text, verdict in (
        ("[]", Verdict.UNDETERMINED),
        ('{"keys": []}', Verdict.UNDETERMINED),
        ("{", Verdict.NONCONFORMANT),
        ("\x00", Verdict.UNDETERMINED),
    ):
        report = workshop.judge(suite, text)
        assert list(by_case(report)) == ["VCP-JSON-01"]
        assert (report.verdict, report.profile) == (verdict, None)


@pytest.mark.parametrize(
    "context",
    [
        "https://vocabulary.uncefact.org/untp/0." + "9" * 5000 + ".0/context/", "untp/v\u0660.\u0667.\u0660", "untp/0.7", "untp/99.99.99",
        "https://test.uncefact.org/vocabulary/untp/dpp/0.0.0/", None, 5, {}, [], "",
    ],
)  # fmt: skip
def test_any_context_leads_to_some_profile(workshop: Workshop, context: object) -> None:
    """A context with a version of any length, script or kind is judged by some release."""
    workshop.write('''
        @case("VCP-T-01")
        def passes(credential):
            """It passes."""
            return []
    ''')
    suite = workshop.suite(requirement("VCP-T-01"))
    for given in ([context], context, [context, "https://www.w3.org/ns/credentials/v2"]):
        assert workshop.judge(suite, {**CREDENTIAL, "@context": given}).profile is not None
