"""The hub that an answer names in its Link fields (RFC 8288, as WebSub section 4 asks publishers to)."""

from __future__ import annotations

import re
from typing import Final

from yarl import URL

from tocsin.models.feeds import Hub

_LONGEST: Final = 8_000
_LINK: Final = re.compile(r'<([^<>]{1,2000})>((?:[^,"<]|"[^"]*")*)')
_REL: Final = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)


def hub_of(link: str, url: URL) -> Hub | None:
    """Find the first hub in the joined Link fields of the answer from ``url``; None where there is none.

    The topic is what ``rel=self`` names, or else the address itself. Only http and https addresses count.

    >>> hub_of('<https://hub.example/>; rel="hub", </feed>; rel=self', URL("https://news.example/rss"))
    Hub(hub='https://hub.example/', topic='https://news.example/feed')
    """
    found: dict[str, str] = {}
    for target, parameters in _LINK.findall(link[:_LONGEST]):
        relation = _REL.search(parameters)
        names = (relation[1] or relation[2] or "").lower().split() if relation else []
        for name in {"hub", "self"}.intersection(names) - found.keys():
            if address := _absolute(target, url):
                found[name] = address
    return Hub(found["hub"], found.get("self", str(url))) if "hub" in found else None


def _absolute(target: str, url: URL) -> str | None:
    try:
        address = url.join(URL(target.strip()))
    except ValueError:
        return None
    return str(address) if address.scheme in {"http", "https"} and address.raw_host else None
