"""French words, by what they do."""

from collections.abc import Iterator, Mapping

from changeover.intake.lexicon import (
    Form,
    Lexicon,
    Op,
    compile_lexicon,
    french_irregular,
    french_regular,
)

_VERBS = {
    Op.COMMAND: "tenir_de ordonner enjoindre exiger imposer commander obliger contraindre sommer"
    " intimer prescrire instruire",
    Op.TELL: "demander",
    Op.CEASE: "tourner_le_dos_à fermer résilier dénoncer détruire cesser arrêter mettre_fin"
    " mettre_fin_à mettre_un_terme_à abandonner débarrasser renoncer supprimer retirer désactiver"
    " éliminer prendre_fin stopper interrompre rompre couper désinstaller écarter délaisser",
    Op.BAN: "faire_défense faire_interdiction interdire bannir proscrire exclure bloquer prohiber"
    " geler empêcher abstenir",
    Op.SUSPEND: "suspendre surseoir",
    Op.USE: "mettre_en_œuvre traiter faire_usage_de avoir_recours_à conclure reposer_sur"
    " tourner_sur appuyer_sur fonctionner_avec fonctionner_sur utiliser employer déployer acheter"
    " acquérir adopter recourir_à travailler exploiter installer commercer servir fournir",
    Op.APPLY: "appliquer",
    Op.PERMIT: "renouveler reconduire mettre_à_disposition mettre_à_la_disposition autoriser"
    " habiliter ouvrir_à permettre admettre approuver agréer",
    Op.RESUME: "reprendre rétablir réintégrer restaurer réautoriser rouvrir réactiver",
    Op.RESCIND: "lever abroger révoquer annuler rapporter_l_interdiction infirmer casser rapporter"
    " cesser_de_produire_effet cesser_de_produire_ses_effets cesser_de_s_appliquer",
    Op.WAIVE: "exempter dispenser déroger",
    Op.DESIGNATE: "désigner classer qualifier étiqueter",
    Op.DECLARE: "déclarer inscrire placer ajouter_à considérer réputer",
    Op.SWITCH: "changer passer remplacer basculer migrer troquer",
    Op.SPEECH: "dire indiquer affirmer ajouter préciser écrire expliquer estimer assurer souligner"
    " soutenir noter avertir insister prévenir reconnaître",
    Op.ANNOUNCE: "annoncer dévoiler décider",
    Op.REPORT: "rapporter_que révéler",
    Op.CONFIRM: "confirmer",
    Op.DENY: "démentir nier contester réfuter",
    Op.VERIFY: "vérifier corroborer",
    Op.RESPOND: "répondre commenter réagir donner_suite",
    Op.SEEN: "voir consulter obtenir",
    Op.CITING: "citer",
    Op.IRREALIS: "envisager menacer vouloir souhaiter presser proposer espérer étudier recommander"
    " faire_pression craindre chercher conseiller réclamer appeler tenter penser croire suggérer"
    " échouer négocier convoquer inviter prier solliciter",
    Op.INTEND: "promettre prévoir compter entendre préparer",
    Op.REFUSE: "refuser décliner rejeter",
    Op.BE: "être",
    Op.HAVE: "avoir disposer",
    Op.MUST: "devoir",
    Op.MAY: "pouvoir",
    Op.BEGIN: "décider commencer continuer aller venir",
    Op.ISSUE: "accorder conclure prendre donner signer publier prononcer édicter",
    Op.OTHER_VERB: "rendre faire suivre devenir constituer rester porter savoir saluer recevoir"
    " tenir agir alimenter rencontrer lancer perdre gagner",
}

