"""A directory written as plain values reads back as the same directory."""

import msgspec
import pytest

from changeover.basics.yaml_source import SourceError
from changeover.directory.source import load_written
from changeover.directory.writing import written
from changeover.wiring.scenarios import SHIPPED, read_scenario


def test_what_is_written_reads_back_as_the_same() -> None:
    directory = read_scenario(SHIPPED).directory
    plain = msgspec.json.decode(msgspec.json.encode(written(directory)))
    assert load_written(plain) == directory


def test_defaults_are_left_out() -> None:
    form = written(read_scenario(SHIPPED).directory)["vendors"]["openai"]
    assert None not in form.values()
    assert form["name"]["en"] == "OpenAI"


def test_every_problem_is_told_at_its_path() -> None:
    plain = written(read_scenario(SHIPPED).directory)
    plain["parties"]["state"]["part_of"] = "nowhere"
    plain["routes"]["openai/gpt-4.1@openai"]["protocol"] = "telepathy"
    with pytest.raises(SourceError) as told:
        load_written(plain)
    paths = {problem.path for problem in told.value.problems}
    assert {"$.parties.state.part_of", "$.routes.openai/gpt-4.1@openai.protocol"} <= paths
