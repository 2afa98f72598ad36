"""Two records side by side: what got better, worse, new or gone, and why."""

from __future__ import annotations

import copy

from harness.listing.compared import RANK, compare, comparison_text

from .pieces import VENDOR, broken, good, run


def test_a_record_and_itself_are_the_same() -> None:
    """Nothing changed, inside or around."""
    found = compare(good().record, good().record)
    assert not any((found.better, found.worse, found.new, found.gone, found.why))
    assert found.same == len(good().record["results"])


def test_what_failed_and_now_passes_is_better() -> None:
    """From the broken to the good run, and worse the other way round."""
    forth, back = compare(broken().record, good().record), compare(good().record, broken().record)
    assert forth.better
    turned = {(c.case, c.subject, c.after, c.before) for c in back.worse}
    assert {(c.case, c.subject, c.before, c.after) for c in forth.better} == turned
    assert ("credentials",) in [(what,) for what, _, _ in forth.why]


def test_another_product_profile_and_selection_are_named() -> None:
    """Why outcomes are others: product, profile; results that are gone are named as gone."""
    product = {**VENDOR, "product": {**VENDOR["product"], "version": "2.0.0"}}
    found = compare(good().record, run(product, only=("VCP-*",), profile=None).record)
    assert {"product"} <= {what for what, _, _ in found.why}
    assert found.gone


def test_what_no_longer_applies_is_neither_better_nor_worse() -> None:
    """From passed to not applicable and back: told, and no reason for exit code 1."""
    before = copy.deepcopy(good().record)
    row = next(row for row in before["results"] if row["outcome"] == "passed")
    after = copy.deepcopy(before)
    next(r for r in after["results"] if r == row)["outcome"] = "not_applicable"
    for found in (compare(before, after), compare(after, before)):
        assert (len(found.other), found.better, found.worse) == (1, (), ())
        assert "1 passed or do not apply" in comparison_text(found)


def test_the_worst_stands_first() -> None:
    """What fails now comes before what only warns or was not run."""
    worse = compare(good().record, broken().record).worse
    ranks = [RANK[str(change.after)] for change in worse]
    assert ranks == sorted(ranks)
    assert worse[0].after == "failed"


def test_the_text_names_every_kind() -> None:
    """The terminal says how many, why, and which."""
    text = comparison_text(compare(good().record, broken().record))
    assert "worse" in text.splitlines()[0]
    assert "credentials" in text
    assert "passed -> failed" in text
