"""Checks as data: read with file and line, listed like any case, asked step by step, and judged from the recording alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.errors import SuiteError
from harness.exchange import Recording
from harness.judge import EndpointUnderTest, load_suite, run_case
from harness.judge.endpoint_check import Check, read_checks
from harness.live.endpoint_check import ask_checks
from harness.model import Outcome, Result
from harness.resources import resource

from .judging import AT
from .world import Asked, Reply, speaking

BASE = "https://id.minerals.example/"
FILES = sorted(resource("test_cases").glob("*/*.toml"))
CHECKED = [
    path
    for path in FILES
    if path.parent.name in ("resolver", "publisher", "registrar", "vocabulary", "access_control")
]


def check(tmp_path: Path, text: str) -> Check:
    """A check of the resolver suite from its TOML."""
    path = tmp_path / "resolver" / "more.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'[[check]]\nid = "IDR-WK-01"\ntitle = "It holds."\n{text}', encoding="utf-8")
    return read_checks(path)[0]


def run(
    made: Check, row: dict[str, Any], site: Callable[[Asked], Reply], *, replayed: bool = False
) -> Result:
    """What a check says of a site."""
    suite = load_suite()
    with speaking(site) as line:
        kept = tuple(ask_checks([made], row, line, role="resolver", endpoint="resolver[0]"))
    recording = Recording(kept)
    if replayed:
        recording = Recording.restored(*recording.rows())
    subject = EndpointUnderTest("resolver", "resolver[0]", recording, suite.profile("untp-0.7.0"), AT)
    return run_case(made.as_case(), subject, suite)


def says(
    value: Any = None, status: int = 200, media_type: str = "application/json", **headers: str
) -> Callable[[Asked], Reply]:
    """A site that gives everybody the same answer."""
    body = json.dumps(value).encode()
    return lambda _: Reply(
        status,
        body,
        {"Content-Type": media_type} | {name.replace("_", "-"): value for name, value in headers.items()},
    )


def step(expect: str, **more: str) -> str:
    """One step with one expectation."""
    extra = "\n".join(f"{name} = {value}" for name, value in more.items())
    return f'[[check.step]]\nname = "ask"\nurl = "{{+base}}x"\n{extra}\nexpect = [{{ {expect}, message = "wrong", hint = "mend it" }}]'


@pytest.mark.parametrize("path", CHECKED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_files_of_the_suite_are_lint_free(path: Path) -> None:
    """Each follows its schema, names requirements that there are, and expects something in its last step."""
    requirements = load_suite().catalogue.requirements
    for made in read_checks(path):
        assert made.requirement in requirements
        assert made.steps[-1].expects
        assert len({step.name for step in made.steps}) == len(made.steps)


def test_a_check_is_a_case_like_any_other() -> None:
    """It stands in the suite with its id, sentence, file and line."""
    item = next(item for item in load_suite().cases if item.id == "IDR-WK-01")
    assert item.suite == "resolver"
    assert item.title.startswith("The host serves a description")
    assert Path(item.file).read_text(encoding="utf-8").splitlines()[item.line] == 'id = "IDR-WK-01"'


@pytest.mark.parametrize(
    ("expect", "good", "bad"),
    [
        ("status = [200, 204]", says({}), says({}, 500)),
        ('status = ["4xx"]', says({}, 404), says({}, 200)),
        ('media_type = ["application/*"]', says({}), says({}, media_type="text/html")),
        ('header = "ETag"', says({}, ETag='"1"'), says({})),
        ('header = "ETag", matches = "^\\"[0-9]+\\"$"', says({}, ETag='"12"'), says({}, ETag='"a"')),
        ('header = "Set-Cookie", absent = true', says({}), says({}, Set_Cookie="a=1")),
        ('pointer = ""', says({}), lambda _: Reply(200, b"<p>")),
        ('pointer = "/a/0", equals = 1', says({"a": [1]}), says({"a": [2]})),
        ('pointer = "/a", equals = "{+base}x"', says({"a": f"{BASE}x"}), says({"a": "x"})),
        ('pointer = "/a", matches = "^b"', says({"a": "bc"}), says({"a": 1})),
        ('pointer = "/a", absent = true', says({}), says({"a": None})),
        ("redirect = true", says({}, 307, Location="/y"), says({}, 200, Location="/y")),
        ('redirect = true, equals = "{+base}y"', says({}, 307, Location="/y"), says({}, 307, Location="/z")),
        ('schema = { type = "object", required = ["a"] }', says({"a": 1}), says({})),
        ('schema = "untp-0.7.0/linkset.json"', says({"linkset": []}), says({"linkset": {}})),
        (
            'sha256 = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"',
            lambda _: Reply(200, b"{}"), lambda _: Reply(200, b"{ }"),
        ),
    ],
)  # fmt: skip
def test_each_expectation_passes_the_good_and_finds_the_bad(
    tmp_path: Path, expect: str, good: Callable[[Asked], Reply], bad: Callable[[Asked], Reply]
) -> None:
    """The finding says message, hint and what was asked; a restored recording is judged the same."""
    made = check(tmp_path, step(expect))
    assert run(made, {"base": BASE}, good).outcome is Outcome.PASSED
    result = run(made, {"base": BASE}, bad)
    assert result.outcome is Outcome.WARNING
    assert "wrong" in result.findings[0].message
    assert f"{BASE}x" in result.findings[0].message
    assert result.findings[0].hint == "mend it"
    assert run(made, {"base": BASE}, bad, replayed=True) == result


def test_a_round_for_each_value(tmp_path: Path) -> None:
    """`each` asks once for every value, and only the bad one is found."""
    made = check(tmp_path, 'each = "paths"\n' + step("status = [200]").replace("{+base}x", "{+base}{+item}"))
    result = run(
        made,
        {"base": BASE, "paths": ["good/1", "bad"]},
        lambda asked: Reply(200 if "good" in asked.path else 404),
    )
    assert [finding.message.split()[1] for finding in result.findings] == [f"{BASE}bad"]


def test_members_of_a_table_are_variables(tmp_path: Path) -> None:
    """A list of tables gives one round for each, with its members by name."""
    made = check(
        tmp_path,
        'each = "rows"\n' + step('pointer = "/a", equals = "{wanted}"').replace("{+base}x", "{+url}"),
    )
    assert (
        run(made, {"rows": [{"url": f"{BASE}1", "wanted": "b"}]}, says({"a": "b"})).outcome is Outcome.PASSED
    )
    assert (
        run(made, {"rows": [{"url": f"{BASE}1", "wanted": "c"}]}, says({"a": "b"})).outcome is Outcome.WARNING
    )


@pytest.mark.parametrize("lacking", ['each = "paths"\n', 'needs = ["register"]\n'])
def test_what_vendor_toml_does_not_name_does_not_apply(tmp_path: Path, lacking: str) -> None:
    """Without a value to ask for, the check does not apply."""
    made = check(tmp_path, lacking + step("status = [200]"))
    assert run(made, {"base": BASE}, says({})).outcome is Outcome.NOT_APPLICABLE


TWO = """
[[check.step]]
name = "first"
url = "{+base}first"
expect = []
capture = [{ name = "next", pointer = "/next" }]

