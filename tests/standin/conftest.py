from datetime import UTC, datetime

import anthropic
import openai
import pytest

from changeover.basics.clock import FixedClock
from changeover.standin.server import StandInServer
from changeover.standin.settings import StandInSettings

CLAUDE = "claude-sonnet-4-5"
GPT = "gpt-4.1"
MODELS = {
    "anthropic": (CLAUDE,),
    "openai": (GPT, "gpt-4o"),
    "aws": ("anthropic.claude-sonnet-4-5",),
    "google": ("gemini-2.5-pro", CLAUDE),
    "microsoft": (GPT,),
    "mistral": ("mistral-large",),
    "house": ("open",),
}
INSTANT = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


def make_settings(**changes) -> StandInSettings:
    given = {
        "models": MODELS,
        "delay_ms": 0.0,
        "header_faults": True,
        "hang_seconds": 30.0,
        **changes,
    }
    return StandInSettings(**given)


@pytest.fixture
async def server():
    async with StandInServer(make_settings(), clock=FixedClock(INSTANT)) as running:
        yield running


@pytest.fixture
async def gpt(server):
    async with openai.AsyncOpenAI(
        base_url=f"{server.url}/openai/v1", api_key="sk-test-1", max_retries=0
    ) as client:
        yield client


@pytest.fixture
async def claude(server):
    async with anthropic.AsyncAnthropic(
        base_url=f"{server.url}/anthropic", api_key="sk-ant-test-1", max_retries=0
    ) as client:
        yield client
