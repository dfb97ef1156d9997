from pathlib import Path

import pytest

from changeover.wiring.replacing import UnwrittenError, replaced


def test_the_file_is_there_when_it_is_whole(tmp_path: Path):
    path = tmp_path / "it"
    path.write_text("before")
    with replaced(path) as file:
        file.write(b"after")
        assert path.read_text() == "before"
    assert path.read_text() == "after"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_block_that_fails_leaves_what_was_there(tmp_path: Path):
    path = tmp_path / "it"
    path.write_text("before")

    def fail() -> None:
        with replaced(path) as file:
            file.write(b"after")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_no_file_or_in_no_folder_is_told(tmp_path: Path):
    for path in (tmp_path, tmp_path / "no" / "it", Path("/dev/null")):
        with pytest.raises(UnwrittenError), replaced(path):
            pytest.fail("nothing can be written there")
    assert Path("/dev/null").is_char_device()