[[check.step]]
name = "second"
url = "{+next}"
OPTIONAL
expect = [{ status = [200], message = "the next one is gone", hint = "keep it" }]
"""


def test_a_later_step_uses_what_an_earlier_answer_gave(tmp_path: Path) -> None:
    """A captured value is a variable of the next step."""
    made = check(tmp_path, TWO.replace("OPTIONAL", ""))
    second: list[int] = [200]

    def site(asked: Asked) -> Reply:
        body = json.dumps({"next": f"{BASE}next"}).encode()
        return Reply(200, body) if asked.path == "/first" else Reply(second[0])

    assert run(made, {"base": BASE}, site).outcome is Outcome.PASSED
    second[0] = 410
    assert run(made, {"base": BASE}, site).outcome is Outcome.WARNING


def test_a_value_that_no_answer_gave_leaves_it_not_run(tmp_path: Path) -> None:
    """Nothing is passed that was not asked; where an optional step is left out, nothing applies."""
    assert (
        run(check(tmp_path, TWO.replace("OPTIONAL", "")), {"base": BASE}, says({})).outcome is Outcome.NOT_RUN
    )
    assert (
        run(check(tmp_path, TWO.replace("OPTIONAL", "optional = true")), {"base": BASE}, says({})).outcome
        is Outcome.NOT_APPLICABLE
    )


def test_an_endpoint_that_is_gone_is_not_run(tmp_path: Path) -> None:
    """No answer is never a fault of the product."""
    made = check(tmp_path, step("status = [200]"))
    suite = load_suite()
    with speaking(says({})) as line:
        line.port = 1
        kept = tuple(ask_checks([made], {"base": BASE}, line, role="resolver", endpoint="resolver[0]"))
    subject = EndpointUnderTest("resolver", "resolver[0]", Recording(kept), suite.profile("untp-0.7.0"), AT)
    assert run_case(made.as_case(), subject, suite).outcome is Outcome.NOT_RUN


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (step("status = [200], header = 'x'"), "valid under each of|oneOf|more than one"),
        (step("status = ['teapot']"), "teapot"),
        (step("status = [200]", methd="'GET'"), "methd"),
        (step("equals = 1"), "not valid under any"),
        (step("status = [200]", redirects="99"), "99"),
        ('each = "Big"\n' + step("status = [200]"), "Big"),
    ],
)
def test_a_mistake_is_told_with_its_file(tmp_path: Path, text: str, told: str) -> None:
    """The schema refuses it, and the message says where."""
    with pytest.raises(SuiteError, match=told) as caught:
        check(tmp_path, text)
    assert "more.toml" in str(caught.value)
