"""Acts in one sentence, in the many ways in which orders and reports put them."""

import pytest

from changeover.intake.model import Draft
from changeover.intake.reading import read
from tests.intake.corpus.documents import directory

DIRECTORY = directory()

ORDERS = [
    (
        "With immediate effect, ChatGPT is not to be used on departmental devices.",
        "prohibit",
        "openai",
    ),
    ("Officials are to cease using Gemini by 30 June 2026.", "prohibit", "google"),
    ("The Department hereby withdraws its approval of Copilot.", "rescind", "microsoft"),
    (
        "Access to DeepSeek will be removed from all devices on Monday 8 June 2026.",
        "prohibit",
        "deepseek",
    ),
    ("No contract for services from xAI shall be entered into or renewed.", "prohibit", "xai"),
    ("Use of Claude must end no later than 31 July 2026.", "prohibit", "anthropic"),
    ("Claude is approved for use by caseworkers from 1 July 2026.", "permit", "anthropic"),
    ("Staff may now use Mistral's Le Chat for drafting.", "permit", "mistral"),
    ("Approval is given for the use of Command R in all units.", "permit", "cohere"),
    ("The suspension of Copilot announced on 3 April is lifted.", "rescind", "microsoft"),
    ("Circular 4/2026, which prohibited the use of Qwen, is revoked.", "rescind", "alibaba"),
    (
        "The direction of 2 March 2026 concerning Kestrel shall cease to have effect on 1 July 2026.",
        "rescind",
        "kestrel",
    ),
    (
        "The Border Analytics Unit is exempted from the direction on DeepSeek until 31 December 2026.",
        "waive",
        "deepseek",
    ),
    (
        "A waiver from the prohibition on Claude is granted to the Forensic Service until 1 October 2026.",
        "waive",
        "anthropic",
    ),
    (
        "Notwithstanding paragraph 2, the Fraud Team may continue to use ChatGPT until 30 September 2026.",
        "waive",
        "openai",
    ),
    (
        "Redbox will move from GPT-4.1 to Claude Sonnet 4.5 on 15 June 2026.",
        "rebind",
        "anthropic/claude-sonnet-4-5",
    ),
    (
        "From 15 June 2026 Redbox will be powered by Mistral Large.",
        "rebind",
        "mistral/mistral-large",
    ),
    ("Kestrel Systems is designated as a supplier of concern.", "designate", "kestrel"),
    (
        "Veridane Labs is hereby determined to present an unacceptable supply chain risk.",
        "designate",
        "veridane",
    ),
    ("The use of products of Veridane Labs is hereby prohibited.", "prohibit", "veridane"),
    (
        "Teams that rely on ChatGPT have until 30 September 2026 to move to another tool.",
        "prohibit",
        "openai",
    ),
    ("It is forbidden to install or run DeepSeek on any official device.", "prohibit", "deepseek"),
    ("All licences for Copilot will be terminated.", "prohibit", "microsoft"),
    ("We have today switched off Meta AI across the estate.", "prohibit", "meta"),
    ("Permission to use Halcyon is withdrawn.", "rescind", "kestrel"),
    ("Departments shall discontinue their use of Gemini within six months.", "prohibit", "google"),
    ("Subject to paragraph 4, no officer may use Grok.", "prohibit", "xai"),
    ("PhariaAI has been added to the list of approved assistants.", "permit", "aleph"),
    ("The ban on Halcyon imposed in March no longer applies.", "rescind", "kestrel"),
    ("We are considering whether ChatGPT should be blocked.", None, None),
    ("Staff are reminded not to enter personal data into ChatGPT.", None, None),
    ("The request to prohibit Copilot was refused.", None, None),
    ("Copilot was unavailable for two hours on Tuesday.", None, None),
]

