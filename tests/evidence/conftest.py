"""The pack that is cheated with, and the verifier's answer to what comes of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from changeover.evidence.verifier import Key, verdict
from tests.evidence.proven import KEY, explained, world


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    with world(tmp_path_factory.mktemp("pack") / "data") as made:
        return explained(made).pack()[0]


@pytest.fixture
def judge(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    def judged(pack: bytes, **given: Any) -> dict[str, Any]:
        file = tmp_path / "pack.zip"
        file.write_bytes(pack)
        return verdict(file, **({"key": Key(str(KEY.verifier))} | given))

    return judged
