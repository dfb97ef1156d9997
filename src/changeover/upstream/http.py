"""Sending to vendors' endpoints over HTTP.

Rules:

* Immediately before a request is written, after its connection stands, the caller
  is asked once more (`last_look`); what it raises ends the call unwritten. When all
  of it is written the caller is asked again; what it raises breaks the connection off.
* A call goes where it was decided to go: no redirect is followed, no cookie is
  kept, no proxy or password file is taken from the environment, nothing is
  sent twice.
* An address inside this network is sent to only where it is declared; see `inside`.
* Every wait has an end: for the connection, the first event, the next one, the whole. In
  a stream, bytes that make no event (a drip, a line without end) begin no wait anew; the
  time in which nobody reads (a client is slow) counts for the whole alone.
* Nothing is read ahead of who reads here, but for what the library holds (64 KB).
* Leaving `send` before the answer is whole closes the connection, so that a
  vendor stops working for a client who left.
* What the vendor sends counts after decompression; an answer that is not a
  stream may not outgrow `largest_answer`.
* A failure tells its kind only; see `failures`.
"""

import asyncio
import io
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Self

import aiohttp
import msgspec
from aiohttp.abc import AbstractStreamWriter
from aiohttp.connector import Connection
from yarl import URL

from changeover.basics.clock import Clock, SystemClock
from changeover.directory.model import Protocol
from changeover.gateway.ports import Incoming, Look, Outgoing, UpstreamError
from changeover.upstream import aws, failures
from changeover.upstream.aws import Unsigned
from changeover.upstream.endpoint import Endpoint
from changeover.upstream.google import GoogleTokens
from changeover.upstream.inside import CheckedResolver, Inside
from changeover.upstream.posting import NoTokenError
from changeover.upstream.standing import StandingEndpoints
from changeover.upstream.waits import CallWaits, Timeouts

LARGEST_ANSWER = 32 * 1024 * 1024

# The library makes the request itself, so what it is to ask travels with the task.
_last_look: ContextVar[Look] = ContextVar("last_look")


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """How endpoints are reached.

    `inside` is what is declared inside this network. `proxy` is the URL of a proxy for
    every endpoint that is not on this machine. Without `trusted` it is the system's roots.
    """

    inside: Inside = Inside()
    proxy: str | None = None
    trusted: ssl.SSLContext | None = None


class _LookingRequest(aiohttp.ClientRequest):
    """A request that asks its caller once more when nothing is left but to write it.

    The library keeps the head back and writes it with the body, in a task of its own
    (`write_bytes`). What is asked there comes out of `send`.
    """

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        # What a look raised as far as the write had come when its task was begun.
        self._raised: BaseException | None = None
        self._begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        response = await super().send(conn)
        try:
            await self._begun
            self._check_written()
        except BaseException:
            response.close()
            raise
        return response

    def _check_written(self) -> None:
        if self._raised is not None:
            raise self._raised

    async def write_bytes(
        self,
        writer: AbstractStreamWriter,
        conn: Connection,
        content_length: int | None = None,
    ) -> None:
        look = _last_look.get()
        try:
            look(written=False)
        except BaseException as error:  # noqa: BLE001 - raised where it is awaited
            self._begun.set_exception(error)
            return
        self._begun.set_result(None)
        await super().write_bytes(writer, conn, content_length)
        try:
            look(written=True)
        except BaseException as error:  # noqa: BLE001 - raised by whoever waits for the answer
            self._raised = error
            # A long body ends when the head is waited for already; that wait ends with this.
            conn.close()


