"""Whether a request that changes something comes from the product's own pages.

A browser says where a request comes from, and a page cannot make it lie. In
these steps (as Go's `net/http.CrossOriginProtection` takes them; Fetch Metadata,
W3C; RFC 6454 for `Origin`):

1. Where `Sec-Fetch-Site` is sent it decides: `same-origin` and `none` (the person
   typed it) are ours. Browsers send it over HTTPS and to the machine itself.
2. Without it and without `Origin`, no browser sent the request: a program that
   holds a session's cookie and its token acts for that person.
3. `Origin` is ours when its host is the one that the request was sent to, or
   when it is the product's public address, which a proxy may have rewritten.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers


def same_origin(headers: Headers, public_url: str) -> bool:
    """Whether a request with these headers comes from the product's own pages."""
    origin = headers.get("origin")
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    if origin is None:
        return True
    scheme, host = _parts(origin)
    return (scheme, host) == _parts(public_url) or host == headers.get("host", "").lower()


def _parts(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()
