"""The sustainability vocabulary of 0.6.1: one file with a scheme, its criteria and its codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from harness.credential import Node
from harness.judge import DocumentUnderTest, Findings, case

CONTEXT = "https://test.uncefact.org/vocabulary/untp/svc/0.6.1/"
KIND = ["ConformitySchemeVocabulary"]


def criteria(vocabulary: DocumentUnderTest) -> Iterator[Node]:
    """Every criterion, those within others too."""
    todo = [*vocabulary.root.each("conformityCriterion")]
    while todo:
        node = todo.pop(0)
        if isinstance(node.value, dict):
            yield node
            todo[:0] = node.each("subCriterion")


@case("CVC-SVC-01", types=KIND)
def the_file_is_well_formed(vocabulary: DocumentUnderTest) -> Findings:
    """The vocabulary validates against the official schema."""
    yield from vocabulary.schema_findings(None)


@case("CVC-SVC-02", types=KIND)
def levels_and_tags_come_from_the_scheme(vocabulary: DocumentUnderTest) -> Findings:
    """Performance levels and tags of criteria stand in the code lists; ranks are unique."""
    for member, codes in (("performanceLevel", "performanceLevelCode"), ("tag", "tagCode")):
        known = {code.get("name") for code in vocabulary.root.each(codes)}
        for criterion in criteria(vocabulary):
            for used in criterion.each(member):
                if used.value not in known:
                    yield used.finds(
                        f"{codes} does not define this {member}", expected=f"a name of {codes}",
                        hint="Use a name of the list, or add the code to it.",
                    )  # fmt: skip
    ranks = Counter(str(code.get("rank")) for code in vocabulary.root.each("performanceLevelCode"))
    for code in vocabulary.root.each("performanceLevelCode"):
        if ranks[str(code.get("rank"))] > 1:
            yield code.at("rank").finds(
                "two levels have this rank", expected="one rank each", hint="Rank them anew."
            )


@case("CVC-SVC-03", types=KIND)
def sub_criteria_form_a_tree(vocabulary: DocumentUnderTest) -> Findings:
    """No criterion is met twice on the way through criteria and their sub-criteria."""
    seen: set[str] = set()
    for criterion in criteria(vocabulary):
        name = criterion.get("id")
        if isinstance(name, str) and name in seen:
            yield criterion.at("id").finds(
                "the criterion stands in the tree twice", expected="an id of its own",
                hint="Give each criterion an id of its own, and none as a part of itself.",
            )  # fmt: skip
        seen.add(str(name))


@case("CVC-SVC-04", types=KIND)
def it_expands_without_loss(vocabulary: DocumentUnderTest) -> Findings:
    """Under the official context no member is lost."""
    for lost in vocabulary.expanded_by(CONTEXT).dropped:
        yield vocabulary.document.finding(
            lost.pointer, f"'{lost.name}' means nothing under the official context: {lost.detail}",
            expected="members that the context defines", actual=vocabulary.document.shown(lost.pointer),
            hint="Use the term of the context, or leave it out.",
        )  # fmt: skip