ARRETES = [
    ("L'usage de ChatGPT est proscrit à compter du 1er juillet 2026.", "prohibit", "openai"),
    ("Il est mis fin, au plus tard le 30 juin 2026, à l'emploi de Gemini.", "prohibit", "google"),
    ("Les services n'utilisent plus DeepSeek.", "prohibit", "deepseek"),
    ("Il ne sera plus fait usage de Grok dans les services du ministère.", "prohibit", "xai"),
    (
        "Aucun marché portant sur les produits de xAI ne peut être conclu ni renouvelé.",
        "prohibit",
        "xai",
    ),
    ("Les accès à Copilot seront coupés le lundi 8 juin 2026.", "prohibit", "microsoft"),
    (
        "Les agents sont tenus de cesser d'utiliser Claude avant le 31 juillet 2026.",
        "prohibit",
        "anthropic",
    ),
    ("L'autorisation d'utiliser Halcyon est retirée.", "rescind", "kestrel"),
    ("Le recours à Claude est autorisé à compter du 1er juillet 2026.", "permit", "anthropic"),
    (
        "Le Chat de Mistral AI est mis à la disposition de l'ensemble des agents.",
        "permit",
        "mistral",
    ),
    ("Les agents peuvent désormais recourir à Command R.", "permit", "cohere"),
    ("La circulaire du 2 mars 2026 interdisant Qwen est abrogée.", "rescind", "alibaba"),
    (
        "La décision du 2 mars 2026 relative à Kestrel cesse de produire effet le 1er juillet 2026.",
        "rescind",
        "kestrel",
    ),
    ("L'interdiction de Copilot est levée.", "rescind", "microsoft"),
    (
        "Par dérogation à l'article 1er, la direction des achats peut continuer à utiliser ChatGPT jusqu'au 30 septembre 2026.",
        "waive",
        "openai",
    ),
    (
        "Une dérogation à l'interdiction de Claude est accordée à la police scientifique jusqu'au 1er octobre 2026.",
        "waive",
        "anthropic",
    ),
    ("L'exécution de la décision interdisant Halcyon est suspendue.", "stay", "kestrel"),
    (
        "Albert bascule de GPT-4.1 vers Mistral Large le 15 juin 2026.",
        "rebind",
        "mistral/mistral-large",
    ),
    (
        "À partir du 15 juin 2026, Albert reposera sur Mistral Large.",
        "rebind",
        "mistral/mistral-large",
    ),
    (
        "La société Kestrel Systems est inscrite sur la liste des fournisseurs à risque.",
        "designate",
        "kestrel",
    ),
    ("Veridane Labs est considérée comme un fournisseur à risque.", "designate", "veridane"),
    ("Il est interdit d'installer DeepSeek sur les postes de travail.", "prohibit", "deepseek"),
    ("Les licences de Copilot sont résiliées.", "prohibit", "microsoft"),
    ("Les services disposent de six mois pour cesser d'utiliser Gemini.", "prohibit", "google"),
    ("Nous avons désactivé Meta AI sur l'ensemble des postes.", "prohibit", "meta"),
    ("L'utilisation des services d'OpenAI n'est pas autorisée.", "prohibit", "openai"),
    ("PhariaAI est ajoutée à la liste des assistants agréés.", "permit", "aleph"),
    ("L'interdiction de Halcyon ne s'applique plus.", "rescind", "kestrel"),
    ("Nous examinons l'opportunité de bloquer ChatGPT.", None, None),
    (
        "Il est rappelé que les données personnelles ne doivent pas être saisies dans ChatGPT.",
        None,
        None,
    ),
    ("La demande tendant à l'interdiction de Copilot a été rejetée.", None, None),
]

REPORTS = [
    (
        "The Home Office has ordered staff to stop using ChatGPT by the end of July, according to a circular seen by The Courier.",
        "prohibit",
        "openai",
        None,
        "2026-07-31",
    ),
    ("Ministers have banned DeepSeek from government devices.", "prohibit", "deepseek", None, None),
    ("NASA lifted its ban on Claude on Tuesday.", "rescind", "anthropic", "2026-06-02", None),
    (
        "A federal judge on Wednesday blocked the Energy Department's ban on Cohere.",
        "stay",
        "cohere",
        "2026-06-03",
        None,
    ),
    (
        "The Department of Energy said it would phase out Gemini over the next six months.",
        "prohibit",
        "google",
        None,
        None,
    ),
    (
        "The governor signed an order on Monday prohibiting state agencies from using Qwen.",
        "prohibit",
        "alibaba",
        "2026-06-01",
        None,
    ),
    (
        "Health Canada has been granted an exemption allowing it to keep using DeepSeek until March.",
        "waive",
        "deepseek",
        None,
        None,
    ),
    ("Axiom Bank is replacing Copilot with Claude.", "rebind", "anthropic", None, None),
    ("The appeals court upheld the stay.", None, None, None, None),
    (
        "The Home Secretary told MPs that no civil servant would be allowed to use Grok from 1 September.",
        "prohibit",
        "xai",
        "2026-09-01",
        None,
    ),
    (
        "The city of Northmere will no longer buy products from Veridane Labs, Mayor Pruett announced.",
        "prohibit",
        "veridane",
        None,
        None,
    ),
    (
        "The Treasury Board has cleared Command R for use across the federal government.",
        "permit",
        "cohere",
        None,
        None,
    ),
    ("Ministers rejected calls to ban ChatGPT.", None, None, None, None),
    ("The Home Office denied that it had banned Copilot.", None, None, None, None),
    (
        "Canada's CIO revoked the directive against Alibaba's models on Friday.",
        "rescind",
        "alibaba",
        "2026-05-29",
        None,
    ),
    (
        "A ban on Meta AI takes effect in Geneva's schools on 1 September.",
        "prohibit",
        "meta",
        "2026-09-01",
        None,
    ),
    (
        "The Defence Ministry suspended its use of Halcyon last week.",
        "prohibit",
        "kestrel",
        None,
        None,
    ),
    (
        "The District Court vacated the ban on Cohere imposed by the Energy Secretary.",
        "rescind",
        "cohere",
        None,
        None,
    ),
    (
        "Civil servants in France have been told to delete Grok from their phones.",
        "prohibit",
        "xai",
        None,
        None,
    ),
    (
        "France's interior ministry put an end to its use of Gemini in April.",
        "prohibit",
        "google",
        None,
        None,
    ),
    (
        "The European Parliament has blocked Meta AI on members' devices, its bureau confirmed on Thursday.",
        "prohibit",
        "meta",
        "2026-06-04",
        None,
    ),
    ("Northmere is considering dropping Copilot.", None, None, None, None),
]