_WORDS = {
    Op.COMMAND: "ordre injonction directive instruction",
    Op.CEASE: "fin_de arrêt abandon retrait suppression cessation",
    Op.BAN: "interdiction interdictions bannissement exclusion embargo moratoire restriction"
    " restrictions gel",
    Op.SUSPEND: "suspension sursis",
    Op.USE: "utilisation utilisations usage usages emploi déploiement accès recours achat achats"
    " liens relations adoption",
    Op.PERMIT: "autorisation agrément permission admission",
    Op.RESUME: "rétablissement reprise",
    Op.RESCIND: "levée abrogation révocation annulation",
    Op.WAIVE: "dérogation dérogations exemption exemptions dispense par_exception nonobstant"
    " à_titre_exceptionnel à_titre_dérogatoire",
    Op.SWITCH: "remplacement migration passage",
    Op.GRADUAL: "progressivement graduellement progressive progressif période_de_transition"
    " par_étapes",
    Op.AGREEMENT: "accord contrat convention",
    Op.INSTRUMENT: "ordre arrêté décret mémo mémorandum note circulaire décision désignation"
    " ordonnance mesure mesures sanction sanctions directive jugement règle",
    Op.RISK: "risque risques menace danger",
    Op.COMMENT: "commentaire commentaires",
    Op.ACCORDING: "selon d_après",
    Op.CITING: "citant",
    Op.BE: "en_train_de",
    Op.WILL: "sur_le_point_de",
    Op.NOT: "pas jamais ni sans nullement guère",
    Op.NO_MORE: "plus",
    Op.NO: "aucun aucune nul nulle",
    Op.AND: "et ou",
    Op.AFTER: "après_que après conformément_à en_application_de en_exécution_de à_la_suite_de"
    " en_vertu_de pour_se_conformer_à suite_à",
    Op.WHILE: "alors_que alors_qu tandis_que tandis_qu bien_que bien_qu parce_que parce_qu puisque"
    " puisqu car mais lorsque lorsqu quand pendant_que avant_que avant_de",
    Op.IF: "si à_moins_que à_moins_qu dans_la_mesure_où en_tant_que en_tant_qu",
    Op.THAT: "que qu",
    Op.WHO: "qui dont où lequel laquelle lesquels lesquelles auquel",
    Op.BY: "par",
    Op.FROM: "de d du des au_lieu_de à_la_place_de plutôt_que non_plus et_non",
    Op.INTO: "au_profit_de à au aux par vers",
    Op.INCLUDING: "y_compris notamment dont comme",
    Op.OTHER: "autre autres",
    Op.DETERMINER: "le la l les un une ce cet cette ces tout toute tous toutes leur chaque en"
    " nouvel nouveau nouvelle",
    Op.POSSESSIVE: "son sa ses leur leurs notre nos mon ma mes votre vos",
    Op.PRONOUN: "celui_ci celle_ci ceux_ci celles_ci ce_dernier cette_dernière"
    " il elle ils elles nous on je",
    Op.PERSON: "agents agent personnel porte_parole fonctionnaire fonctionnaires responsable"
    " responsables source sources avocat avocats dirigeant dirigeants employé employés conseiller"
    " conseillers cadre",
    Op.VENDOR: "requérante requérant demanderesse entreprise société startup start_up fournisseur"
    " laboratoire éditeur firme jeune_pousse",
    Op.PARTY: "département ministère agence administration service bureau",
    Op.MEDIA: "journal rapport article quotidien magazine média",
    Op.PAPER: "mémo mémorandum note lettre courriel document communiqué post message circulaire",
    Op.NETWORK: "réseau réseaux enclave",
    Op.TALK: "discussions discussion négociations négociation pourparlers réunion rencontre litige"
    " procès enquête conversations",
    Op.PRODUCT: "produit produits technologie technologies modèle modèles outil outils logiciel"
    " logiciels plateforme plate_forme chatbot agent_conversationnel assistant système systèmes"
    " application applications abonnement abonnements compte comptes",
    Op.AGAIN: "de_nouveau à_nouveau",
    Op.FOR_NOW: "pour_l_instant pour_le_moment provisoirement à_titre_provisoire temporairement",
}

_NOUNS = frozenset(
    {
        Op.COMMAND, Op.CEASE, Op.BAN, Op.SUSPEND, Op.USE, Op.PERMIT, Op.RESUME, Op.RESCIND,
        Op.WAIVE, Op.SWITCH, Op.AGREEMENT, Op.INSTRUMENT, Op.RISK, Op.COMMENT, Op.PERSON,
        Op.VENDOR, Op.PARTY, Op.MEDIA, Op.PAPER, Op.NETWORK, Op.TALK, Op.PRODUCT,
    }
)  # fmt: skip

