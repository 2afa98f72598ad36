"""The faults of the failing vendor: every outcome, and every hostile string that we could think of."""

from __future__ import annotations

from .pieces import BAD_LINKS, CONTEXTS, HOSTILE, STATUS, Json, digest, excerpt_of, finding

Fault = tuple[str, list[Json], str | None]


def faults() -> dict[tuple[str, str], Fault]:
    """Outcome, findings and reason by requirement and credential."""
    return dict(_faults())


def _faults() -> list[tuple[tuple[str, str], Fault]]:
    context = finding(
        "The first entry of @context is not the context of the data model.",
        pointer="/@context/0",
        line=3,
        column=5,
        expected="https://www.w3.org/ns/credentials/v2",
        actual="https://vocabulary.uncefact.org/untp/0.7.0/context/",
        hint="Put https://www.w3.org/ns/credentials/v2 first; the order decides how terms are read.",
        source="https://www.w3.org/TR/vc-data-model-2.0/#contexts",
        excerpt=excerpt_of({**STATUS, "@context": CONTEXTS[::-1]}, f'"{CONTEXTS[1]}"'),
    )
    rows: list[tuple[tuple[str, str], Fault]] = [
        (("VCP-ENV-01", name), ("failed", [context], None))
        for name in ("concentrate-dpp.json", "cathode-dpp.json", "battery-dpp.json")
    ]
    hostile = [
        finding(
            text,
            pointer=f"/{text}",
            expected=text,
            actual=text * 3,
            hint=text,
            source=BAD_LINKS[index % len(BAD_LINKS)],
        )
        for index, text in enumerate(HOSTILE)
    ]
    hostile += [finding("An address that is none.", actual=link, source=link) for link in BAD_LINKS]
    rows.append((("VCP-ENV-05", "cathode-dpp.json"), ("failed", hostile, None)))
    long_line = "x" * 5000 + HOSTILE[0] + "y" * 5000
    flat = {"first_line": None, "lines": [long_line], "marked": 0, "from": 5000, "to": 5026, "reflowed": True}
    rows.append(
        (
            ("VCP-ENV-07", "mine-dfr.json"),
            (
                "failed",
                [finding("The issuer has no name.", pointer="/issuer", actual="z" * 20_000, excerpt=flat)],
                None,
            ),
        )
    )
    status = [
        finding(
            "The index is a number.",
            pointer=f"/credentialStatus/{place}",
            line=13,
            column=24,
            expected="a string of digits",
            actual="94567",
            hint="Write the index as a string.",
            source="https://www.w3.org/TR/vc-bitstring-status-list/",
            excerpt=excerpt_of(STATUS, "94567"),
        )
        for place in ("statusListIndex", "0/statusListIndex", "1/statusListIndex")
    ]
    rows.append((("VCP-ENV-09", "battery-dpp.json"), ("warning", status, None)))
    trace = [
        {
            "name": "protected header",
            "text": '{"alg":"ES256","typ":"vc+jwt"}',
            "sha256": digest("h"),
            "clause": "",
        },
        {"name": "signing input", "text": "ZXlK" * 300, "sha256": digest("s"), "clause": BAD_LINKS[0]},
        {
            "name": "signature value",
            "text": "00" * 64 + HOSTILE[1],
            "sha256": digest("v"),
            "clause": "https://www.rfc-editor.org/rfc/rfc7515#section-5.2",
        },
    ]
    broken = finding(
        "The signature does not verify.",
        step="signature value",
        trace=trace,
        hint="Sign the bytes that you send.",
    )
    unknown = finding("The key is not in the DID document.", step="key lookup", trace=trace[:1])
    rows.append((("VCP-ENV-06", "smelter-dcc.json"), ("failed", [broken, unknown], None)))
    rows.append(
        (("VCP-ENV-03", "mine-identity.json"), ("review", [finding("A person has to read it.")], None))
    )
    rows.append(
        (
            ("VCP-ENV-02", "mine-dfr.json"),
            ("not_run", [], "https://status.minerals.example/3 was not asked for"),
        )
    )
    return rows
