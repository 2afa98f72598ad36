"""Two records side by side: what got better, worse, new or gone, and why."""

from __future__ import annotations

from harness.listing.compared import compare, comparison_text

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
    assert [(c.before, c.after) for c in forth.better] == [(c.after, c.before) for c in back.worse]
    assert ("credentials",) in [(what,) for what, _, _ in forth.why]


def test_another_product_profile_and_selection_are_named() -> None:
    """Why outcomes are others: product, profile; results that are gone are named as gone."""
    product = {**VENDOR, "product": {**VENDOR["product"], "version": "2.0.0"}}
    found = compare(good().record, run(product, only=("VCP-*",), profile=None).record)
    assert {"product"} <= {what for what, _, _ in found.why}
    assert found.gone


def test_the_text_names_every_kind() -> None:
    """The terminal says how many, why, and which."""
    text = comparison_text(compare(good().record, broken().record))
    assert "worse" in text.splitlines()[0]
    assert "credentials" in text
    assert "passed -> failed" in text
