"""What calls cost, at the desk and in its files; what staff read when a budget is used up."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.test_accessibility import found
from tests.browser.window import none_of
from tests.end_to_end.running import CLAUDE, GPT, MESSAGES, Server


@pytest.fixture(scope="module")
def spent(server: Server) -> Server:
    """Calls of two services, one of them to a model without a price."""
    key = server.key("health-assistant")
    gpt = server.gpt(key).chat.completions
    for _ in range(3):
        gpt.create(model=f"openai/{GPT}@openai", messages=MESSAGES, max_tokens=60)
    gpt.create(model="house/open@house", messages=MESSAGES, max_tokens=60)
    server.claude(server.key("statechat")).messages.create(
        model=CLAUDE, max_tokens=60, messages=MESSAGES
    )
    return server


def test_costs_are_read_in_both_languages_and_leave_as_files(
    window: OpenWindow, spent: Server, tmp_path: Path
) -> None:
    one, other, wrong = window(), window(language="fr"), []
    one.sign_in("m.okafor", "/desk/costs")
    row = one.page.get_by_role("row", name=re.compile("Health staff assistant.*In-house"))
    expect(row).to_contain_text("1 call of unknown cost", timeout=30_000)
    expect(one.page.get_by_text(re.compile(r"^US\$0\.\d+ in all\."))).to_be_visible()
    wrong += found(one, "costs")
    with one.page.expect_download() as downloading:
        one.button("costs.form.focus").click()
    path = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(path)
    with path.open(newline="") as file:
        rows = {row["ResourceId"]: row for row in csv.DictReader(file)}
    assert (rows["house/open@house"]["BilledCost"], rows["house/open@house"]["x_UnknownCalls"]) == (
        "0",
        "1",
    )
    assert float(rows[f"openai/{GPT}@openai"]["BilledCost"]) > 0
    other.sign_in("l.tremblay", "/desk/costs")
    expect(other.page.get_by_text("1 appel de coût inconnu")).to_be_visible()
    wrong += found(other, "costs, in French")
    none_of(wrong)


def test_staff_read_that_a_budget_is_used_up_and_until_when(
    window: OpenWindow, spent: Server
) -> None:
    spent.said("limits", "set", "service", "statechat", "money", "0.000001")
    try:
        one, other = window(), window(language="fr")
        one.sign_in("ana.silva")
        one.send("What is a lighthouse?")
        expect(one.page.get_by_text(re.compile("used up until 1 March 2026"))).to_be_visible()
        expect(one.page.get_by_text(one.say("broken.limited"))).to_be_visible()
        other.sign_in("marc.lefebvre")
        other.send("Qu'est-ce qu'un phare ?")
        expect(other.page.get_by_text(re.compile("épuisé jusqu.au 1er mars 2026"))).to_be_visible()
        none_of([*one.complaints, *other.complaints])
    finally:
        spent.said("limits", "lift", "service", "statechat", "money")


def test_a_changeover_shows_what_a_replacement_would_cost(
    window: OpenWindow, spent: Server
) -> None:
    one = window()
    one.sign_in("m.okafor", "/desk/changeovers/new?of=anthropic")
    chat = one.page.get_by_role("article", name=re.compile("StateChat .*chat"))
    expect(chat.get_by_text(re.compile(r"US\$0\.\d+ in 30 days"))).to_be_visible()
    chat.get_by_label(one.say("changeovers.replacement")).select_option("openai/gpt-4.1")
    expect(chat.get_by_text(re.compile("for the same tokens, with nothing cached"))).to_be_visible()
    none_of(found(one, "what a replacement costs"))


def test_a_limit_is_set_changed_lifted_and_set_again(window: OpenWindow, spent: Server) -> None:
    one, other, wrong = window(), window(language="fr"), []
    one.expecting("status of 400")
    one.sign_in("m.okafor", "/desk/costs")
    one.page.get_by_role("link", name="Limits").click()
    expect(one.page.get_by_text("Nothing is limited.")).to_be_visible()
    one.button("limits.new").click()
    one.page.get_by_label("For a").select_option("party")
    one.page.get_by_label("Whose").select_option("health")
    one.page.get_by_label("US dollars").fill("a lot")
    one.button("limits.save").click()
    expect(one.page.get_by_role("dialog").get_by_role("alert")).to_contain_text("a lot")
    wrong += found(one, "a limit that is refused")
    one.page.get_by_label("US dollars").fill("40")
    one.button("limits.save").click()
    row = one.page.get_by_role("row", name=re.compile("Department of Health"))
    expect(row).to_contain_text("US$40.00")
    expect(row).to_contain_text("until 1 March")
    wrong += found(one, "limits")
    row.get_by_role("button", name="Change").click()
    one.page.get_by_label("US dollars").fill("55.50")
    one.button("limits.save").click()
    expect(row).to_contain_text("US$55.50")
    assert spent.ask("limits", "list")["limits"][0]["amount"] == "55.5"
    other.sign_in("l.tremblay", "/desk/costs/limits")
    expect(other.page.get_by_role("row", name=re.compile("55,50"))).to_be_visible()
    wrong += found(other, "limits, in French")
    row.get_by_role("button", name="Lift").click()
    expect(one.page.get_by_text("Nothing is limited.")).to_be_visible()
    one.page.get_by_role("button", name="Undo").click()
    expect(row).to_contain_text("US$55.50")
    spent.said("limits", "lift", "party", "health", "money")
    none_of([*wrong, *one.complaints, *other.complaints])
