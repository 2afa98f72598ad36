"""The rules of review are data, and docs/review.md is made from them."""

from __future__ import annotations

import re
from pathlib import Path

from harness.listing.review_text import rules_markdown
from harness.listing.rules import load_rules
from harness.resources import resource

ROOT = Path(__file__).resolve().parents[2]


def test_the_document_is_in_step_with_the_rules() -> None:
    """docs/review.md holds the table as it is generated, word by word."""
    text = (ROOT / "docs/review.md").read_text(encoding="utf-8")
    assert rules_markdown() in text


def test_every_rule_is_used_in_the_code() -> None:
    """No rule stands in the file that nothing can break, and the code names none that is not there."""
    code = "".join(
        path.read_text(encoding="utf-8")
        for path in resource("test_cases").parent.glob("harness/listing/*.py")
    )
    assert set(re.findall(r"REV-[A-Z]{3}-\d\d", code)) == set(load_rules().rules)
