"""One server, one set of stand-ins and one client of each SDK for the whole matrix."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import anthropic
import botocore.session
import openai
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from google import genai
from google.genai import types

from tests.end_to_end.running import OFFICER, Server
from tests.matrix.programs.chat import ChatProgram
from tests.matrix.programs.converse import ConverseProgram
from tests.matrix.programs.gemini import GeminiProgram
from tests.matrix.programs.messages import MessagesProgram
from tests.matrix.programs.program import Program
from tests.matrix.programs.responses import ResponsesProgram
from tests.matrix.upstreams import SERVICE, dialects_by_host, names_by_host, write_directory
from tests.matrix.vendors import Vendors


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all-cells",
        action="store_true",
        help="every cell of the matrix, and not only those that stand for all",
    )


@pytest.fixture(scope="session")
def matrix_vendors() -> Iterator[Vendors]:
    with Vendors(names_by_host(), dialects_by_host()) as running:
        yield running


@pytest.fixture(scope="session")
def matrix_server(
    tmp_path_factory: pytest.TempPathFactory, matrix_vendors: Vendors
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("matrix")
    directory: Path = folder / "directory"
    directory.mkdir()
    write_directory(directory)
    options = ("--stand-in-url", matrix_vendors.url, "--patience", "10")
    # A cell tells of one request: no other cell has its route rest, and none is sent twice.
    with Server(
        folder / "server", *options, CHANGEOVER_RETRIES="0", CHANGEOVER_BREAKER="0"
    ) as running:
        running.run("apply", str(directory), "--by", OFFICER)
        # Stand-ins are found at a start, for the hosts that the directory then has.
        running.stop()
        running.start()
        yield running


def bedrock(url: str, key: str) -> Any:
    """Amazon's client of Bedrock. It sends keys over TLS only, so here it is given the header."""
    config = Config(signature_version=UNSIGNED, retries={"max_attempts": 0}, read_timeout=30)
    client = botocore.session.get_session().create_client(
        "bedrock-runtime", endpoint_url=url, region_name="us-east-1", config=config
    )

    def present(request: Any, **_: Any) -> None:
        request.headers["Authorization"] = f"Bearer {key}"

    client.meta.events.register("before-sign.bedrock-runtime.*", present)
    return client


@pytest.fixture(scope="session")
def direct(matrix_vendors: Vendors) -> Iterator[Mapping[str, Program]]:
    """The programs that call a vendor as if Changeover were not there."""
    url, key = matrix_vendors.url, "a-vendors-key"
    options = types.HttpOptions(base_url=f"{url}/google")
    with (
        openai.OpenAI(base_url=f"{url}/openai/v1", api_key=key, max_retries=0) as gpt,
        anthropic.Anthropic(base_url=f"{url}/anthropic", api_key=key, max_retries=0) as claude,
        genai.Client(api_key=key, http_options=options) as google,
        contextlib.closing(bedrock(f"{url}/aws", key)) as amazon,
    ):
        yield {
            "chat": ChatProgram(gpt),
            "responses": ResponsesProgram(gpt),
            "messages": MessagesProgram(claude),
            "gemini": GeminiProgram(google),
            "converse": ConverseProgram(amazon),
        }


@pytest.fixture(scope="session")
def programs(matrix_server: Server) -> Iterator[Mapping[str, Program]]:
    """A program of each SDK, by the name that tables and test ids have."""
    key = matrix_server.key(SERVICE)
    gpt = matrix_server.gpt(key)
    options = types.HttpOptions(base_url=matrix_server.url)
    amazon = bedrock(matrix_server.url, key)
    with genai.Client(api_key=key, http_options=options) as google, contextlib.closing(amazon):
        yield {
            "chat": ChatProgram(gpt),
            "responses": ResponsesProgram(gpt),
            "messages": MessagesProgram(matrix_server.claude(key)),
            "gemini": GeminiProgram(google),
            "converse": ConverseProgram(amazon),
        }
