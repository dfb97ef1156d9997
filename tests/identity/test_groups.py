import pytest

from changeover.basics.yaml_source import SourceError
from changeover.identity.groups import Grant, read_groups

RULES = read_groups(
    "groups.yaml",
    """\
groups:
  - {group: Users, party: state, roles: [staff]}
  - {group: Desk, party: state, roles: [officer, staff]}
  - {group: Treasury, party: treasury, roles: [staff, administrator]}
  - {group: Old, party: gone, roles: [staff]}
""",
)
PARTIES = {"state", "treasury"}


@pytest.mark.parametrize(
    ("groups", "grant"),
    [
        ([], None),
        (["everybody", "users"], None),
        (["Old"], None),
        (["Users", "everybody"], Grant("state", ("staff",))),
        (["Desk", "Users"], Grant("state", ("staff", "officer"))),
        (["Treasury", "Users"], Grant("state", ("staff",))),
        (["Treasury", "Old"], Grant("treasury", ("staff", "administrator"))),
    ],
)
def test_the_first_party_in_the_files_order_and_its_roles_alone(groups: list[str], grant: object):
    assert RULES.grant(groups, PARTIES) == grant


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{group: A, party: state, roles: []}", "gives no role"),
        ("{group: A, party: state, roles: [king]}", "king"),
        ("{group: A, party: state}", "roles"),
        ("{group: A, party: state, roles: [staff], more: 1}", "more"),
    ],
)
def test_what_cannot_be_a_rule_is_told_with_its_line(line: str, said: str):
    with pytest.raises(SourceError, match=said) as caught:
        read_groups("groups.yaml", f"groups:\n  - {line}\n")
    assert caught.value.problems[0].line == 2
