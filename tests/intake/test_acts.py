"""What sentences do, and above all what they do not: polarity, embedding, mere talk."""

import pytest

from changeover.intake.reading import read
from tests.intake.statechat import DIRECTORY


def acts(text, dated="10 April 2026"):
    found = read(f"{dated}\n\n{text}\n".encode(), "a.txt", DIRECTORY)
    return [
        (draft.action, draft.issuer, sorted({*draft.targets.makers, *draft.targets.models}))
        for draft in found.drafts
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The President ordered the government to stop using OpenAI's products.",
            ("prohibit", "president", ["openai"]),
        ),
        (
            "Treasury has banned ChatGPT from its offices.",
            ("prohibit", "treasury-secretary", ["openai"]),
        ),
        (
            "The State Department is dropping Gemini.",
            ("prohibit", "state-secretary", ["google"]),
        ),
        (
            "Treasury no longer uses the models of Mistral.",
            ("prohibit", "treasury-secretary", ["mistral"]),
        ),
        (
            "Treasury is not allowed to use Gemini, the President said.",
            ("prohibit", "president", ["google"]),
        ),
        (
            "The use of Claude Sonnet 4.5 is prohibited at Treasury.",
            ("prohibit", "treasury-secretary", ["anthropic/claude-sonnet-4-5"]),
        ),
        (
            "The State Department rescinded its ban on Anthropic's products.",
            ("rescind", "state-secretary", ["anthropic"]),
        ),
        (
            "The State Department ended its ban on Claude.",
            ("rescind", "state-secretary", ["anthropic"]),
        ),
        (
            "The order to stop using Claude was lifted by the President.",
            ("rescind", "president", ["anthropic"]),
        ),
        (
            "Gemini is no longer banned at Treasury.",
            ("rescind", "treasury-secretary", ["google"]),
        ),
        (
            "The district judge stayed the President's order against Anthropic.",
            ("stay", "district-court", ["anthropic"]),
        ),
        (
            "Treasury suspended the use of Claude.",
            ("prohibit", "treasury-secretary", ["anthropic"]),
        ),
        (
            "Treasury has authorised the use of Mistral Large.",
            ("permit", "treasury-secretary", ["mistral/mistral-large"]),
        ),
        (
            "The Pentagon designated Google a risk to its supply chain.",
            ("designate", "defence-secretary", ["google"]),
        ),
    ],
)
def test_english_acts(text, expected):
    assert acts(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Le président a ordonné au gouvernement de cesser d'utiliser les produits d'OpenAI.",
            ("prohibit", "president", ["openai"]),
        ),
        (
            "Le Trésor a interdit ChatGPT à ses agents.",
            ("prohibit", "treasury-secretary", ["openai"]),
        ),
        (
            "Le département d'État abandonne Gemini.",
            ("prohibit", "state-secretary", ["google"]),
        ),
        ("Le Trésor n'utilise plus Gemini.", ("prohibit", "treasury-secretary", ["google"])),
        (
            "L'utilisation de Claude est interdite au Trésor.",
            ("prohibit", "treasury-secretary", ["anthropic"]),
        ),
        (
            "Le département d'État lève l'interdiction des produits d'Anthropic.",
            ("rescind", "state-secretary", ["anthropic"]),
        ),
        (
            "Le département d'État a mis fin à l'interdiction de Claude.",
            ("rescind", "state-secretary", ["anthropic"]),
        ),
        (
            "Le tribunal de district a suspendu l'ordre du président visant Anthropic.",
            ("stay", "district-court", ["anthropic"]),
        ),
        (
            "Le Trésor autorise de nouveau l'usage de Claude.",
            ("permit", "treasury-secretary", ["anthropic"]),
        ),
        (
            "Le Trésor n'est plus autorisé à utiliser Gemini.",
            ("prohibit", "treasury-secretary", ["google"]),
        ),
    ],
)
def test_french_acts(text, expected):
    assert acts(text, "10 avril 2026") == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "The President has not lifted his order against Anthropic.",
        "The President refused to lift the ban on Anthropic.",
        "The appeals court declined to stay the designation of Anthropic.",
        "The Pentagon did not ban OpenAI.",
        "Treasury denied that it had banned Gemini.",
        "The State Department is considering dropping Mistral.",
        "Google could be barred from the Pentagon, analysts said.",
        "If Treasury bans Claude, others will follow.",
        "The Pentagon ended its talks with Anthropic.",
        "OpenAI stopped the development of ChatGPT.",
        "Banning Claude was a mistake.",
        "Treasury should ban Claude.",
        "Agencies that use Claude are many.",
        "Health officials urged the President to ban Gemini.",
    ],
)
def test_what_is_no_act(text):
    assert acts(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Le président n'a pas levé son ordre contre Anthropic.",
        "La cour d'appel a refusé de suspendre la désignation d'Anthropic.",
        "Le Pentagone n'a pas interdit OpenAI.",
        "Le Trésor a démenti avoir interdit Gemini.",
        "Le département d'État envisage d'abandonner Mistral.",
        "Google pourrait être exclu du Pentagone, selon des analystes.",
        "Si le Trésor interdit Claude, d'autres suivront.",
        "Le Pentagone a mis fin aux discussions avec Anthropic.",
        "Interdire Claude serait une erreur.",
    ],
)
def test_what_is_no_act_in_french(text):
    assert acts(text, "10 avril 2026") == []


