"""One spelling for each identifier, so that equal things join although they are written differently.

Equal: letter case of scheme, host, DID method, URN namespace and percent-encoding; default ports; escaped
unreserved characters; dot segments; a last dot of the host; the order of a query; GS1 Digital Links on any host, with short names or numbers, with
padded GTINs, and EPC URNs of the same keys; `urn:gtr:DOMAIN:ID` and `https://DOMAIN/ID`. Paths and DID
parts keep their letter case: there it means something. What differs only so is a near miss, and is told.

Sources: RFC 3986 section 6.2, RFC 8141 section 3, GS1 Digital Link 1.4, EPC Tag Data Standard 2.1, UNTP
"Identity Resolver".
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

PORTS = {"http": 80, "https": 443}
NAMES = {"gtin": "01", "cpv": "22", "lot": "10", "ser": "21", "gln": "414", "glnx": "254", "sscc": "00"}
KEYS = ("01", "00", "414", "417", "401", "402", "8003", "8004", "8006", "8010", "8017", "8018", "253", "255")
"""GS1 application identifiers that can open a Digital Link."""

QUALIFIERS = {"01": ("22", "10", "21"), "414": ("254",), "8006": ("22", "10", "21"), "8010": ("8011",)}
"""The qualifiers of a key, in the order in which they narrow it down."""

SECOND = frozenset({"ac", "co", "com", "edu", "go", "gob", "gov", "ne", "net", "or", "org"})
"""Labels under which countries register domains, as in co.uk."""

EXAMPLES = frozenset({"example.com", "example.net", "example.org"})
"""Domains for documentation: everybody's samples share them."""

COUNTRY = 2
"""The length of a country's top-level domain."""

GTIN = 14
_UNRESERVED = re.compile(r"%[0-9A-Fa-f]{2}")
_EPC = re.compile(
    r"urn:epc:(?:id|class|idpat):(sgtin|lgtin|sgln|sscc):([0-9]+)\.([0-9]*)(?:\.([^.]+))?\Z", re.IGNORECASE
)
_KEPT = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@lru_cache(maxsize=200_000)
def canonical(identifier: str) -> str:
    """The one spelling of an identifier; text that is no URI comes back trimmed."""
    text = identifier.strip()
    scheme, colon, rest = text.partition(":")
    match scheme.lower() if colon else "":
        case "http" | "https":
            return _url(text)
        case "did":
            return _did(rest)
        case "urn":
            return _urn(text, rest)
        case _:
            return text


def same(left: str, right: str) -> bool:
    """Whether two identifiers denote one thing."""
    return canonical(left) == canonical(right)


def folded(identifier: str) -> str:
    """What is left of an identifier without letter case, scheme, `www.` and needless slashes: for near misses."""
    made = re.sub(r"(?<!:)//+", "/", canonical(identifier).casefold())
    return re.sub(r"\Ahttps?://(?:www\.)?", "", made).rstrip("/#")


def broader(identifier: str) -> tuple[str, ...]:
    """The identifier itself, then the classes it belongs to: an item's batch, then its model."""
    made = canonical(identifier)
    found = [made]
    if made.startswith("gs1:"):
        parts = made.removeprefix("gs1:").split("/")
        while len(parts) > 2:  # noqa: PLR2004 - a key and its value
            parts = parts[:-2]
            found.append("gs1:" + "/".join(parts))
    return tuple(found)


def covers(wide: str, narrow: str) -> bool:
    """Whether what is said of one thing is said of the other: the same, or the class that it belongs to."""
    return canonical(wide) in broader(narrow)