class HttpUpstream:
    """Vendors' endpoints, by host and protocol, over one pool of connections.

    Use it as an async context manager. `ways` says how they are reached.
    """

    def __init__(
        self,
        endpoints: Iterable[Endpoint],
        timeouts: Timeouts | None = None,
        *,
        largest_answer: int = LARGEST_ANSWER,
        ways: Ways | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._endpoints = StandingEndpoints(endpoints)
        self._timeouts = timeouts or Timeouts()
        self._largest_answer = largest_answer
        self._ways = ways or Ways()
        self.inside = self._ways.inside
        # Signatures are made by the machine's own clock, whatever clock orders go by.
        self._clock = clock or SystemClock()
        self._session: aiohttp.ClientSession | None = None
        self._others: aiohttp.ClientSession | None = None
        self._tokens: GoogleTokens | None = None

    def replace(self, endpoints: Iterable[Endpoint]) -> None:
        """Takes `endpoints` for those that stood, in one step; from any thread.

        What was written goes on at the endpoint that it was written to. A call that
        waits for its connection to one that stands no more ends unwritten. Two
        endpoints for one host and protocol, and a host that is partly a stand-in,
        are an `InvalidInputError`.
        """
        self._endpoints = StandingEndpoints(endpoints)

    def wait(self, timeouts: Timeouts) -> None:
        """Waits so long from the next call on; the pool's own wait for a connection stays."""
        self._timeouts = timeouts

    def declare(self, inside: Inside) -> None:
        """Takes what is declared inside this network, for names that are looked up from now on."""
        self.inside = inside

    def _connector(self) -> aiohttp.TCPConnector:
        # How many calls may run is the gateway's decision, not the pool's.
        resolver = CheckedResolver(lambda: self.inside)
        trusted = self._ways.trusted
        return aiohttp.TCPConnector(
            limit=0,
            resolver=resolver,
            ssl=True if trusted is None else trusted,
        )

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=self._connector(),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            request_class=_LookingRequest,
        )
        # What is sent to obtain a token is no call, and nobody is asked before it.
        self._others = aiohttp.ClientSession(
            connector=self._connector(), cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
        )
        self._tokens = GoogleTokens(self._others, self._ways.proxy)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for session in (self._session, self._others):
            if session is not None:
                await session.close()
        self._session = self._others = self._tokens = None

    def reaches(self, host: str, protocol: Protocol) -> bool:
        """Whether an endpoint is configured for this host and protocol."""
        return self._endpoints.get(host, protocol) is not None

    def stands_in(self, host: str) -> bool:
        """Whether the host's endpoints are stand-ins; no for a host without any."""
        return self._endpoints.stands_in(host)

    def address(self, host: str) -> tuple[str, int] | None:
        """The name and port of the host's endpoint, the first where it has several."""
        return self._endpoints.address(host)

    @asynccontextmanager
    async def send(self, outgoing: Outgoing, last_look: Look) -> AsyncIterator[Incoming]:
        """Sends, and gives the response once its head is there; `UpstreamError` otherwise.

        An error status is a response like any other. `last_look` is called
        immediately before the write; what it raises comes out of here.
        """
        endpoint = self._endpoints.get(outgoing.host, outgoing.protocol)
        if endpoint is None:
            raise failures.unreachable(outgoing.host, outgoing.protocol)

        raised: list[BaseException] = []

        def look(*, written: bool) -> None:
            try:
                if not written:
                    self._check_stands(endpoint, outgoing)
                last_look(written=written)
            except BaseException as error:
                raised.append(error)
                raise

        timeouts = self._timeouts.within(outgoing.waits)
        waits = CallWaits(timeouts, stream=outgoing.stream)
        asked = _last_look.set(look)
        try:
            response = await self._head(endpoint, outgoing, waits)
        except UpstreamError as error:
            raise (raised[0] if raised else error) from None
        finally:
            _last_look.reset(asked)
        # An error in answer to a request for a stream is no stream, and is bounded too.
        streams = outgoing.stream and response.content_type == outgoing.stream_type
        most = None if streams else self._largest_answer
        try:
            yield _Answer(outgoing.host, response, most, waits)
        finally:
            # Gives the connection back if the body was read to its end, and closes it otherwise.
            response.close()

    def _check_stands(self, endpoint: Endpoint, outgoing: Outgoing) -> None:
        standing = self._endpoints.get(outgoing.host, outgoing.protocol)
        if standing != endpoint or endpoint.stand_in != outgoing.stand_in:
            raise failures.replaced(outgoing.host)

    async def _head(
        self, endpoint: Endpoint, outgoing: Outgoing, waits: CallWaits
    ) -> aiohttp.ClientResponse:
        if self._session is None:
            raise RuntimeError("HttpUpstream sends only inside `async with`")
        url = endpoint.address(outgoing.dialect, target=outgoing.target, beside=outgoing.beside)
        found: UpstreamError
        try:
            async with asyncio.timeout_at(waits.until()):
                headers = await self._headers(endpoint, outgoing, url)
                response = await self._session.post(
                    URL(url, encoded=True),
                    # From a buffer, because the library warns of large bodies given as bytes.
                    data=io.BytesIO(outgoing.body),
                    headers=headers,
                    allow_redirects=False,
                    timeout=aiohttp.ClientTimeout(connect=waits.connect),
                    proxy=None if endpoint.on_this_machine else self._ways.proxy,
                )
        except NoTokenError as error:
            found = failures.no_token(outgoing.host, str(error))
        except (aiohttp.ClientError, OSError) as error:
            found = _told(outgoing.host, error, waits.over("did not begin its answer in time."))
        else:
            if not 300 <= response.status < 400:
                return response
            response.close()
            found = failures.redirected(outgoing.host, response.status)
        raise found

    async def _headers(self, endpoint: Endpoint, outgoing: Outgoing, url: str) -> dict[str, str]:
        """The request's headers, with what lets it in."""
        streams = outgoing.stream_type if outgoing.stream else ""
        own = endpoint.headers(outgoing.dialect, stream_type=streams)
        headers = {**outgoing.headers, **own}
        headers["Content-Type"] = outgoing.content_type
        if not outgoing.stream:
            headers["Accept"] = outgoing.accept
        credential = endpoint.credential
        if credential is None:
            return headers
        match endpoint.form(outgoing.dialect).manner:
            case "header":
                return headers
            case "amazon":
                request = Unsigned(url=url, body=outgoing.body, content_type=outgoing.content_type)
                return headers | aws.authorised(credential, request, self._clock.now())
            case "google":
                if self._tokens is None:
                    raise RuntimeError("HttpUpstream sends only inside `async with`")
                token = await self._tokens.token(credential)
                return {**headers, "Authorization": f"Bearer {token}"}


