"""Calls that are made once, however often they are sent: idempotency keys.

After the draft "The Idempotency-Key HTTP Header Field" (draft-ietf-httpapi-idempotency-key-
header) and what Stripe's API made usual:

1. The key is one's own: another caller's is another key. It is authorised first, and a call
   that may not be made is answered as without it.
2. The same key with another request (path, query or body) is 422.
3. While the first call is under way, the same is 409 with `retry-after`.
4. Its whole answer with status 200, streamed or not, is kept for some hours, and given again
   with `changeover-replayed: true`. Nothing is sent to a vendor then, and no rule is asked:
   the answer was made when it was allowed.
5. What failed, was refused or broke off frees the key: the next call is made.
6. A call whose process died is taken over by the next one that comes with its key.

An answer is sealed (AES-256-GCM) under what is derived (HKDF-SHA256, RFC 5869) from the
caller's API key, of which this installation keeps a hash alone; so are its name and the
digest of its request. Whoever has the database reads none of them.
"""

import asyncio
import hashlib
import hmac
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Literal, Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from changeover.basics.clock import Clock
from changeover.basics.errors import ChangeoverError
from changeover.basics.ids import new_id
from changeover.basics.instants import microseconds
from changeover.gateway.answer import Answer, Pieces, refused
from changeover.gateway.door import Door
from changeover.gateway.refusal import Refusal
from changeover.wire.codec import Codec

