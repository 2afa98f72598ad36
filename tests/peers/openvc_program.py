"""openvc-core behind the command protocol: a library without a server, and nothing decided here.

python openvc_program.py CONTEXTS.json; the authority of the documents that it fetches is in SSL_CERT_FILE.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import httpx
from openvc import VerificationPolicy, __version__, verify_credential
from openvc.did.base import DidResolverRegistry
from openvc.did.did_jwk import DidJwkResolver
from openvc.did.did_key import DidKeyResolver
from openvc.did.did_web import DidWebResolver
from openvc.errors import OpenvcError
from openvc.resolvers import default_status_list_resolver

SECONDS = 5
HEAD = {"protocol": "untp-crm-command", "version": 1}


def fetched(url: str) -> httpx.Response:
    """A document over HTTPS; the library's own fetch refuses loopback, where these tests live."""
    return httpx.get(url, timeout=SECONDS).raise_for_status()


def answer(request: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """What the library says to one request."""
    operation = request["operation"]
    if operation == "hello":
        return {"result": {"name": f"openvc-core {__version__}", "operations": ["verify"]}}
    if operation != "verify":
        return {"unsupported": {}}
    resolver = DidResolverRegistry(
        [DidKeyResolver(), DidJwkResolver(), DidWebResolver(lambda url: fetched(url).json())]
    )
    try:
        verify_credential(
            request["credential"],
            policy=VerificationPolicy(),
            resolver=resolver,
            resolve_status_list=default_status_list_resolver(
                resolver=resolver, extra_contexts=known, fetch=lambda url: fetched(url).text
            ),
            extra_contexts=known,
        )
    except OpenvcError as error:
        return {
            "result": {"verified": False, "errors": [{"code": type(error).__name__, "message": str(error)}]}
        }
    except httpx.HTTPError as error:
        return {"result": {"verified": False, "errors": [{"code": "unreachable", "message": str(error)}]}}
    return {"result": {"verified": True, "errors": []}}


def main() -> None:
    """One request a line, one answer a line."""
    known = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for line in sys.stdin:
        request = json.loads(line)
        sys.stdout.write(json.dumps({**HEAD, "id": request["id"], **answer(request, known)}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
