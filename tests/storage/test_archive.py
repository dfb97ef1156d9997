"""Files of backups that are not as they were written: refused, whatever was done to them."""

import gzip
import io
import json
import tarfile
import zlib
from pathlib import Path

import pytest

from changeover.ledger.checkpoint import SigningKey
from changeover.ledger.entries import digest
from changeover.storage.archive import BackupError
from changeover.storage.upgrade import HEAD, REVISIONS
from changeover.wiring.backups import check_backup, restore_backup
from tests.storage.filling import fill
from tests.storage.places import Places, backed_up, quiet


@pytest.fixture
def places(tmp_path: Path, request: pytest.FixtureRequest) -> Places:
    return Places(tmp_path, request)


@pytest.fixture
def path(places: Places) -> Path:
    url = places.empty("sqlite")
    fill(url, HEAD)
    return backed_up(places, url)


def refused(places: Places, path: Path, match: str | None = None) -> None:
    with pytest.raises(BackupError, match=match):
        check_backup(path, quiet)
    target = places.folder / "target"
    with pytest.raises(BackupError, match=match):
        restore_backup(target, f"sqlite:///{target}/changeover.db", path, quiet)
    assert not target.exists()


def unpacked(packed: bytes) -> bytes | None:
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        return None


def test_a_byte_changed_anywhere(places: Places, path: Path):
    whole = path.read_bytes()
    content = unpacked(whole)
    # The first bytes of gzip tell of time and machine, which nothing rests on.
    for place in [*range(10, len(whole), 41), *range(len(whole) - 8, len(whole))]:
        altered = bytearray(whole)
        altered[place] ^= 1 + place % 255
        path.write_bytes(altered)
        if unpacked(bytes(altered)) == content:
            continue  # packed otherwise, and the same
        with pytest.raises(BackupError):
            check_backup(path, quiet)
    refused(places, path)


def test_cut_short_anywhere(places: Places, path: Path):
    whole = path.read_bytes()
    for length in [*range(0, len(whole), 97), *range(len(whole) - 9, len(whole))]:
        path.write_bytes(whole[:length])
        with pytest.raises(BackupError):
            check_backup(path, quiet)
    refused(places, path)


def test_something_after_its_end(places: Places, path: Path):
    whole = path.read_bytes()
    for more in (b"x", b"\x1f\x8b", whole):
        path.write_bytes(whole + more)
        refused(places, path)


def test_no_backup_at_all(places: Places, path: Path):
    for other in (b"", b"words", bytes(2048)):
        path.write_bytes(other)
        refused(places, path)


def test_members_in_another_order_more_or_fewer(places: Places, path: Path):
    members = read_members(path)
    names = [name for name, _ in members]
    third, fourth = names.index("tables/account.jsonl"), names.index("tables/record.jsonl")
    swapped = list(members)
    swapped[third], swapped[fourth] = swapped[fourth], swapped[third]
    more = [*members, ("tables/more.jsonl", b"[]\n")]
    for others in (swapped, more, members[:-1], members[1:], members[:1]):
        write_members(path, others)
        refused(places, path)
    write_members(path, members)
    assert check_backup(path, quiet).tables


def test_a_row_changed_added_moved_or_taken_out(places: Places, path: Path):
    members = dict(read_members(path))
    lines = members["tables/record.jsonl"].splitlines(keepends=True)
    for altered in (
        [lines[0].replace(b"plain", b"other"), *lines[1:]],
        [*lines, lines[0].replace(b"1", b"7", 1)],
        lines[:-1],
        lines[::-1],
        [lines[0].replace(b"[1", b'["1"'), *lines[1:]],
    ):
        changed = {**members, "tables/record.jsonl": b"".join(altered)}
        write_members(path, list(changed.items()))
        if altered != lines:
            refused(places, path)


def test_an_entry_of_the_ledger_changed_with_all_digests(places: Places, path: Path):
    members = dict(read_members(path))
    name = "tables/ledger_entry.jsonl"
    rows = [json.loads(line) for line in members[name].splitlines()]
    rows[2][2] = rows[1][2]
    written = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    write_members(path, list(with_digests(members, name, written).items()))
    refused(places, path, match="The ledger in the backup")


def test_a_ledger_signed_by_nobody(places: Places, path: Path):
    members = dict(read_members(path))
    name = "tables/ledger_checkpoint.jsonl"
    rows = [json.loads(line) for line in members[name].splitlines()]
    rows[2][2] = rows[1][2]
    written = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    write_members(path, list(with_digests(members, name, written).items()))
    target = places.folder / "target"
    with pytest.raises(BackupError, match="The ledger in the backup"):
        restore_backup(target, f"sqlite:///{target}/changeover.db", path, quiet)
    assert [found.name for found in target.iterdir()] == ["changeover.db.lock"]


def test_the_ledger_s_key_exchanged(places: Places, path: Path):
    members = dict(read_members(path))
    members["ledger.key"] = members["ledger.key"][::-1]
    write_members(path, list(members.items()))
    refused(places, path, match="key")


def test_the_key_of_another_ledger(places: Places, path: Path):
    members = dict(read_members(path))
    other = SigningKey("ledger.example", bytes(31) + b"\x01").secret_text().encode()
    told = {**json.loads(members["manifest.json"]), "key": digest(other)}
    members |= {"manifest.json": json.dumps(told).encode(), "ledger.key": other}
    write_members(path, list(members.items()))
    target = places.folder / "target"
    with pytest.raises(BackupError, match="not that of its ledger"):
        restore_backup(target, f"sqlite:///{target}/changeover.db", path, quiet)
    assert not target.exists()


def test_a_schema_or_form_of_a_later_version(places: Places, path: Path):
    members = dict(read_members(path))
    for field, value, match in (("schema", "9999", "9999"), ("format", 2, "form 2")):
        told = {**json.loads(members["manifest.json"]), field: value}
        write_members(path, list({**members, "manifest.json": json.dumps(told).encode()}.items()))
        refused(places, path, match=match)


def test_the_tables_of_another_schema(places: Places, path: Path):
    members = dict(read_members(path))
    told = {**json.loads(members["manifest.json"]), "schema": REVISIONS[0]}
    write_members(path, list({**members, "manifest.json": json.dumps(told).encode()}.items()))
    target = places.folder / "target"
    with pytest.raises(BackupError, match="not those of schema version"):
        restore_backup(target, f"sqlite:///{target}/changeover.db", path, quiet)
    assert [found.name for found in target.iterdir()] == ["changeover.db.lock"]


def read_members(path: Path) -> list[tuple[str, bytes]]:
    with tarfile.open(path) as tar:
        found = [(member.name, tar.extractfile(member)) for member in tar.getmembers()]
        return [(name, file.read()) for name, file in found if file is not None]


def write_members(path: Path, members: list[tuple[str, bytes]]) -> None:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def with_digests(members: dict[str, bytes], name: str, written: bytes) -> dict[str, bytes]:
    """The members with one exchanged, and the manifest telling of it as if it were right."""
    told = json.loads(members["manifest.json"])
    for table in told["tables"]:
        if f"tables/{table['name']}.jsonl" == name:
            table.update(sha256=digest(written), size=len(written))
    return {**members, name: written, "manifest.json": json.dumps(told).encode()}
