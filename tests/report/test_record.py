"""The record follows its schema both ways, and one record is one sequence of bytes."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.errors import MalformedError, SuiteError, UnreadableError
from harness.report import read_record, write_record

from .pieces import HOSTILE, Json

Damage = Callable[[Json], object]

DAMAGES: dict[str, tuple[Damage, str]] = {
    "unknown member": (lambda record: record.update(extra=1), ""),
    "missing member": (lambda record: record.pop("engines"), ""),
    "unknown verdict": (lambda record: record.update(verdict="fine"), "/verdict"),
    "version of the future": (lambda record: record.update(record=2), "/record"),
    "digest in capitals": (
        lambda record: record["subjects"][0].update(sha256="A" * 64),
        "/subjects/0/sha256",
    ),
    "count below zero": (lambda record: record["counts"]["MUST"].update(failed=-1), "/counts/MUST/failed"),
    "outcome without a count": (lambda record: record["counts"]["MAY"].pop("review"), "/counts/MAY"),
    "line zero": (lambda record: _finding(record).update(line=0), "/results/{0}/findings/0/line"),
    "six reasons": (lambda record: record["reasons"].extend(record["reasons"]), "/reasons"),
    "case id with markup": (lambda record: record["results"][0].update(case="<b>"), "/results/0/case"),
    "requirement that is not described": (
        lambda record: record["results"][0].update(requirement="VCP-NONE-01"),
        "/results/0/requirement",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_record_is_neither_written_nor_read(failing_record: Json, damage: str) -> None:
    """A record that breaks its schema is our fault when written, malformed when read, with the pointer."""
    record = copy.deepcopy(failing_record)
    harm, place = DAMAGES[damage]
    harm(record)
    pointer = place.format(_index(record))
    with pytest.raises(SuiteError) as ours:
        write_record(record)
    with pytest.raises(MalformedError) as theirs:
        read_record(json.dumps(record).encode())
    for error in (ours.value, theirs.value):
        assert error.where is not None
        assert error.where.pointer == pointer
        assert error.hint


@pytest.mark.parametrize("name", ["good_record", "failing_record", "large_record"])
def test_what_is_written_can_be_read(name: str, request: pytest.FixtureRequest) -> None:
    """Reading gives back every member of what was written."""
    record: Json = request.getfixturevalue(name)
    again = read_record(write_record(record))
    assert again["results"] == record["results"]
    assert again["requirements"] == record["requirements"]
    assert {key: len(value) for key, value in again.items() if isinstance(value, list)} == {
        key: len(value) for key, value in record.items() if isinstance(value, list)
    }


def test_the_order_of_members_and_of_sets_does_not_change_the_bytes(failing_record: Json) -> None:
    """The same record put together in another order is the same bytes."""
    shuffled = _reversed_members(failing_record)
    for name in ("evidence", "artefacts", "untested", "conflicts"):
        shuffled[name] = shuffled[name][::-1]
    assert list(shuffled) != list(failing_record)
    assert write_record(shuffled) == write_record(failing_record)


def test_results_and_subjects_keep_their_order(failing_record: Json) -> None:
    """The order of the input is told by the record."""
    again = json.loads(write_record(failing_record))
    assert [row["name"] for row in again["subjects"]] == [row["name"] for row in failing_record["subjects"]]


def test_the_bytes_are_utf8_with_a_newline_at_the_end(failing_record: Json) -> None:
    """Hostile strings, unpaired surrogates among them, never make invalid UTF-8 and come back unchanged."""
    body = write_record(failing_record)
    assert body.decode("utf-8").endswith("}\n")
    messages = {row["message"] for result in read_record(body)["results"] for row in result["findings"]}
    assert set(HOSTILE) <= messages


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"record": 1, "record": 1}',
        b'{"record": NaN}',
        b"[" * 100_000,
        b'{"record": ' + b"1" * 5000 + b"}",
    ],
    ids=["empty", "array", "not UTF-8", "member twice", "NaN", "deep", "endless number"],
)
def test_bytes_that_are_no_record_are_malformed(body: bytes) -> None:
    """Whatever a stranger sends as record.json is refused with an explanation."""
    with pytest.raises(MalformedError, match="record"):
        read_record(body)


def test_a_syntax_error_is_told_with_line_and_column(tmp_path: Path) -> None:
    """A record that somebody edited by hand says where it broke."""
    path = tmp_path / "record.json"
    path.write_text('{\n "record": 1,,\n}')
    with pytest.raises(MalformedError) as caught:
        read_record(path)
    assert str(caught.value.where) == f"{path}:2:14"


def test_a_missing_record_is_unreadable(tmp_path: Path) -> None:
    """A path without a file is told as such."""
    with pytest.raises(UnreadableError, match=r"none\.json"):
        read_record(tmp_path / "none.json")


def _index(record: Json) -> int:
    return next(index for index, row in enumerate(record["results"]) if row["findings"])


def _finding(record: Json) -> Json:
    found: Json = record["results"][_index(record)]["findings"][0]
    return found


def _reversed_members(value: Json) -> Json:
    return {
        name: _reversed_members(member)
        if isinstance(member, dict)
        else [_reversed_members(item) if isinstance(item, dict) else item for item in member]
        if isinstance(member, list)
        else member
        for name, member in reversed(value.items())
    }