GREATEST_KEPT = 4 * 1024 * 1024
"""Bytes of an answer that is kept; of a longer one it is kept that it was given."""
_NAME = re.compile(r"[!-~]{1,255}")
_NONCE = 12
_UNDER_WAY = timedelta(hours=2)
_SPOKEN_TWICE = "changeover-replayed"


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A call that wants to be the one under a key: `name` is the key's, `asked` its request's.

    `start` is the process that makes it. Instants are microseconds since 1970.
    """

    caller: str
    name: str
    asked: bytes
    start: str
    now: int
    until: int


class Claimed(msgspec.Struct, frozen=True):
    """What became of a claim; `sealed` is the answer that is kept, empty where it was too long."""

    outcome: Literal["yours", "under-way", "another-request", "kept"]
    sealed: bytes = b""


class KeptAnswers(Protocol):
    """Where answers are kept under their keys, for every process that serves."""

    def claim(self, claim: Claim) -> Claimed:
        """Takes the key for this call, or says who has it. A dead process has none."""
        ...

    def keep(self, claim: Claim, sealed: bytes, until: int) -> None:
        """Keeps the answer of the call that has the key."""
        ...

    def release(self, claim: Claim) -> None:
        """Frees the key, if this call still has it."""
        ...

    def forget(self, now: int) -> None:
        """Removes what is over by `now`."""
        ...


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A request with an idempotency key: `name` as it was sent, `where` with its query."""

    presented: str | None
    name: str
    where: str
    body: bytes


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as it is sealed."""

    headers: dict[str, str]
    body: bytes
    media_type: str | None
    streamed: bool


class Once:
    """Makes calls once. One per process, `start`; answers are kept for `hours`."""

    def __init__(self, kept: KeptAnswers, door: Door, clock: Clock, start: str, hours: int) -> None:
        self._kept = kept
        self._door = door
        self._clock = clock
        self._start = start
        self._hours = timedelta(hours=hours)

    async def answer(
        self, sent: Sent, client: Codec, serve: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        """The answer to a request: `serve`'s, or the one that is kept; `client` words refusals."""
        try:
            key = self._door.authorise(sent.presented, "chat")
        except Refusal:
            return await serve()
        try:
            if not _NAME.fullmatch(sent.name):
                raise _unreadable()
            secret = _Secret(sent.presented or "")
            claim = self._claim(key.prefix, secret, sent)
            claimed = await self._asked(claim)
            if claimed.outcome == "kept":
                return secret.opened(claim.name, claimed.sealed)
            if claimed.outcome != "yours":
                raise _refusal(claimed)
        except Refusal as refusal:
            return refused(client, refusal, new_id("call"))
        return await self._made(claim, secret, serve)

    async def forget(self) -> None:
        """Removes answers that are over."""
        await asyncio.to_thread(self._kept.forget, microseconds(self._clock.now()))

    def _claim(self, caller: str, secret: "_Secret", sent: Sent) -> Claim:
        now = self._clock.now()
        return Claim(
            caller=caller,
            name=secret.digest(b"name", sent.name.encode()).hex(),
            asked=secret.digest(b"request", sent.where.encode() + b"\0" + sent.body),
            start=self._start,
            now=microseconds(now),
            until=microseconds(now + _UNDER_WAY),
        )

    async def _asked(self, claim: Claim) -> Claimed:
        try:
            return await asyncio.to_thread(self._kept.claim, claim)
        except ChangeoverError as error:
            raise Refusal(
                503,
                "idempotency_unreachable",
                f"Whether this call was made before cannot be asked now. Nothing was sent. {error}",
                {"retry-after": "1"},
            ) from error

    async def _made(
        self, claim: Claim, secret: "_Secret", serve: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        answer: Answer | None = None
        try:
            answer = await serve()
        finally:
            if answer is None or answer.status != 200:
                await self._conclude(claim, None)
        if answer.status != 200:
            return answer
        if answer.stream is not None:
            answer.stream = _Keeping(answer, answer.stream, self, (claim, secret))
            return answer
        await self.keep(claim, secret, answer, answer.body)
        return answer

    async def keep(
        self, claim: Claim, secret: "_Secret", answer: Answer, body: bytes | None
    ) -> None:
        """Keeps an answer that came whole; None is one of a body that was too long."""
        if body is None or len(body) > GREATEST_KEPT:
            await self._conclude(claim, b"")
            return
        kept = _Kept(
            headers=answer.headers,
            body=body,
            media_type=answer.media_type,
            streamed=answer.stream is not None,
        )
        await self._conclude(claim, secret.sealed(claim.name, kept))

    async def release(self, claim: Claim) -> None:
        """Frees the key of a call that did not end whole."""
        await self._conclude(claim, None)

    async def _conclude(self, claim: Claim, sealed: bytes | None) -> None:
        """Tells the store how a call ended, also where whoever waits is cancelled."""
        if sealed is None:
            told = asyncio.to_thread(self._kept.release, claim)
        else:
            until = microseconds(self._clock.now() + self._hours)
            told = asyncio.to_thread(self._kept.keep, claim, sealed, until)
        try:
            await asyncio.shield(told)
        except ChangeoverError:
            # The call was made and its answer stands. Until its time is over, the key is taken:
            # a second call under it is refused, and not made twice.
            return


class _Keeping:
    """A stream that is kept as it passes, up to the greatest length."""

    def __init__(
        self, answer: Answer, stream: Pieces, once: Once, place: "tuple[Claim, _Secret]"
    ) -> None:
        self._answer = answer
        self._stream = stream
        self._once = once
        self._place = place
        self._pieces: list[bytes] = []
        self._size = 0
        self._closed = False

    @property
    def whole(self) -> bool:
        return self._stream.whole

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._passing()

    async def _passing(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            self._size += len(piece)
            if self._size <= GREATEST_KEPT:
                self._pieces.append(piece)
            else:
                self._pieces.clear()
            yield piece

    async def aclose(self) -> None:
        """Ends the call at the vendor if it still runs; keeps the answer if it came whole."""
        await self._stream.aclose()
        if self._closed:
            return
        self._closed = True
        claim, secret = self._place
        if not self._stream.whole:
            await self._once.release(claim)
            return
        body = b"".join(self._pieces) if self._size <= GREATEST_KEPT else None
        await self._once.keep(claim, secret, self._answer, body)


class _Replayed:
    """A kept stream."""

    whole = True

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._once()

    async def _once(self) -> AsyncIterator[bytes]:
        yield self._body

    async def aclose(self) -> None:
        """Nothing: no call runs."""


class _Secret:
    """What is derived from a caller's API key."""

    def __init__(self, presented: str) -> None:
        self._of = presented.encode()

    def digest(self, what: bytes, text: bytes) -> bytes:
        return hmac.digest(self._derived(what), text, hashlib.sha256)

    def sealed(self, name: str, kept: _Kept) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        text = msgspec.msgpack.encode(kept)
        return nonce + AESGCM(self._derived(b"answer")).encrypt(nonce, text, name.encode())

    def opened(self, name: str, sealed: bytes) -> Answer:
        """The answer; `Refusal` (409) where it was too long to be kept, or cannot be opened."""
        if not sealed:
            raise _not_kept()
        aead = AESGCM(self._derived(b"answer"))
        try:
            text = aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode())
        except InvalidTag as error:
            raise _not_kept() from error
        kept = msgspec.msgpack.decode(text, type=_Kept)
        return Answer(
            status=200,
            headers={**kept.headers, _SPOKEN_TWICE: "true"},
            body=b"" if kept.streamed else kept.body,
            stream=_Replayed(kept.body) if kept.streamed else None,
            media_type=kept.media_type,
        )

    def _derived(self, what: bytes) -> bytes:
        info = b"changeover: idempotency, version 1: " + what
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(self._of)


def _unreadable() -> Refusal:
    return Refusal(
        400,
        "idempotency_key_unreadable",
        "An Idempotency-Key has 1 to 255 visible characters of ASCII, such as a UUID.",
    )


def _refusal(claimed: Claimed) -> Refusal:
    """The refusal of a call whose key another call has."""
    if claimed.outcome == "another-request":
        return Refusal(
            422,
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request. Nothing was sent. Take a new key "
            "for each call, and the same key only to send the same call again.",
            {"x-should-retry": "false"},
        )
    return Refusal(
        409,
        "idempotency_key_under_way",
        "A call with this Idempotency-Key is under way. Its answer is kept when it is whole: "
        "send the same again in a moment.",
        {"retry-after": "1"},
    )


def _not_kept() -> Refusal:
    return Refusal(
        409,
        "answer_not_kept",
        "The call with this Idempotency-Key was answered, and its answer was too long to be kept. "
        "Nothing was sent again. To make the call once more, take a new key.",
        {"x-should-retry": "false"},
    )
