"""How each vendor's stand-in frames what it quotes: short, neutral, none better than another.

Every opening names the vendor and says that a stand-in speaks. Openings are
constant, so that a stand-in's reply is known again in a later turn.
"""

import msgspec

from changeover.basics.text import Bilingual, Language


class Voice(msgspec.Struct, frozen=True, kw_only=True):
    """A vendor's name and its openings: before quotes, a summary, and when there is nothing."""

    name: Bilingual
    quotes: Bilingual
    summary: Bilingual
    lacks: Bilingual


VOICES: dict[str, Voice] = {
    "anthropic": Voice(
        name=Bilingual(en="Anthropic", fr="Anthropic"),
        quotes=Bilingual(
            en="Stand-in for Anthropic. Here is what I find in what you gave me:",
            fr="Substitut d’Anthropic. Voici ce que je trouve dans ce que vous m’avez donné :",
        ),
        summary=Bilingual(
            en="Stand-in for Anthropic. These sentences carry most of the text:",
            fr="Substitut d’Anthropic. Ces phrases portent l’essentiel du texte :",
        ),
        lacks=Bilingual(
            en="Stand-in for Anthropic. I should be plain about what I can do here.",
            fr="Substitut d’Anthropic. Je préfère dire clairement ce que je peux faire ici.",
        ),
    ),
    "openai": Voice(
        name=Bilingual(en="OpenAI", fr="OpenAI"),
        quotes=Bilingual(
            en="Stand-in for OpenAI. The text provided says:",
            fr="Substitut d’OpenAI. Le texte fourni dit :",
        ),
        summary=Bilingual(
            en="Stand-in for OpenAI. In short, the text provided says:",
            fr="Substitut d’OpenAI. En bref, le texte fourni dit :",
        ),
        lacks=Bilingual(
            en="Stand-in for OpenAI. A note on what this reply can be.",
            fr="Substitut d’OpenAI. Une précision sur cette réponse.",
        ),
    ),
    "google": Voice(
        name=Bilingual(en="Google", fr="Google"),
        quotes=Bilingual(
            en="Stand-in for Google. The closest passages I have are:",
            fr="Substitut de Google. Les passages les plus proches dont je dispose :",
        ),
        summary=Bilingual(
            en="Stand-in for Google. The key passages are:",
            fr="Substitut de Google. Les passages clés :",
        ),
        lacks=Bilingual(
            en="Stand-in for Google. Some context about this answer.",
            fr="Substitut de Google. Un mot sur cette réponse.",
        ),
    ),
    "mistral": Voice(
        name=Bilingual(en="Mistral AI", fr="Mistral AI"),
        quotes=Bilingual(
            en="Stand-in for Mistral AI. Found in your text:",
            fr="Substitut de Mistral AI. Trouvé dans votre texte :",
        ),
        summary=Bilingual(
            en="Stand-in for Mistral AI. The essentials of your text:",
            fr="Substitut de Mistral AI. L’essentiel de votre texte :",
        ),
        lacks=Bilingual(
            en="Stand-in for Mistral AI. To be clear about this answer.",
            fr="Substitut de Mistral AI. Soyons clairs sur cette réponse.",
        ),
    ),
    "aws": Voice(
        name=Bilingual(en="AWS", fr="AWS"),
        quotes=Bilingual(
            en="Stand-in for AWS. Matching passages from the input:",
            fr="Substitut d’AWS. Passages correspondants de l’entrée :",
        ),
        summary=Bilingual(
            en="Stand-in for AWS. Main passages from the input:",
            fr="Substitut d’AWS. Passages principaux de l’entrée :",
        ),
        lacks=Bilingual(
            en="Stand-in for AWS. About this response.",
            fr="Substitut d’AWS. À propos de cette réponse.",
        ),
    ),
    "microsoft": Voice(
        name=Bilingual(en="Microsoft", fr="Microsoft"),
        quotes=Bilingual(
            en="Stand-in for Microsoft. Based on the content you shared:",
            fr="Substitut de Microsoft. D’après le contenu que vous avez partagé :",
        ),
        summary=Bilingual(
            en="Stand-in for Microsoft. Highlights of the content you shared:",
            fr="Substitut de Microsoft. Points saillants du contenu que vous avez partagé :",
        ),
        lacks=Bilingual(
            en="Stand-in for Microsoft. What to know about this reply.",
            fr="Substitut de Microsoft. Ce qu’il faut savoir de cette réponse.",
        ),
    ),
    "house": Voice(
        name=Bilingual(en="this house", fr="la maison"),
        quotes=Bilingual(
            en="Stand-in for the house model. Your text has this on it:",
            fr="Substitut du modèle interne. Votre texte en dit ceci :",
        ),
        summary=Bilingual(
            en="Stand-in for the house model. Your text, shortened:",
            fr="Substitut du modèle interne. Votre texte, abrégé :",
        ),
        lacks=Bilingual(
            en="Stand-in for the house model. First, what I am.",
            fr="Substitut du modèle interne. D’abord, ce que je suis.",
        ),
    ),
}

