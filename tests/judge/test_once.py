"""What helpers of cases say is worked out once for each subject and each set of further arguments."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.judge import once


@dataclass
class Asked:
    """A subject that counts how often somebody looked."""

    looked: list[str] = field(default_factory=list)
    remembered: dict[object, object] = field(default_factory=dict)


@once
def found(subject: Asked, *names: str) -> tuple[str, ...]:
    """The names, noted."""
    subject.looked.extend(names or ["all"])
    return names


def test_it_looks_once_for_each_subject_and_arguments() -> None:
    """The second answer is the first; other arguments and other subjects have their own."""
    one, other = Asked(), Asked()
    assert found(one) == found(one) == ()
    assert found(one, "a") == ("a",)
    assert found(one, "a") == ("a",)
    assert one.looked == ["all", "a"]
    found(other)
    assert other.looked == ["all"]


def test_what_cannot_be_answered_is_asked_again() -> None:
    """An error is not an answer: each case that asks meets it."""

    @once
    def broken(subject: Asked) -> str:
        subject.looked.append("tried")
        raise LookupError

    one = Asked()
    for _ in range(2):
        try:
            broken(one)
        except LookupError:
            continue
    assert one.looked == ["tried", "tried"]
