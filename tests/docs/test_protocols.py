"""The page on protocols shows what the matrix declares, which its cells prove."""

from tests.matrix.table import PAGE, written


def test_the_pages_tables_are_those_declared():
    page = PAGE.read_text()
    assert page == written(page), "run `make matrix`, or `python -m tests.matrix`"
