"""`@once`: what a helper of cases says of a subject, worked out when a case first asks and remembered with the subject.

    @once
    def passports(credential: CredentialUnderTest) -> list[Node]:
        '''What holds claims and materials.'''

A `when` and its case, or many cases of one component, then look only once. The answer is shared: never change it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

More = ParamSpec("More")
Answer = TypeVar("Answer")


class Remembering(Protocol):
    """A subject with a memory of its own."""

    @property
    def remembered(self) -> dict[object, object]:
        """What has been worked out about it."""


Subject = TypeVar("Subject", bound=Remembering)


def once(
    function: Callable[Concatenate[Subject, More], Answer],
) -> Callable[Concatenate[Subject, More], Answer]:
    """Remember the answer of a pure function of a subject and of further arguments, given by place and hashable."""

    @functools.wraps(function)
    def answered(subject: Subject, /, *more: More.args, **named: More.kwargs) -> Answer:
        key = (function, more, *named.items()) if more or named else function
        known = subject.remembered
        if key not in known:
            known[key] = function(subject, *more, **named)
        return cast(Answer, known[key])

    return answered
