"""Open files for an import."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from loyalty_stream.ops.imports.errors import ImportFailedError
from loyalty_stream.ops.imports.files import open_file


def identity_of(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with open_file(path) as opened:
        return opened.identity


def test_a_file_is_decompressed_by_what_is_in_it_whatever_its_name(tmp_path: Path) -> None:
    for name, content in (("plain.gz", b"a,b\n"), ("packed.csv", gzip.compress(b"a,b\n"))):
        (tmp_path / name).write_bytes(content)
        with open_file(tmp_path / name) as opened:
            assert opened.content.read() == b"a,b\n"
            assert opened.size_bytes == opened.read_bytes == len(content)


@pytest.mark.parametrize("packed", [bytes, gzip.compress])
def test_a_byte_order_mark_is_passed_over_where_there_is_one(tmp_path: Path, packed: Callable[[bytes], bytes]) -> None:
    for content, position in ((b'\xef\xbb\xbf"a",b\n', 3), (b'"a",b\n', 0)):
        (tmp_path / "file").write_bytes(packed(content))
        with open_file(tmp_path / "file") as opened:
            assert opened.skip_mark() == position
            assert opened.content.read() == b'"a",b\n'


def test_a_gzip_file_goes_on_at_a_byte_of_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "packed"
    path.write_bytes(gzip.compress(b"first\n" * 100_000) + gzip.compress(b"second\n"))
    with open_file(path) as opened:
        opened.content.readline()
        opened.content.seek(600_000)
        assert opened.content.read() == b"second\n"


def test_a_file_is_known_by_its_content_not_by_its_name(tmp_path: Path) -> None:
    content = b"x" * 200_000
    assert identity_of(tmp_path / "one", content) == identity_of(tmp_path / "two", content)
    others = [b"y" + content[1:], content[:-1] + b"y", content + b"x", content[:-1]]
    assert len({identity_of(tmp_path / "other", other) for other in (content, *others)}) == 5


def test_a_file_that_has_changed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "growing"
    path.write_bytes(b"a,b\n")
    with open_file(path) as opened:
        opened.check()
        path.write_bytes(b"a,b\n1,2\n")
        with pytest.raises(ImportFailedError, match="growing was changed while it was imported"):
            opened.check()


@pytest.mark.parametrize("damage", [lambda packed: packed[:-4], lambda packed: packed[:40] + b"?" * 9 + packed[49:]])
def test_a_damaged_gzip_file_is_told(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "damaged.gz"
    assert callable(damage)
    path.write_bytes(damage(gzip.compress(bytes(range(256)) * 4)))
    with pytest.raises(ImportFailedError, match=r"damaged\.gz is no whole gzip file"), open_file(path) as opened:
        opened.content.read()


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ImportFailedError, match="cannot be read"), open_file(tmp_path / "nowhere"):
        pass