DEPECHES = [
    (
        "Le ministère de l'Intérieur a interdit l'usage de Grok à ses agents, selon une note consultée par Le Fil.",
        "prohibit",
        "xai",
        None,
        None,
    ),
    ("Bercy tourne le dos à Copilot.", "prohibit", "microsoft", None, None),
    (
        "Le Conseil d'État a suspendu mercredi l'interdiction de Mistral prononcée par le ministre de l'Intérieur.",
        "stay",
        "mistral",
        "2026-06-03",
        None,
    ),
    (
        "Le gouvernement du Québec a annoncé lundi qu'il bannirait DeepSeek à compter du 1er septembre.",
        "prohibit",
        "deepseek",
        "2026-09-01",
        None,
    ),
    (
        "La Commission européenne a levé jeudi l'interdiction de ChatGPT.",
        "rescind",
        "openai",
        "2026-06-04",
        None,
    ),
    ("Le canton de Genève autorise de nouveau Claude.", "permit", "anthropic", None, None),
    (
        "Les fonctionnaires ont jusqu'au 31 décembre pour se passer de Gemini.",
        "prohibit",
        "google",
        None,
        "2026-12-31",
    ),
    ("La Banque Axiom remplace Copilot par Claude.", "rebind", "anthropic", None, None),
    ("Le Parlement européen a coupé l'accès à Meta AI.", "prohibit", "meta", None, None),
    (
        "Matignon a demandé aux ministères de cesser d'utiliser Qwen d'ici à la fin de l'année.",
        "prohibit",
        "alibaba",
        None,
        "2026-12-31",
    ),
    ("Le ministre a démenti avoir interdit Copilot.", None, None, None, None),
    (
        "Santé Canada a obtenu une dérogation pour DeepSeek jusqu'au 31 mars 2027.",
        "waive",
        "deepseek",
        None,
        "2027-03-31",
    ),
    (
        "Le tribunal fédéral de Washington a annulé vendredi l'interdiction visant Cohere.",
        "rescind",
        "cohere",
        "2026-05-29",
        None,
    ),
    ("La ville envisage d'abandonner Copilot.", None, None, None, None),
    (
        "Grok ne pourra plus être utilisé dans les écoles à partir de la rentrée du 1er septembre.",
        "prohibit",
        "xai",
        "2026-09-01",
        None,
    ),
    (
        "L'usage de ChatGPT sera interdit dans les ministères dès le 1er juillet, a annoncé le Premier ministre.",
        "prohibit",
        "openai",
        "2026-07-01",
        None,
    ),
]

ORDER = """HOME OFFICE
Circular 11/2026
4 June 2026

To: all staff

{}

The Home Secretary
"""
ARRETE = """MINISTÈRE DE L'INTÉRIEUR

Circulaire du 4 juin 2026

Le ministre de l'Intérieur

{}

Fait à Paris, le 4 juin 2026.

Le ministre de l'Intérieur
"""
REPORT = "Whitehall and the chatbots\n\nLondon, 4 June 2026 (The Courier) - {}\n"
DEPECHE = "L'administration et les robots\n\nParis, le 4 juin 2026 (Le Fil) - {}\n"


def drafts(frame: str, sentence: str) -> tuple[Draft, ...]:
    return read(frame.format(sentence).encode(), "text.txt", DIRECTORY).drafts


def named(draft: Draft) -> set[str]:
    """The makers that a draft is about; a new model stands for its maker."""
    models = [*draft.targets.models, *(m for one in draft.rebindings for m in one.models)]
    return {*draft.targets.makers, *models, *(DIRECTORY.models[m].maker for m in models)}


def bars(draft: Draft) -> str:
    return "prohibit" if draft.action == "wind-down" else draft.action


@pytest.mark.parametrize(
    ("frame", "sentence", "action", "about"),
    [(ORDER, *one) for one in ORDERS] + [(ARRETE, *one) for one in ARRETES],
)
def test_an_order_says_it_so(frame: str, sentence: str, action: str | None, about: str | None):
    found = drafts(frame, sentence)
    assert [bars(draft) for draft in found] == ([] if action is None else [action])
    assert all(about in named(draft) for draft in found)


@pytest.mark.parametrize(
    ("frame", "sentence", "action", "about", "since", "until"),
    [(REPORT, *one) for one in REPORTS] + [(DEPECHE, *one) for one in DEPECHES],
)
def test_a_report_tells_it_so(
    frame: str,
    sentence: str,
    action: str | None,
    about: str | None,
    since: str | None,
    until: str | None,
):
    found = drafts(frame, sentence)
    assert [bars(draft) for draft in found] == ([] if action is None else [action])
    for draft in found:
        assert about in named(draft)
        ends = draft.until or (draft.wind_down.until if draft.wind_down is not None else None)
        assert since is None or draft.since == since
        assert until is None or ends == until
