"""Sending to those who vouch for the ledger's checkpoints: authorities and witnesses.

They are reached as vendors are (`http`): no redirect is followed, no cookie kept, nothing is
sent to an address inside this network that the operator did not name, every wait ends, and an
answer is bounded. What is sent tells of the ledger's size and hashes alone.
"""

import aiohttp

from changeover.basics.errors import ChangeoverError
from changeover.upstream.http import Ways
from changeover.upstream.inside import BarredAddressError, CheckedResolver
from changeover.upstream.posting import Posted

_SECONDS = 20.0
_LARGEST = 256 * 1024


class NotReachedError(ChangeoverError):
    """Somebody who vouches did not answer, or answered too much."""

    code = "not_reached"


async def post(
    url: str, body: bytes, media_type: str, ways: Ways, *, wait: float = _SECONDS
) -> Posted:
    """What the address answers; `NotReachedError` where it does not."""
    ways.inside.check_url(url)
    connector = aiohttp.TCPConnector(
        resolver=CheckedResolver(lambda: ways.inside),
        ssl=True if ways.trusted is None else ways.trusted,
        force_close=True,
    )
    session = aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        timeout=aiohttp.ClientTimeout(total=wait),
    )
    try:
        async with session:
            asked = session.post(
                url,
                data=body,
                headers={"content-type": media_type},
                allow_redirects=False,
                proxy=ways.proxy,
            )
            async with asked as response:
                answer = await response.content.read(_LARGEST + 1)
                while len(answer) <= _LARGEST and not response.content.at_eof():
                    answer += await response.content.read(_LARGEST + 1 - len(answer))
    except (aiohttp.ClientError, TimeoutError, BarredAddressError) as error:
        raise NotReachedError(f"It was not reached: {type(error).__name__}.") from error
    if len(answer) > _LARGEST:
        raise NotReachedError("It answered more than such an answer can be.")
    return Posted(response.status, dict(response.headers), answer)