@lru_cache(maxsize=200_000)
def authority(identifier: str) -> str | None:
    """The domain that answers for an identifier, without labels such as `id.` in front; None where there is none."""
    text = identifier.strip()
    if text.lower().startswith("did:web:"):
        host = unquote(text.split(":")[2]).partition(":")[0]
    elif text.lower().startswith("did:webvh:") and text.count(":") > 2:  # noqa: PLR2004 - the SCID comes first
        host = unquote(text.split(":")[3]).partition(":")[0]
    else:
        try:
            host = urlsplit(text).hostname or ""
        except ValueError:
            return None
    labels = host.lower().rstrip(".").split(".")
    taken = (
        3
        if ".".join(labels[-2:]) in EXAMPLES
        or (len(labels[-1]) == COUNTRY and labels[-2:-1] and labels[-2] in SECOND)
        else 2
    )
    return ".".join(labels[-taken:]) if len(labels) > 1 else None


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return text
    scheme = parts.scheme.lower()
    path = _without_dots(_percent(parts.path))
    link = _digital_link(path)
    if link is not None:
        return link
    host = host.removesuffix(".")
    place = host.lower() if port in (None, PORTS.get(scheme)) else f"{host.lower()}:{port}"
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    made = f"{scheme}://{place}{path or '/'}"
    return made + (f"?{query}" if query else "") + (f"#{parts.fragment}" if parts.fragment else "")


def _percent(path: str) -> str:
    def decode(found: re.Match[str]) -> str:
        character = chr(int(found[0][1:], 16))
        return character if character in _KEPT else found[0].upper()

    return _UNRESERVED.sub(decode, path)


def _without_dots(path: str) -> str:
    """A path without its `.` and `..` segments (RFC 3986 section 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == ".." and len(kept) > 1:
            kept.pop()
        elif segment not in (".", ".."):
            kept.append(segment)
    return "/".join([*kept, ""] if segments[-1] in (".", "..") else kept)


def _digital_link(path: str) -> str | None:
    """`gs1:` and the key with its qualifiers in their order; None where a path is no Digital Link."""
    parts = [part for part in path.split("/") if part]
    numbers = [NAMES.get(part, part) for part in parts]
    start = next((i for i, part in enumerate(numbers) if part in KEYS and i + 1 < len(numbers)), None)
    if start is None or (len(parts) - start) % 2:
        return None
    key, value = numbers[start], unquote(parts[start + 1])
    if key == "01":
        if not value.isdigit() or len(value) > GTIN:
            return None
        value = value.zfill(GTIN)
    given = {NAMES.get(parts[i], parts[i]): unquote(parts[i + 1]) for i in range(start + 2, len(parts), 2)}
    if any(name not in QUALIFIERS.get(key, ()) for name in given):
        return None
    return _gs1(key, value, given)


def _gs1(key: str, value: str, given: dict[str, str]) -> str:
    qualified = [
        f"/{name}/{quote(given[name], safe='')}" for name in QUALIFIERS.get(key, ()) if name in given
    ]
    return f"gs1:{key}/{quote(value, safe='')}{''.join(qualified)}"


def _did(rest: str) -> str:
    method, _, place = rest.partition(":")
    method = method.lower()
    if method == "web":
        host, colon, path = place.partition(":")
        return f"did:web:{_percent(host).lower().replace('%3a', '%3A')}{colon}{path}"
    return f"did:{method}:{place}"


def _urn(text: str, rest: str) -> str:
    space, _, value = rest.partition(":")
    space = space.lower()
    if space == "uuid":
        return f"urn:uuid:{value.lower()}"
    if space == "gtr":
        domain, _, number = value.partition(":")
        if number:
            return _url(f"https://{unquote(domain)}/{number}")
    epc = _EPC.match(text) if space == "epc" else None
    return _of_epc(*epc.groups()) if epc else f"urn:{space}:{_percent(value)}"


def _of_epc(kind: str, company: str, reference: str, last: str | None) -> str:
    match kind.lower():
        case "sgtin" | "lgtin":
            body = reference[:1] + company + reference[1:]
            value = body + _check_digit(body)
            given = (
                {}
                if last in (None, "*")
                else {"21" if kind.lower() == "sgtin" else "10": unquote(last or "")}
            )
            return _gs1("01", value.zfill(GTIN), given)
        case "sgln":
            body = company + reference
            extension = {} if last in (None, "0") else {"254": unquote(last or "")}
            return _gs1("414", body + _check_digit(body), extension)
        case _:
            body = reference[:1] + company + reference[1:]
            return _gs1("00", body + _check_digit(body), {})


def _check_digit(body: str) -> str:
    weighed = sum(int(digit) * (3 if i % 2 == 0 else 1) for i, digit in enumerate(reversed(body)))
    return str(-weighed % 10)
