"""How errors are printed."""

import pytest

from changeover.basics.yaml_source import Problem, SourceError
from changeover.cli.output import print_error


def test_a_problem_of_a_file_is_told_once(capsys: pytest.CaptureFixture[str]):
    problem = Problem(file="a.yaml", line=2, column=3, path="$.id", what="It is not.", do="Do so.")
    print_error(SourceError([problem]))
    assert capsys.readouterr().err == (
        "Error: 1 problem:\n  a.yaml:2:3: It is not.\n      Do so.\n"
    )