UNMATCHED = Bilingual(
    en="I find nothing about this in what I was given.",
    fr="Je ne trouve rien à ce sujet dans ce qui m’a été donné.",
)
NO_CODE = Bilingual(
    en="I cannot write, run or check code.",
    fr="Je ne sais ni écrire, ni exécuter, ni vérifier du code.",
)
ABILITIES = Bilingual(
    en="I stand in for the model {model} of {vendor}: no model runs here, and I know nothing of my "
    "own. I can quote what answers a question, summarise a text or name its key words, always from "
    "what this conversation holds: paste a text and ask about it.",
    fr="Je tiens lieu du modèle {model} de {vendor} : aucun modèle ne tourne ici, et je ne sais "
    "rien par moi-même. Je peux citer ce qui répond à une question, résumer un texte ou en donner "
    "les mots clés, toujours à partir de cette conversation : collez un texte et posez une "
    "question.",
)
QUOTATION = Bilingual(en="“{text}” ({source})", fr="« {text} » ({source})")
CITED = Bilingual(en="“{text}” [{number}]", fr="« {text} » [{number}]")
SOURCES: dict[str, Bilingual] = {
    "system": Bilingual(en="the instructions", fr="les instructions"),
    "last": Bilingual(en="this message", fr="ce message"),
    "user": Bilingual(en="your message {number}", fr="votre message {number}"),
    "assistant": Bilingual(en="reply {number}", fr="réponse {number}"),
    "tool": Bilingual(en="result {number}", fr="résultat {number}"),
}
CALLING = Bilingual(
    en="Stand-in for {vendor}. I call what you named: {tools}.",
    fr="Substitut de {vendor}. J'appelle ce que vous avez nommé : {tools}.",
)
UNTITLED = Bilingual(en="Conversation", fr="Conversation")

_MAKERS = (
    ("claude", "anthropic"),
    ("gpt", "openai"),
    ("gemini", "google"),
    ("mistral", "mistral"),
)
_OPENINGS = tuple(
    opening
    for voice in VOICES.values()
    for both in (voice.quotes, voice.summary, voice.lacks)
    for opening in (both.en, both.fr)
)


def voice_of(host: str, model: str) -> Voice:
    """The voice of the model's maker where its name tells, else of the host."""
    for stem, maker in _MAKERS:
        if stem in model.lower():
            return VOICES[maker]
    return VOICES.get(host, VOICES["house"])


def is_framed(text: str) -> bool:
    """Whether `text` is a stand-in's own reply, also one that a limit cut short."""
    said = text.strip()
    return said.startswith(_OPENINGS) or any(said and one.startswith(said) for one in _OPENINGS)


def abilities(voice: Voice, model: str, language: Language) -> str:
    """What the stand-in is and what it can do."""
    vendor = voice.name.in_language(language)
    return ABILITIES.in_language(language).format(model=model, vendor=vendor)
