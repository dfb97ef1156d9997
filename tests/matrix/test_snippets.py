"""The programs on docs/protocols.md run as they stand, with nothing but their environment set."""

import re

import pytest

from tests.end_to_end.running import Server
from tests.matrix.table import PAGE
from tests.matrix.upstreams import SERVICE

SNIPPETS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)


@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.parametrize("snippet", SNIPPETS, ids=range(len(SNIPPETS)))
def test_a_program_of_the_page_runs(
    snippet: str,
    matrix_server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    address, key = matrix_server.url.rstrip("/"), matrix_server.key(SERVICE)
    for sdk, url in (
        ("OPENAI_BASE_URL", f"{address}/v1"),
        ("ANTHROPIC_BASE_URL", address),
        ("GOOGLE_GEMINI_BASE_URL", address),
    ):
        monkeypatch.setenv(sdk, url)
    for variable in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.setenv(variable, key)
    exec(compile(snippet, str(PAGE), "exec"), {})
    assert "4 May" in capsys.readouterr().out
