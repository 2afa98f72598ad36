"""Parts and readings: what is written is what is read, and nothing else is believed."""

from __future__ import annotations

import dataclasses
import pickle
import zlib
from pathlib import Path

import pytest

from harness.errors import UnreadableError
from harness.gather.web import HeldWeb
from harness.graph.build import Reading
from harness.judge import Terms
from harness.reference.chain import reference_bundle
from harness.run import Bench, bundle_scope, make_record
from harness.volume.parts import Numbered, Part, RunFolder
from harness.volume.readings import packed_readings, unpacked_readings


def judged_chain() -> tuple[Bench, Part]:
    """The good chain in one part."""
    bundle = reference_bundle()
    bench = Bench(Terms(bundle.at), (HeldWeb(bundle.web),), joins=True)
    chunk: list[Numbered] = list(enumerate(bundle.evidence))
    judged = [(number, item) for number, evidence in chunk for item in bench.judge(evidence)]
    return bench, Part.of(chunk, judged, key="k", suite=bench.suite.digest)


def test_a_part_gives_the_same_record() -> None:
    """The record of what was packed and unpacked is the record of what was judged."""
    bench, part = judged_chain()
    again = [item for _, item in part.reports(bench.suite)]
    straight = [item for evidence in reference_bundle().evidence for item in bench.judge(evidence)]
    scope = bundle_scope(bench.suite, (item.report.profile for item in straight))
    assert make_record(again, bench, scope, profile=None) == make_record(straight, bench, scope, profile=None)


def test_readings_come_back_as_they_were() -> None:
    """What credentials say for a graph is kept, value for value."""
    _, part = judged_chain()
    said = [reading for reading in part.readings or () if reading is not None]
    assert len(said) == len(part.rows)
    assert all(isinstance(reading, Reading) for reading in said)
    assert [r.source.name for r in said] == [row["name"] for row in part.rows]
    straight = [item.reading for evidence in reference_bundle().evidence for item in _bench().judge(evidence)]
    assert sorted(map(_told, said)) == sorted(_told(reading) for reading in straight if reading is not None)


def _bench() -> Bench:
    bundle = reference_bundle()
    return Bench(Terms(bundle.at), (HeldWeb(bundle.web),), joins=True)


def _told(value: object) -> str:
    """A reading as text that does not depend on the order of sets."""
    if isinstance(value, frozenset):
        return f"{{{', '.join(sorted(map(_told, value)))}}}"
    if isinstance(value, tuple):
        return f"({', '.join(map(_told, value))})"
    if dataclasses.is_dataclass(value):
        return f"{type(value).__name__}({', '.join(_told(getattr(value, f.name)) for f in dataclasses.fields(value))})"
    return repr(value)


class Evil:
    """Something that would run a command when it is read."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (eval, ("1 + 1",))


def called(module: str, name: str) -> bytes:
    """A pickle that calls something, by a name that may lead through a module to another one."""
    words = b"".join(b"\x8c" + bytes([len(word)]) + word.encode() for word in (module, name))
    return b"\x80\x04" + words + b"\x93\x8c\x051 + 1\x85R."


@pytest.mark.parametrize(
    "body",
    [
        zlib.compress(pickle.dumps([Evil()])), zlib.compress(called("harness.graph.limits", "re.enum.bltns.eval")),
        zlib.compress(called("harness.graph.build", "build_graph")), b"no zlib", zlib.compress(b"no pickle"), zlib.compress(pickle.dumps([Path]))],
)  # fmt: skip
def test_only_values_of_the_graph_are_read(body: bytes) -> None:
    """Bytes that name anything else are refused, and nothing of them runs."""
    with pytest.raises(UnreadableError):
        unpacked_readings(body)


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda text: text[:-20], lambda _: b"", lambda text: text.replace(b'"end"', b'"und"'),
        lambda text: text.replace(b'"outcomes":"P', b'"outcomes":"W', 1),
        lambda text: text.replace(b"nn", b"nP", 1),
        lambda text: text.replace(b'"verdict":"conformant"', b'"verdict":"conformanT"', 1),
    ],
)  # fmt: skip
def test_a_spoiled_part_counts_as_none(tmp_path: Path, spoiled: object) -> None:
    """A part that was cut off, or of which a letter was changed, is judged again, never half believed."""
    assert callable(spoiled)
    _, part = judged_chain()
    folder = RunFolder(tmp_path)
    folder.keep(0, part)
    assert folder.part(0) is not None
    path = tmp_path / "part-000000.jsonl"
    path.write_bytes(spoiled(path.read_bytes()))
    assert folder.part(0) is None


def test_a_part_with_other_readings_counts_as_none(tmp_path: Path) -> None:
    """What a graph is made of belongs to the verdicts beside it."""
    _, part = judged_chain()
    folder = RunFolder(tmp_path)
    folder.keep(0, part)
    (tmp_path / "part-000000.readings").write_bytes(packed_readings([]))
    assert folder.part(0) is None
