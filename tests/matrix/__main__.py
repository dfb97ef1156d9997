"""`python -m tests.matrix`: writes the declared tables into docs/protocols.md."""

from tests.matrix.table import PAGE, written

PAGE.write_text(written(PAGE.read_text()))
