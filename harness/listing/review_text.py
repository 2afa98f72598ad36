"""A review as text for the terminal and as a page to file."""

from __future__ import annotations

from harness.listing.pages import render_page
from harness.listing.review import Answer, Review
from harness.listing.rules import load_rules
from harness.report.visible import one_line

SIGNS = {Answer.LISTABLE: "✓", Answer.NOT_LISTABLE: "✗", Answer.NEEDS_PERSON: "◆"}
SHAPES = {Answer.LISTABLE: "passed", Answer.NOT_LISTABLE: "failed", Answer.NEEDS_PERSON: "review"}
SENTENCES = {
    Answer.LISTABLE: "The submission keeps every rule, and its evidence gives the same verdict again.",
    Answer.NOT_LISTABLE: "The submission breaks a rule that no person can waive.",
    Answer.NEEDS_PERSON: "No rule speaks against listing, but a person has to decide what is named below.",
}


def review_text(found: Review) -> str:
    """The answer, who it is about, and each rule that is broken with its place."""
    rules = load_rules().rules
    lines = [f"{SIGNS[found.answer]} {found.answer}", SENTENCES[found.answer]]
    if found.submission is not None:
        record = found.submission.record
        product, vendor = record["product"] or {}, record["vendor"] or {}
        lines.append(
            one_line(
                f"{product.get('name')} {product.get('version')}, {vendor.get('name')}: {record['verdict']} at {record['at']}"
            )
        )
    lines.append(_judged(found))
    for breach in found.breaches:
        lines += ["", f"{breach.rule}  {breach.message}", f"  rule      {rules[breach.rule].what}"]
        for label, value in (
            ("place", breach.place),
            ("expected", breach.expected),
            ("actual", breach.actual),
        ):
            if value is not None:
                lines.append(f"  {label:9} {one_line(value, 300)}")
        for row in breach.details:
            lines.append("  " + one_line("  ".join(f"{name}: {value}" for name, value in row.items()), 300))
    if found.confirm:
        lines += [
            "",
            "Confirm yourself, as this review was offline:",
            *(f"  {item}" for item in found.confirm),
        ]
    lines += [
        "",
        f"{len(found.checked)} rules, docs/review.md. Reviewed at {found.at.strftime('%Y-%m-%dT%H:%M:%SZ')}.",
    ]
    return "\n".join(lines)


def _judged(found: Review) -> str:
    if found.again is None or found.submission is None:
        return "Not judged again."
    if found.again == found.submission.record_body:
        return "Judged again from the evidence, offline: the record has the same bytes."
    return "Judged again from the evidence, offline: the record has other bytes."


def review_html(found: Review) -> str:
    """The review as one HTML file."""
    rules = load_rules().rules
    broken: dict[str, list[object]] = {}
    for breach in found.breaches:
        broken.setdefault(breach.rule, []).append(breach)
    return render_page(
        "review.html.j2",
        {
            "answer": str(found.answer),
            "shape": SHAPES[found.answer],
            "sign": SIGNS[found.answer],
            "sentence": SENTENCES[found.answer],
            "judged": _judged(found),
            "at": found.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "record": found.submission.record if found.submission else None,
            "broken": broken,
            "rules": rules,
            "confirm": found.confirm,
            "reached": found.again is not None,
        },
    )


def rules_markdown() -> str:
    """The rules as a Markdown table, for docs/review.md."""
    rows = [
        f"| `{rule.id}` | {rule.what} | {rule.why} | {rule.severity.replace('_', ' ')} |"
        for rule in load_rules().rules.values()
    ]
    return "\n".join(["| rule | what has to hold | why | otherwise |", "|--|--|--|--|", *rows]) + "\n"
