"""Conversations to export: of two models, with a seam, a cut answer and branches."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec

from changeover.basics.text import Bilingual, Language
from changeover.chat.exports.transcript import Setting, Transcript, transcript
from changeover.chat.model import OrderRef, Problem, Served, StoredConversation, StoredTurn
from changeover.chat.shelf import Loaded
from changeover.conversation.model import Text
from tests.orders.worlds import T0

ORDER = OrderRef(
    id="memo",
    title=Bilingual("Memo 12", "Note 12"),
    issuer_name=Bilingual("The Secretary", "La Secrétaire"),
)
ALPHA = Served(
    route="one@host",
    model="one",
    model_name="One",
    version="one-0001",
    maker="alpha",
    maker_name=Bilingual("Alpha", "Alpha"),
    host="host",
    host_name=Bilingual("The Host", "L’Hôte"),
    stand_in=True,
    requested="default",
    replaced=None,
    ruleset="r1",
    instruments=(ORDER,),
    why=Bilingual("By default.", "Par défaut."),
    losses=(),
    deadline=None,
    input_tokens=1,
    output_tokens=2,
    demonstration=True,
)
BETA = msgspec.structs.replace(
    ALPHA, model="two", model_name="Two", maker="beta", maker_name=Bilingual("Beta", "Bêta")
)
CONVERSATION = StoredConversation(
    id="conv_1", account="acct_ana", service="desk", title="A *title*", created=T0, changed=T0
)
CUT = Problem(
    kind="cut",
    words=Bilingual("An order ended it.", "Un ordre y a mis fin."),
    order=ORDER,
    may_continue=True,
)


def turn(number: int, parent: int | None, text: str, **fields) -> StoredTurn:
    given = {"role": "user" if number % 2 else "assistant", "state": "complete"} | fields
    return StoredTurn(
        id=f"turn_{number}",
        conversation="conv_1",
        parent=None if parent is None else f"turn_{parent}",
        created=T0 + timedelta(minutes=number),
        parts=(Text(text=text),),
        **given,
    )


TURNS = (
    turn(1, None, "First line\nsecond < line\n\nThird"),
    turn(2, 1, "An **early** answer.", served=ALPHA),
    turn(3, 2, "And then?"),
    turn(4, 3, "Cut in ```the", served=BETA, state="cut", problem=CUT, cause=ORDER),
    turn(5, 2, "Or else?"),
    turn(6, 5, "Else.", served=ALPHA),
)
LOADED = Loaded(CONVERSATION, TURNS, 0)


def told(language: Language = "en", loaded: Loaded = LOADED, through: str = "turn_4") -> Transcript:
    setting = Setting(
        language=language,
        zone=ZoneInfo("America/New_York"),
        now=T0,
        service_name=Bilingual("StateChat", "StateChat"),
    )
    return transcript(loaded.shown(through), setting)


def answered(text: str) -> Transcript:
    """A transcript whose second turn answers this."""
    only = (TURNS[0], turn(2, 1, text, served=ALPHA), turn(3, 2, "After it."))
    return told(loaded=Loaded(CONVERSATION, only, 0), through="turn_3")
