"""The end of a server's life: no new connections are kept, and those that are go one by one.

A client that keeps its connection may send on it in the very moment in which the
server closes it, and cannot know whether its request was taken (RFC 9112, 9.5). So
a server that is going away first says `Connection: close` with every answer, while
`/readyz` sends new clients elsewhere, and closes what is left afterwards.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CLOSE = (b"connection", b"close")


class Draining:
    """Wraps an application; from `begin` on its answers close their connections."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.begun = False

    def begin(self) -> None:
        self.begun = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def closing(message: Message) -> None:
            if self.begun and message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), _CLOSE]}
            await send(message)

        await self._app(scope, receive, closing)