def test_one_command_may_do_two_things():
    assert acts(
        "The President ordered Treasury to stop using Claude and to stop using Gemini."
    ) == [
        ("prohibit", "president", ["anthropic"]),
        ("prohibit", "president", ["google"]),
    ]


def test_what_may_be_used_instead_frees_nothing_that_was_barred():
    text = (
        "2 March 2026\n\nThe President ordered the Treasury Department to stop using Gemini."
        " Treasury staff may use other tools. They may use approved products.\n"
    )
    found = read(text.encode(), "a.txt", DIRECTORY)
    assert [draft.action for draft in found.drafts] == ["prohibit"]


def test_a_question_and_a_request_order_nothing():
    for text in (
        "Will the President ban Claude? The State Department asked that Claude be banned.",
        "Le président va-t-il interdire Claude ? Des élus ont demandé que Claude soit interdit.",
    ):
        assert read(f"2 March 2026\n\n{text}\n".encode(), "a.txt", DIRECTORY).drafts == ()


def test_verbs_that_share_an_object_and_a_modal_bar_together():
    text = (
        "From: Secretary of the Treasury\nDate: 2 March 2026\n\n"
        "No employee of the Treasury Department shall use, or permit others to use, Claude.\n"
    )
    [draft] = read(text.encode(), "a.txt", DIRECTORY).drafts
    assert (draft.action, draft.targets.makers) == ("prohibit", ("anthropic",))


def test_the_date_of_a_text_is_not_the_day_on_which_it_is_lifted():
    text = "5 May 2026\n\nThe President lifted the order of 2 March 2026 against Anthropic.\n"
    [draft] = read(text.encode(), "a.txt", DIRECTORY).drafts
    assert (draft.action, draft.since) == ("rescind", "2026-05-05")


