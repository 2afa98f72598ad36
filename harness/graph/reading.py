"""Reading members of credentials that anybody may have written: wrong kinds read as nothing, never as an error."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime

from harness.credential import Node
from harness.graph.entities import Criterion, Link, Origin, Party, Period, Quantity, Source, Value
from harness.graph.identifiers import canonical
from harness.trust import moments


def text(value: object) -> str | None:
    """A string that is not empty."""
    return value.strip() or None if isinstance(value, str) else None


def words(value: object) -> str:
    """A string, or the empty one."""
    return text(value) or ""


def number(value: object) -> float | None:
    """A finite number, written as one."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        made = float(value)
    except OverflowError:
        return None
    return made if math.isfinite(made) else None


def moment(value: object) -> datetime | None:
    """A date-time with its offset, the 24th hour among them; without an offset it is read as UTC."""
    if not isinstance(value, str):
        return None
    try:
        made = datetime.fromisoformat(value)
        return made.replace(tzinfo=UTC) if made.tzinfo is None else made.astimezone(UTC)
    except (ValueError, OverflowError):
        return moments.moment(value)


def day(value: object) -> date | None:
    """The day of a date or date-time as it was written."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def period(node: Node | None) -> Period | None:
    """A period with both its days."""
    if node is None:
        return None
    start, end = day(node.get("startDate")), day(node.get("endDate"))
    return Period(start, end) if start and end else None


def identifier(value: object) -> str | None:
    """An identifier in its one spelling: of an object with an id, or a bare string."""
    found = value.get("id") if isinstance(value, dict) else value
    made = text(found)
    return canonical(made) if made else None


def country(value: object) -> str | None:
    """The code of a country: the string of 0.6 or the object of 0.7.0."""
    found = text(value.get("countryCode") if isinstance(value, dict) else value)
    return found.upper() if found else None


def quantity(node: Node | None) -> Quantity | None:
    """A measure."""
    if node is None or not isinstance(node.value, dict):
        return None
    return Quantity(
        number(node.get("value")), text(node.get("unit")),
        number(node.get("upperTolerance")), number(node.get("lowerTolerance")),
    )  # fmt: skip


def along(node: Node, *names: str) -> Iterator[Node]:
    """Every object at the end of a path of member names, arrays taken apart."""
    if not names:
        yield node
        return
    for child in node.each(names[0]):
        if isinstance(child.value, dict):
            yield from along(child, *names[1:])


def last_part(value: object) -> str:
    """The last path part or fragment of a URI, in lower case."""
    made = words(value).rstrip("/#")
    return made.replace("#", "/").rpartition("/")[2].lower()


def slug(value: object) -> str:
    """A name as the last part of a URI would write it."""
    return "-".join("".join(c if c.isalnum() else " " for c in words(value).lower()).split())


def link(node: Node) -> Link | None:
    """A link to somewhere; the relation by its last path part, as resolvers name it."""
    url = text(node.get("linkURL"))
    if url is None:
        return None
    method = text(node.get("encryptionMethod"))
    role = node.get("accessRole")
    guarded = (
        method
        if method and method.lower() != "none"
        else last_part(role[0])
        if isinstance(role, list) and role
        else None
    )
    return Link(canonical(url), last_part(node.get("linkType")), node.pointer, guarded)


def criterion(node: Node) -> Criterion:
    """A criterion; without an id it has the empty one, which matches nothing."""
    return Criterion(
        identifier(node.value) or "", words(node.get("name")), text(node.get("status")), words(node.get("id"))
    )


def party(node: Node, role: str, source: Source) -> Party | None:
    """A party in a role; None where it has no id."""
    found = identifier(node.value)
    if found is None:
        return None
    others = tuple(filter(None, (identifier(other.value) for other in node.each("partyAlsoKnownAs"))))
    return Party(
        role, found, words(node.get("name")), others, country(node.get("registrationCountry")),
        Origin(source, node.pointer),
    )  # fmt: skip


def performance(node: Node) -> Value:
    """A performance of 0.7.0 (metric, measure, score) or a metric of 0.6 (metricName, metricValue, score)."""
    score = node.get("score")
    code = text(score.get("code") if isinstance(score, dict) else score)
    if node["metric"] is not None:
        return Value(last_part(node.get("metric", "id")), quantity(node["measure"]), code, node.pointer)
    measure = quantity(node["metricValue"])
    accuracy = number(node.get("accuracy"))
    if measure is not None and measure.value is not None and accuracy is not None and 0 <= accuracy < 1:
        spread = abs(measure.value) * accuracy
        measure = Quantity(measure.value, measure.unit, measure.value + spread, measure.value - spread)
    return Value(slug(node.get("metricName")), measure, code, node.pointer)
