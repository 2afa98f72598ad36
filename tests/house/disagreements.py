"""Makes docs/disagreements.md: `python tests/house/disagreements.py` writes it, a test keeps it in step."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import jsonpatch

from harness.catalogue import Conflict
from harness.credential import read_credentials
from harness.evidence import Evidence, Web
from harness.judge import Terms, load_suite, under_test
from harness.reference.payloads import load_payloads

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
PAGE: Final = DOCS / "disagreements.md"
TABLE: Final = DOCS / "disagreements.toml"
AT: Final = datetime(2026, 11, 22, tzinfo=UTC)

HEAD: Final = """\
# Disagreements

For the editors of the specification. Made by `python tests/house/disagreements.py` from `docs/disagreements.toml`
and `test_cases/conflicts.toml`; what each layer says is asked of the engines, and a test keeps this page in step.

## Documents on which JSON Schema, JSON-LD and SHACL disagree

Each is a good credential of 0.7.0, changed in one place. *JSON Schema* is the schema of 0.7.0 (ours, which gives
the same errors as the official one; formats are asserted). *JSON-LD* is expansion with the official contexts, in
which nothing may be lost. *SHACL* are our shapes, as UNTP publishes none. The harness reports each of them, but for the index, where
either side passes.
"""

CONFLICTS: Final = """
## Official texts that contradict each other, or the standards that they cite

Who follows either side passes, and the report shows both.
"""


@dataclass(frozen=True)
class Layers:
    """What each layer has against a document: nothing, or its first words on it."""

    schema: tuple[str, ...]
    json_ld: tuple[str, ...]
    shacl: tuple[str, ...]

    @property
    def disagree(self) -> bool:
        """Whether not all layers say the same."""
        return len({bool(self.schema), bool(self.json_ld), bool(self.shacl)}) > 1


def table() -> dict[str, Any]:
    """The data of the page."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def layers(document: Mapping[str, Any]) -> Layers:
    """What the layers say of one example."""
    value = copy.deepcopy(load_payloads()[document["base"]].value)
    value = jsonpatch.apply_patch(value, json.loads(document["patch"]))
    evidence = Evidence("example.json", json.dumps(value).encode(), "application/vc")
    (credential,) = read_credentials(evidence)
    suite = load_suite()
    terms = Terms(AT, suite.profile(load_payloads()[document["base"]].version), "reference")
    subject = under_test(credential, suite, terms, Web())
    faults = [f"{f.pointer or '/'}: {f.message}" for faults in subject.schema_faults.values() for f in faults]
    expansion = subject.expansion
    if expansion.fault is not None:
        return Layers(tuple(faults), (f"refused: {expansion.fault.message}",), ())
    lost = [f"{item.pointer}: {item.detail}" for item in expansion.dropped]
    shapes = [f"{r.pointer or '/'}: {r.message}" for found in subject.shape_results.values() for r in found]
    return Layers(tuple(sorted(faults)), tuple(sorted(lost)), tuple(sorted(shapes)))


def page() -> str:
    """The whole page."""
    data = table()
    parts = [HEAD, *_documents(data["document"]), CONFLICTS]
    for conflict in load_suite().catalogue.conflicts.values():
        parts.extend(_conflict(conflict, data["example"][conflict.id]))
    return "\n".join(parts).rstrip() + "\n"


def _documents(documents: list[dict[str, Any]]) -> Iterator[str]:
    told = [(document, layers(document)) for document in documents]
    yield "| document | JSON Schema | JSON-LD | SHACL |\n|--|--|--|--|"
    for document, said in told:
        words = [_word(said.schema), _word(said.json_ld), _word(said.shacl)]
        if said.json_ld and said.json_ld[0].startswith("refused"):
            words[1:] = ["refuses", "has no graph"]
        yield f"| {document['title']} | {' | '.join(words)} |"
    for document, said in told:
        yield f"\n### {document['title']}\n\n{document['note']}\n"
        yield f"Good twin: `{document['base']}`.\n\n```json\n{document['patch']}\n```\n"
        for name, found in (("JSON Schema", said.schema), ("JSON-LD", said.json_ld), ("SHACL", said.shacl)):
            shown = (
                f"`{found[0]}`" + (f" and {len(found) - 1} more" if len(found) > 1 else "")
                if found
                else "nothing"
            )
            yield f"* {name} finds {shown}"


def _word(found: tuple[str, ...]) -> str:
    return "finds a fault" if found else "content"


def _conflict(conflict: Conflict, example: str) -> Iterator[str]:
    yield f"\n### {conflict.id}: {conflict.title}\n"
    yield from (f"* {side['says']} [source]({side['source']})" for side in conflict.sides)
    yield f"\n```\n{example}\n```\n"
    concerned = ", ".join(conflict.requirements)
    yield f"{conflict.note or ''} Versions {', '.join(conflict.versions)}; requirements {concerned}.".strip()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