class _Answer:
    """A response whose head has arrived. `most` bounds its bytes; None for a stream."""

    def __init__(
        self, host: str, response: aiohttp.ClientResponse, most: int | None, waits: CallWaits
    ) -> None:
        self.status = response.status
        self.content_type = response.content_type
        self.headers: Mapping[str, str] = {
            name.lower(): text for name, text in response.headers.items()
        }
        self._host = host
        self._response = response
        self._body = response.content
        self._most = most
        self._waits = waits
        waits.waited()

    def abort(self) -> None:
        """Breaks off: the library fails whoever waits for more of the body."""
        self._response.close()

    def progress(self) -> None:
        """The wait for the next event begins anew."""
        self._waits.anew()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body's bytes as they arrive; `UpstreamError` when it hangs or breaks off."""
        seen = 0
        while chunk := await self._next():
            seen += len(chunk)
            if self._most is not None and seen > self._most:
                raise failures.oversized(self._host, self._most)
            yield chunk

    async def _next(self) -> bytes:
        try:
            async with asyncio.timeout_at(self._waits.until()):
                chunk = await self._body.readany()
        except (aiohttp.ClientError, OSError) as error:
            found = _told(self._host, error, self._waits.over("stopped in its answer."))
        else:
            self._waits.waited()
            return chunk
        raise found


def _told(host: str, error: Exception, when_late: str) -> UpstreamError:
    """The failure for `error`; a plain `TimeoutError` is the end of our own wait."""
    if type(error) is TimeoutError:
        return failures.late(host, when_late)
    return failures.failure(host, error)
