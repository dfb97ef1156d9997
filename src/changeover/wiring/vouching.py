"""Who vouches for the ledger's checkpoints, as the settings name them, and asking them."""

import asyncio
from collections.abc import Mapping

import structlog

from changeover.basics.clock import SystemClock
from changeover.basics.errors import ChangeoverError
from changeover.ledger.cosignatures import WitnessKey
from changeover.ledger.time_stamps import QUERY_TYPE
from changeover.ledger.vouching import Asking, Authority, Voucher, Vouching, WatchingWitness
from changeover.ledger.witnessing import SIZE_TYPE
from changeover.upstream.anchors import post
from changeover.upstream.http import Ways
from changeover.upstream.posting import Posted
from changeover.wiring.egress import ways
from changeover.wiring.installation import Installation
from changeover.wiring.known_settings import BY_NAME
from changeover.wiring.setting_checks import read_witness
from changeover.wiring.timekeeping import seconds_between

_EVERY_SECONDS = 5.0
_UNLESS_SET = 600
_log = structlog.stdlib.get_logger()


def vouchers(environment: Mapping[str, str]) -> list[Voucher]:
    """The authorities and witnesses that the settings name."""
    authorities = environment.get(BY_NAME["time_authorities"].variable, "").split()
    witnesses = environment.get(BY_NAME["witnesses"].variable, "").split()
    found: list[Voucher] = [Authority(url) for url in authorities]
    for text in witnesses:
        key, url = read_witness(text)
        found.append(WatchingWitness(WitnessKey.parse(key), url.rstrip("/")))
    return found


async def vouch(installation: Installation) -> None:
    """Has others vouch for the newest checkpoint when it is due, until it is cancelled."""
    environment = installation.environment
    found = vouchers(environment)
    if not found:
        return
    every = seconds_between(environment) or _UNLESS_SET
    vouching = Vouching(installation.database, found, SystemClock(), every=every)
    while True:
        await asyncio.sleep(min(every, _EVERY_SECONDS))
        try:
            await vouch_once(vouching, ways(environment))
        except ChangeoverError as error:
            _log.warning("not_vouched_for", why=error.code)


async def vouch_once(vouching: Vouching, reached: Ways) -> None:
    """Asks those who are due, if this process has the turn."""
    askings = await asyncio.to_thread(vouching.due)
    if not askings or not await asyncio.to_thread(vouching.take_turn):
        return
    try:
        for asking in askings:
            await _ask(vouching, asking, reached)
            if why := vouching.trouble.get(asking.voucher.name):
                _log.warning("not_vouched_for", by=asking.voucher.name, why=why)
    finally:
        await asyncio.to_thread(vouching.end_turn)


async def _ask(vouching: Vouching, asking: Asking, reached: Ways) -> None:
    try:
        answer = await _post(asking, reached)
        kept = _kept(answer)
        if kept is not None:
            again = await asyncio.to_thread(vouching.again, asking, kept)
            if again is None:
                return
            answer = await _post(again, reached)
    except ChangeoverError as error:
        vouching.failed(asking.voucher, error.what)
        return
    if answer.status != 200:
        vouching.failed(asking.voucher, f"It answered with HTTP {answer.status}.")
        return
    await asyncio.to_thread(vouching.keep, asking, answer.body)


async def _post(asking: Asking, reached: Ways) -> Posted:
    match asking.voucher:
        case Authority(url=url):
            return await post(url, asking.body, QUERY_TYPE, reached)
        case WatchingWitness(url=url):
            return await post(f"{url}/add-checkpoint", asking.body, "text/plain", reached)


def _kept(answer: Posted) -> int | None:
    """The size that a witness says it keeps instead; None where it says none."""
    kind = {name.lower(): value for name, value in answer.headers.items()}.get("content-type", "")
    size = answer.body.removesuffix(b"\n")
    if answer.status != 409 or kind.partition(";")[0] != SIZE_TYPE or not size.isdigit():
        return None
    return int(size)
