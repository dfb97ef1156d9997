"""What a page of a pack says, in English and French."""

from collections.abc import Mapping

from changeover.basics.text import Bilingual
from changeover.evidence.reconciling.model import Finding

ANSWERS = {
    "none-recorded": Bilingual(
        "None recorded. The record is unbroken for the declared routes.",
        "Aucun enregistré. L’enregistrement est ininterrompu pour les voies déclarées.",
    ),
    "these-calls": Bilingual(
        "These calls: {0}. The record is unbroken for the declared routes.",
        "Ces appels : {0}. L’enregistrement est ininterrompu pour les voies déclarées.",
    ),
    "incomplete": Bilingual(
        "The record is incomplete here:", "L’enregistrement est incomplet ici :"
    ),
}
GROUPS = {
    "unauthorised": Bilingual("Sent against an order", "Envoyés malgré un arrêté"),
    "winding-down": Bilingual("Winding down", "En retrait"),
    "waived": Bilingual("Under a waiver", "Sous dérogation"),
    "stayed": Bilingual("While an order was stayed", "Pendant la suspension d’un arrêté"),
    "before-effect": Bilingual("Before an order took effect", "Avant l’effet d’un arrêté"),
    "permitted": Bilingual("No order bars them", "Aucun arrêté ne s’y oppose"),
    "unknown": Bilingual("Law not known", "Droit inconnu"),
    "refused": Bilingual("Refused, never sent", "Refusés, jamais envoyés"),
}
ASIDE = {
    "in flight": Bilingual("On their way when an order began", "En cours au début d’un arrêté"),
    "to a stand-in": Bilingual(
        "To a stand-in, not the vendor", "À une doublure, pas au fournisseur"
    ),
}
OUTCOMES = {
    "allow": Bilingual("allowed", "permis"),
    "notice": Bilingual("allowed with notice", "permis avec avis"),
    "refuse": Bilingual("refused", "refusé"),
}
STATUSES = {
    "announced": Bilingual("only announced", "seulement annoncé"),
    "pending": Bilingual("not yet in effect", "pas encore en vigueur"),
    "operative": Bilingual("in force", "en vigueur"),
    "winding-down": Bilingual("winding down", "en retrait"),
    "stayed": Bilingual("stayed", "suspendu"),
    "waived": Bilingual("waived", "levé par dérogation"),
    "ended": Bilingual("ended", "terminé"),
}
STATES = {
    "stopped": Bilingual("stopped", "arrêté"),
    "killed": Bilingual("killed, its calls taken over", "tué, ses appels repris"),
    "running": Bilingual("ran still", "tournait encore"),
    "lost": Bilingual("lost", "perdu"),
}
FINDINGS: Mapping[Finding, Bilingual] = {
    "agrees": Bilingual("agrees", "concorde"),
    "bypass": Bilingual("BYPASS", "CONTOURNEMENT"),
    "not-counted": Bilingual("not counted", "non compté"),
    "unclear": Bilingual("cannot tell", "indécidable"),
    "over-instant": Bilingual("on both sides of an instant", "des deux côtés d’un instant"),
}
WORDS = {
    "title": Bilingual("Calls to {0}", "Appels à {0}"),
    "asked": Bilingual("Calls of {0}, from {1} up to {2}.", "Appels {0}, de {1} à {2} (exclu)."),
    "parties": Bilingual("the parties named {0}", "des entités nommées {0}"),
    "everybody": Bilingual("all parties", "de toutes les entités"),
    "unreadable": Bilingual("A file that does not hold", "Un fichier qui ne tient pas"),
    "demonstration": Bilingual("This is of a demonstration.", "Ceci vient d’une démonstration."),
    "counts": Bilingual("How many", "Combien"),
    "routes": Bilingual("Declared routes", "Voies déclarées"),
    "instruments": Bilingual("Orders", "Arrêtés"),
    "began": Bilingual("When the window began", "Au début de la fenêtre"),
    "ended": Bilingual("When it ended", "À la fin"),
    "calls": Bilingual("The calls", "Les appels"),
    "first": Bilingual("The first {0} of them.", "Les {0} premiers."),
    "when": Bilingual("When", "Quand"),
    "who": Bilingual("Service", "Service"),
    "route": Bilingual("Route", "Voie"),
    "standing": Bilingual("Where it stands", "Situation"),
    "law": Bilingual("By the law", "Selon le droit"),
    "then and now": Bilingual("{0}, as known then and now", "{0}, connu alors et à présent"),
    "then": Bilingual("{0} as known then; {1} now", "{0}, connu alors ; {1} à présent"),
    "not asked": Bilingual("it cannot be asked", "il ne peut être interrogé"),
    "entry": Bilingual("Entry", "Entrée"),
    "group": Bilingual("Calls", "Appels"),
    "number": Bilingual("Number", "Nombre"),
    "controls": Bilingual("What was tried and measured", "Ce qui a été essayé et mesuré"),
    "canaries": Bilingual(
        "Canaries, which lead to a sink and never to the vendor: {0} of {1} declared routes were"
        " tried, and {2} refused all.",
        "Appels témoins, qui vont à un puits et jamais au fournisseur : {0} des {1} voies déclarées"
        " ont été essayées, et {2} les ont tous refusés.",
    ),
    "clocks": Bilingual(
        "Clocks were compared {0} times, {1} of them while nothing held them to a source: they"
        " stood at most {2} s apart.",
        "Les horloges ont été comparées {0} fois, dont {1} sans rien qui les règle sur une source :"
        " elles s’écartaient d’au plus {2} s.",
    ),
    "running": Bilingual(
        "Starts that still ran: {0}. That they called no more is the word of who signed.",
        "Processus qui tournaient encore : {0}. Qu’ils n’ont plus appelé est la parole du"
        " signataire.",
    ),
    "redacted": Bilingual(
        "This pack is redacted. Of {0} calls the maker, the outcome and a digest are proven; when"
        " they were, and on which route, is the word of who signed.",
        "Ce dossier est caviardé. De {0} appels, le fabricant, l’issue et une empreinte sont"
        " prouvés ; leur moment et leur voie sont la parole du signataire.",
    ),
    "redacted by": Bilingual(
        "By {0}: {1}. It was made of the pack whose manifest has the SHA-256 {2}.",
        "Par {0} : {1}. Il vient du dossier dont le manifeste a le SHA-256 {2}.",
    ),
    "others": Bilingual("What others counted", "Ce que d’autres ont compté"),
    "unreconciled": Bilingual(
        "This was not reconciled with what the vendor or others counted.",
        "Ceci n’a pas été rapproché de ce que le fournisseur ou d’autres ont compté.",
    ),
    "vendor": Bilingual("Vendor", "Fournisseur"),
    "from": Bilingual("From", "De"),
    "to": Bilingual("To", "À"),
    "counted": Bilingual("They counted", "Ils ont compté"),
    "sent": Bilingual("Left here", "Parti d’ici"),
    "finding": Bilingual("Finding", "Constat"),
    "file": Bilingual("File", "Fichier"),
    "kind": Bilingual("Kind", "Genre"),
    "starts": Bilingual("Processes that served", "Processus qui ont servi"),
    "start": Bilingual("Start", "Démarrage"),
    "host": Bilingual("Machine", "Machine"),
    "version": Bilingual("Version", "Version"),
    "since": Bilingual("Since", "Depuis"),
    "state": Bilingual("State", "État"),
    "limits": Bilingual("Not covered", "Ce qui n’est pas couvert"),
    "trust": Bilingual("How this can be checked", "Comment le vérifier"),
    "check": Bilingual(
        "This page was made of a pack of {0} entries of the ledger, whose public key is {1}."
        " `changeover evidence verify`, or the verifier that stands alone, gives the same answer.",
        "Cette page vient d’un dossier de {0} entrées du registre, dont la clé publique est {1}."
        " `changeover evidence verify`, ou le vérificateur autonome, donne la même réponse.",
    ),
    "vouched": Bilingual("What others vouch for", "Ce dont d’autres répondent"),
    "time": Bilingual(
        "{0} stamped the first {1} entries of the ledger on {2}.",
        "{0} a horodaté les {1} premières entrées du registre le {2}.",
    ),
    "witness": Bilingual(
        "The witness {0} cosigned the first {1} entries of the ledger on {2}.",
        "Le témoin {0} a cosigné les {1} premières entrées du registre le {2}.",
    ),
    "unchecked": Bilingual(
        "That was not checked: nobody named their key or root.",
        "Cela n’a pas été vérifié : personne n’a nommé sa clé ou sa racine.",
    ),
    "own key": Bilingual(
        "The key is the one that the file names, which proves nothing by itself.",
        "La clé est celle que nomme le fichier, ce qui ne prouve rien à soi seul.",
    ),
}