FORMAL = "From: Secretary of the Treasury\nDate: 2 March 2026\n\n"
FORMEL = "De : secrétaire au Trésor\nDate : 2 mars 2026\n\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FORMAL + "Use of Claude by Treasury staff is not permitted.", "prohibit"),
        (FORMAL + "Licences for Claude shall not be renewed after 30 June 2026.", "prohibit"),
        (FORMAL + "Offices shall ensure that no system relies on Claude.", "prohibit"),
        (FORMAL + "Staff shall refrain from using Claude.", "prohibit"),
        (FORMAL + "The ban on Claude announced on 2 February is lifted.", "rescind"),
        (FORMAL + "The Treasury may continue to use Claude until 30 June 2026.", "permit"),
        (FORMAL + "The order shall not apply to the Treasury in respect of Claude.", "waive"),
        (FORMAL + "Having considered the request, I exempt the Treasury from the ban on Claude.",
         "waive"),
        (FORMAL + "The order is stayed in so far as it prohibits the use of Claude.", "stay"),
        (FORMAL + "No office may enter into a new contract for Claude.", "prohibit"),
        (FORMAL + "I have today approved Claude for use in the Treasury.", "permit"),
        (FORMAL + "All existing Claude accounts will be closed by 30 April 2026.", "prohibit"),
        (FORMAL + "The Treasury is granted a waiver to go on using Claude until 1 May 2026.", "waive"),
        (FORMAL + "The interim order of 1 February 2026 against Anthropic is dissolved.", "rescind"),
        (FORMEL + "Par dérogation, le Trésor peut utiliser Claude.", "waive"),
        (FORMEL + "Sont interdits les produits d'Anthropic.", "prohibit"),
        (FORMEL + "Les services s'abstiennent de recourir à Claude.", "prohibit"),
        (FORMEL + "Les contrats conclus avec Anthropic sont résiliés au 30 avril 2026.", "prohibit"),
        (FORMEL + "J'ai décidé de mettre un terme au recours à Claude.", "prohibit"),
        (FORMEL + "La présente dérogation autorise le Trésor à utiliser Claude.", "waive"),
        (FORMEL + "Est autorisée l'utilisation de Claude.", "permit"),
        (FORMEL + "Les agents peuvent de nouveau recourir à Claude.", "permit"),
    ],
)  # fmt: skip
def test_what_an_issuers_own_words_do(text, expected):
    [draft] = read(f"{text}\n".encode(), "a.txt", DIRECTORY).drafts
    assert draft.action == expected
    assert draft.targets.makers == ("anthropic",)
    assert draft.issuer == "treasury-secretary"


@pytest.mark.parametrize(
    "text",
    [
        "The appeals court let the Treasury's ban on Claude stand.",
        "The President wanted to prevent Anthropic from losing the contract.",
        "Service at Anthropic was restored in the afternoon.",
        "La cour a confirmé l'interdiction de Claude.",
    ],
)
def test_what_does_nothing_to_what_may_be_used(text):
    assert acts(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "StateChat runs on GPT-4.1 instead of Claude Sonnet 4.5 from 9 March 2026.",
        "GPT-4.1 replaces Claude Sonnet 4.5 in StateChat from 9 March 2026.",
        "In StateChat, Claude Sonnet 4.5 is replaced by GPT-4.1 from 9 March 2026.",
        "StateChat moves from Claude Sonnet 4.5 to GPT-4.1 on 9 March 2026.",
    ],
)
def test_a_change_leads_to_the_new_model_however_it_is_said(text):
    words = "From: Secretary of State\nDate: 2 March 2026\n\n" + text
    [draft] = read(f"{words}\n".encode(), "a.txt", DIRECTORY).drafts
    [change] = draft.rebindings
    assert (change.service, change.models) == ("statechat", ("openai/gpt-4.1",))
    assert draft.since == "2026-03-09"


def test_the_end_of_a_month_and_of_the_year_are_days():
    for text, day in (
        ("The Treasury Department will stop using Claude by the end of April.", "2026-04-30"),
        ("The Treasury Department will stop using Claude by the end of the year.", "2026-12-31"),
        ("Le Trésor cessera d'utiliser Claude d'ici à la fin de février 2028.", "2028-02-29"),
    ):
        [draft] = read(f"2 March 2026\n\n{text}\n".encode(), "a.txt", DIRECTORY).drafts
        assert draft.wind_down is not None
        assert draft.wind_down.until == day