_IRREGULAR = """
mettre met,mettent,mit,mirent,mette mett mettr mis
interdire interdit,interdisent,interdise interdis interdir interdit
dire dit,disent,dirent,dise dis dir dit
promettre promet,promettent,promit,promirent promett promettr promis
permettre permet,permettent,permit,permirent,permette permett permettr permis
admettre admet,admettent,admit,admirent admett admettr admis
enjoindre enjoint,enjoignent,enjoignit enjoign enjoindr enjoint
contraindre contraint,contraignent contraign contraindr contraint
craindre craint,craignent craign craindr craint
inscrire inscrit,inscrivent,inscrivit inscriv inscrir inscrit
prescrire prescrit,prescrivent,prescrivit prescriv prescrir prescrit
proscrire proscrit,proscrivent,proscrivit proscriv proscrir proscrit
écrire écrit,écrivent,écrivit écriv écrir écrit
instruire instruit,instruisent instruis instruir instruit
exclure exclut,excluent,exclurent exclu exclur exclu
conclure conclut,concluent,conclurent conclu conclur conclu
suspendre suspend,suspendent,suspendit,suspendirent,suspende suspend suspendr suspendu
surseoir sursoit,sursoient sursoy surseoir sursis
interrompre interrompt,interrompent,interrompit interromp interrompr interrompu
rompre rompt,rompent,rompit romp rompr rompu
acquérir acquiert,acquièrent acquér acquerr acquis
recourir recourt,recourent recour recourr recouru
servir sert,servent,servit serv servir servi
lever lève,lèvent,leva,levèrent lev lèver levé
acheter achète,achètent,acheta,achetèrent achet achèter acheté
reprendre reprend,reprennent,reprit,reprirent repren reprendr repris
rouvrir rouvre,rouvrent,rouvrit,rouvrirent rouvr rouvrir rouvert
ouvrir ouvre,ouvrent,ouvrit,ouvrirent ouvr ouvrir ouvert
prendre prend,prennent,prit,prirent pren prendr pris
rétablir rétablit,rétablissent,rétablirent rétabliss rétablir rétabli
soutenir soutient,soutiennent,soutint souten soutiendr soutenu
tenir tient,tiennent,tint ten tiendr tenu
maintenir maintient,maintiennent,maintint mainten maintiendr maintenu
abstenir abstient,abstiennent,abstint absten abstiendr abstenu
renouveler renouvelle,renouvellent,renouvela,renouvelèrent renouvel renouveller renouvelé
reconduire reconduit,reconduisent,reconduisit reconduis reconduir reconduit
détruire détruit,détruisent,détruisit détruis détruir détruit
obtenir obtient,obtiennent,obtint obten obtiendr obtenu
venir vient,viennent,vint ven viendr venu
devenir devient,deviennent,devint deven deviendr devenu
prévenir prévient,préviennent,prévint préven préviendr prévenu
démentir dément,démentent,démentit dément démentir démenti
rendre rend,rendent,rendit,rendirent rend rendr rendu
répondre répond,répondent,répondit,répondirent répond répondr répondu
entendre entend,entendent,entendit entend entendr entendu
reconnaître reconnaît,reconnaissent,reconnut reconnaiss reconnaîtr reconnu
voir voit,voient,vit,virent voy verr vu
prévoir prévoit,prévoient,prévit prévoy prévoir prévu
vouloir veut,veulent,voulut,veuille voul voudr voulu
devoir doit,doivent,dut,durent,doive dev devr dû
pouvoir peut,peuvent,put,purent,puisse,puissent pouv pourr pu
avoir a,ont,ai,avons,eut,ait,aient,ayons av aur eu
être est,sont,suis,sommes,fut,furent,soit,soient ét ser été
faire fait,font,fit,firent,fasse fais fer fait
suivre suit,suivent,suivit suiv suivr suivi
savoir sait,savent,sut sav saur su
recevoir reçoit,reçoivent,reçut recev recevr reçu
croire croit,croient,crut croy croir cru
aller va,vont,alla,allèrent all ir allé
espérer espère,espèrent,espéra espér espérer espéré
suggérer suggère,suggèrent,suggéra suggér suggérer suggéré
révéler révèle,révèlent,révéla,révélèrent révél révéler révélé
réintégrer réintègre,réintègrent,réintégra réintégr réintégrer réintégré
rejeter rejette,rejettent,rejeta,rejetèrent rejet rejetter rejeté
appeler appelle,appellent,appela,appelèrent appel appeller appelé
""".strip()


_NO_FORMS = frozenset({"avant", "devant", "suivant"})
"""Prepositions that would be forms of verbs."""


def _conjugations() -> dict[str, list[tuple[str, Form]]]:
    irregular = {row.split()[0]: list(french_irregular(row)) for row in _IRREGULAR.splitlines()}
    heads = {lemma.split("_")[0] for lemmas in _VERBS.values() for lemma in lemmas.split()}
    found = {head: irregular.get(head) or list(french_regular(head)) for head in sorted(heads)}
    return {
        head: [one for one in forms if one[0] not in _NO_FORMS] for head, forms in found.items()
    }


def _contracted(table: Mapping[Op, str]) -> dict[Op, str]:
    """Phrases that end in *à* or *de*, also as these contract: *au*, *aux*, *du*, *des*, *d’*."""
    return {
        op: " ".join(form for phrase in phrases.split() for form in _contractions(phrase))
        for op, phrases in table.items()
    }


def _contractions(phrase: str) -> Iterator[str]:
    yield phrase
    for ending, contracted in (("_à", ("_au", "_aux")), ("_de", ("_du", "_des", "_d"))):
        if phrase.endswith(ending):
            yield from (phrase.removesuffix(ending) + other for other in contracted)


FRENCH: Lexicon = compile_lexicon(_contracted(_VERBS), _contracted(_WORDS), _NOUNS, _conjugations())
