"""What exports say around a conversation's own words, in both languages."""

from changeover.basics.text import Bilingual
from changeover.chat.model import TurnState, Uncarried

MACHINE = Bilingual(
    en="The answers below were written by machines. They can be wrong; check what matters.",
    fr="Les réponses ci-dessous ont été rédigées par des machines. Elles peuvent être erronées ; "
    "vérifiez ce qui importe.",
)
EXPORTED = Bilingual(en="Exported from {service} on {when}.", fr="Exporté de {service} le {when}.")
ONE_PATH = Bilingual(
    en="Messages or answers exist in other versions too; these are the ones that were shown. "
    "The JSON export holds all of them.",
    fr="Des messages ou réponses existent aussi en d'autres versions ; voici celles qui étaient "
    "affichées. L'export JSON les contient toutes.",
)
UNTITLED = Bilingual(en="Conversation", fr="Conversation")
QUESTION = Bilingual(en="You", fr="Vous")
ANSWER = Bilingual(en="{model} by {maker}", fr="{model} de {maker}")
ANSWER_OF_NOBODY = Bilingual(en="No answer", fr="Pas de réponse")
ANSWER_ELSEWHERE = Bilingual(en="An answer from elsewhere", fr="Une réponse venue d'ailleurs")
VENDOR = Bilingual(en="Vendor: {name}", fr="Fournisseur : {name}")
HOST = Bilingual(en="Host: {name}", fr="Hébergeur : {name}")
MODEL = Bilingual(en="Model: {name}", fr="Modèle : {name}")
VERSION = Bilingual(en="{model}, version {version}", fr="{model}, version {version}")
WRITTEN = Bilingual(en="Written: {when}", fr="Rédigé : {when}")
STAND_IN = Bilingual(
    en="A stand-in imitated the vendor: the model itself wrote none of this",
    fr="Un simulateur a imité le fournisseur : le modèle lui-même n'en a rien rédigé",
)
DEMONSTRATION = Bilingual(en="Given in a demonstration", fr="Donnée dans une démonstration")
INSTRUCTED = Bilingual(
    en="Your own instructions went along", fr="Vos propres consignes ont été transmises"
)
SEAM = Bilingual(
    en="From here on: {to} by {to_maker}. Before this, {since} by {from_maker} answered.",
    fr="À partir d'ici : {to} de {to_maker}. Avant, {since} de {from_maker} répondait.",
)
BECAUSE = Bilingual(
    en="Because of “{order}” ({issuer}).", fr="En raison de « {order} » ({issuer})."
)
SOME_IMPORTED = Bilingual(
    en="Some of this was not said here but came in from a file, which nobody checked; it says so "
    "where it stands.",
    fr="Une partie n'a pas été dite ici mais vient d'un fichier, que personne n'a vérifié ; "
    "c'est dit à chaque endroit.",
)
IMPORTED = Bilingual(en="imported from {source}", fr="importé de {source}")
SAID_MODEL = Bilingual(en="Model, says the file: {name}", fr="Modèle, selon le fichier : {name}")
NOT_CARRIED = Bilingual(
    en="Not carried over from the file: {what}.", fr="Non repris du fichier : {what}."
)

STATES: dict[TurnState, Bilingual] = {
    "generating": Bilingual("Still being written when exported", "En cours lors de l'export"),
    "stopped": Bilingual("Stopped", "Arrêtée"),
    "cut": Bilingual("Cut by an order", "Coupée par un ordre"),
    "failed": Bilingual("No whole answer", "Pas de réponse complète"),
    "refused": Bilingual("Not asked: refused", "Non posée : refusée"),
    "interrupted": Bilingual("Interrupted", "Interrompue"),
}
UNCARRIED: dict[Uncarried, Bilingual] = {
    "image": Bilingual("images", "images"),
    "audio": Bilingual("audio", "audio"),
    "video": Bilingual("video", "vidéo"),
    "file": Bilingual("files", "fichiers"),
    "tool": Bilingual("calls of tools", "appels d'outils"),
    "reasoning": Bilingual("reasoning", "raisonnements"),
    "instructions": Bilingual("instructions", "instructions"),
    "assistant": Bilingual("custom assistants", "assistants personnalisés"),
    "citation": Bilingual("citations", "citations"),
    "other": Bilingual("other parts", "autres éléments"),
}
