import type { chatEn } from "./chat.en";

export const chatFr: Record<keyof typeof chatEn, string> = {
  "nav.chat": "Discussion",
  "app.loading": "Ouverture de Changeover…",

  "account.signOut": "Déconnexion",
  "account.signIn": "Connexion",
  "account.out": "Vous êtes connecté sous le nom de {name}.",
  "account.failed": "Le serveur n’a pas répondu : vous êtes encore connecté. Réessayez.",

  "role.staff": "personnel",
  "role.officer": "agent responsable",
  "role.operator": "exploitant",
  "role.auditor": "auditeur",
  "role.administrator": "administrateur",

  "signIn.heading": "Se connecter",
  "signIn.intro":
    "Connectez-vous pour discuter ou pour saisir des ordres. Le statut et les ordres se lisent sans connexion.",
  "signIn.left":
    "Vous êtes déconnecté. Ce que vous aviez écrit sans l’envoyer a été retiré de ce navigateur.",
  "signIn.login": "Identifiant",
  "signIn.password": "Mot de passe",
  "signIn.show": "Afficher le mot de passe",
  "signIn.submit": "Se connecter",
  "signIn.busy": "Connexion…",
  "signIn.away": "Le serveur n’a pas répondu. Vérifiez votre connexion et réessayez.",
  "signIn.wrong": "L’identifiant ou le mot de passe est faux. Vérifiez les deux et réessayez.",
  "signIn.tooManySeconds":
    "Il y a eu trop d’essais. Réessayez dans {seconds|# seconde|# secondes} ; votre compte n’est pas bloqué.",
  "signIn.tooManyMinutes":
    "Il y a eu trop d’essais. Réessayez dans {minutes|# minute|# minutes} ; votre compte n’est pas bloqué.",
  "signIn.refused":
    "Le serveur a refusé avec le code {status}. Réessayez ou demandez à votre administrateur.",
  "signIn.accounts": "Comptes de la démonstration",
  "signIn.accountsIntro": "Choisissez-en un et vous êtes connecté. Ces personnes sont inventées.",
  "signIn.allPassword": "Le mot de passe de tous :",
  "signIn.again": "Se reconnecter",
  "signIn.againMeans":
    "Votre session a pris fin. Ce que vous avez écrit est conservé : vous le retrouverez dès que vous serez reconnecté.",

  "signOn.with": "Se connecter avec {name}",
  "signOn.or": "Ou avec un identifiant et un mot de passe :",
  "signOn.window": "Une autre fenêtre s’ouvre ; ce que vous avez écrit reste ici.",
  "signOn.done": "Vous êtes connecté",
  "signOn.doneMeans": "Vous pouvez fermer cette fenêtre et continuer où vous étiez.",
  "signOn.goOn": "Continuer dans cette fenêtre",
  "signOn.left": "Vous êtes déconnecté",
  "signOn.leftMeans": "Ici et chez le fournisseur d’identité.",
  "signOn.refused": "Vous n’êtes pas connecté",
  "signOn.again": "Réessayer",
  "signOn.otherWays": "Autres façons de se connecter",
  "signOn.why.away":
    "Le fournisseur d’identité est injoignable. Réessayez dans quelques minutes ; si cela dure, prévenez votre administrateur.",
  "signOn.why.denied":
    "Le fournisseur d’identité ne vous a pas laissé entrer. Réessayez, ou adressez-vous à votre administrateur.",
  "signOn.why.disabled": "Votre compte est désactivé ici. Adressez-vous à votre administrateur.",
  "signOn.why.groups":
    "Vous n’êtes dans aucun groupe qui ouvre Changeover. Demandez à votre administrateur de vous y ajouter.",
  "signOn.why.provider":
    "On ne peut se fier à la réponse du fournisseur d’identité. Réessayez ; si cela dure, prévenez votre administrateur.",
  "signOn.why.provisioned-only":
    "Il n’y a pas encore de compte pour vous ici. L’annuaire de votre organisation crée les comptes : adressez-vous à votre administrateur.",
  "signOn.why.stale":
    "Cette connexion a été commencée ailleurs ou il y a trop longtemps. Recommencez-la.",
  "signOn.why.taken":
    "Un autre compte porte ici le nom que vous donne le fournisseur d’identité. Adressez-vous à votre administrateur.",

  "chat.heading": "Discussion",
  "chat.skip": "Aller au champ de message",
  "chat.loading": "Ouverture de la discussion…",
  "chat.lost": "Le serveur ne répond pas. Cette page réessaie d’elle-même.",
  "chat.refused": "La discussion ne peut pas s’ouvrir pour vous.",
  "chat.opening": "Ouverture de la conversation…",
  "chat.missing":
    "Cette conversation n’existe pas, ou elle est à quelqu’un d’autre. Vous seul pouvez lire les vôtres.",

  "conversations.heading": "Conversations",
  "conversations.new": "Nouvelle conversation",
  "conversations.none": "Vous n’en avez pas encore.",
  "conversations.untitled": "Nouvelle conversation",
  "conversations.close": "Fermer",

  "conversations.pinned": "Épinglées",
  "conversations.others": "Autres",
  "conversations.archived": "Archivées ({count})",
  "place.pin": "Épingler",
  "place.unpin": "Désépingler",
  "place.archive": "Archiver",
  "place.unarchive": "Reprendre",
  "place.pinned": "Épinglée : elle figure en tête de liste.",
  "place.unpinned": "N’est plus épinglée.",
  "place.archived": "Archivée : elle figure en fin de liste, à l’écart.",
  "place.unarchived": "De retour dans la liste.",
  "search.label": "Rechercher dans vos conversations",
  "search.count": "{count|# passage trouvé|# passages trouvés}",
  "search.nothing": "Rien n’a été trouvé.",
  "search.hint":
    "Tous les mots doivent figurer dans un même message ou titre. Essayez-en moins, ou seulement le début du dernier.",
  "search.looking": "Recherche en cours…",
  "search.failed": "La recherche n’a pas abouti.",
  "search.again": "Réessayer",
  "search.more": "Afficher plus",

  "more.button": "Plus",
  "title.rename": "Renommer",
  "title.label": "Titre de la conversation",
  "title.save": "Enregistrer",
  "title.cancel": "Annuler",
  "title.failed": "Le titre n’a pas été enregistré. Réessayez.",

  "greeting.heading": "Demandez à {service}",
  "greeting.answers": "{model} ({maker}) répond actuellement.",
  "greeting.keeps":
    "Sous chaque réponse figure le modèle qui l’a écrite et son fournisseur. Quand un ordre y change quelque chose, vous en êtes informé ici, et vos conversations restent.",

  "log.label": "Messages",
  "log.earlier": "Afficher les messages précédents ({count|encore #|encore #})",
  "log.toEnd": "Aller au plus récent",

  "turn.question": "Vous avez écrit",
  "turn.answer": "{service} a répondu",
  "turn.writing": "{service} écrit…",
  "turn.whole": "Afficher tout le texte",
  "turn.less": "Réduire",
  "turn.copy": "Copier",
  "turn.edit": "Modifier",
  "turn.again": "Répondre de nouveau",
  "turn.version": "Version",
  "turn.placeOf": "{place} sur {of}",
  "turn.previous": "Version précédente",
  "turn.next": "Version suivante",
  "turn.shown": "Version {place} sur {of}",

  "turn.past":
    "{model} connaît le monde jusqu’à {month}, et cette question porte sur la suite. Vérifiez la réponse, ou donnez-lui le texte d’où répondre.",

  "prose.newWindow": "(s’ouvre dans une nouvelle fenêtre)",
  "prose.picture": "image non chargée : {text}",
  "prose.table": "Tableau",
  "prose.copyCode": "Copier le code",
  "prose.copied": "Copié",

  "stamp.by": "{model} de {maker}",
  "stamp.standIn": "Doublure",
  "stamp.standInMeans":
    "Une doublure a imité le point d’accès du fournisseur et a répondu. Aucun fournisseur n’a été appelé, et le modèle lui-même n’a rien écrit de ceci.",
  "stamp.until": "jusqu’au {when}",
  "stamp.details": "Détails",
  "stamp.why": "Pourquoi ce modèle",
  "stamp.orders": "Ordres pris en compte",
  "stamp.noOrders": "Aucun",
  "stamp.route": "Route",
  "stamp.host": "Hébergeur",
  "stamp.version": "Version",
  "stamp.replaced": "À la place de",
  "stamp.instructed": "Vos consignes",
  "stamp.instructedMeans": "Elles ont été transmises.",
  "stamp.losses": "Non repris",
  "stamp.noLosses": "Rien n’a été laissé de côté",
  "stamp.tokens": "Jetons",
  "stamp.tokenCounts": "{input} lus, {output} écrits",
  "stamp.written": "Écrit",
  "stamp.demonstration": "Cette réponse a été donnée dans une démonstration.",

  "seam.heading": "À partir d’ici : {model} de {maker}",
  "seam.before": "Auparavant, {model} de {maker} répondait.",
  "seam.because": "En raison de",

  "broken.refused": "Non transmis.",
  "broken.cut": "Coupée par un ordre.",
  "broken.failed": "Pas de réponse entière.",
  "broken.stopped": "Arrêtée.",
  "broken.interrupted": "Interrompue.",
  "broken.too-long": "Trop long.",
  "broken.limited": "Non transmis.",
  "broken.order": "L’ordre :",
  "broken.continue": "Continuer la réponse",
  "broken.askAgain": "Redemander",
  "broken.instead": "Demander à {model} ({maker})",

  "status.coming": "{service} écrit une réponse.",
  "status.complete": "La réponse est complète.",
  "status.stopped": "La réponse a été arrêtée.",
  "status.cut": "Un ordre a coupé la réponse. Ce qui est arrivé est conservé.",
  "status.failed": "Il n’y a pas de réponse entière. La raison figure sous la question.",
  "status.refused":
    "La question n’a pas été transmise : un ordre ou une règle interdit ce modèle.",
  "status.interrupted": "La réponse a été interrompue. Ce qui est arrivé est conservé.",

  "unsent.sending": "Envoi…",
  "unsent.heading": "Non envoyé.",
  "unsent.away":
    "Le serveur ne répond pas. Votre message est conservé dans ce navigateur ; il partira de lui-même, une seule fois, dès que le serveur sera de retour.",
  "unsent.waiting": "En attente d’envoi.",
  "unsent.now": "Envoyer maintenant",
  "unsent.expired":
    "Votre session avait pris fin. Votre message est conservé ; reconnectez-vous et renvoyez-le.",
  "unsent.generating":
    "Une autre réponse était en cours dans cette conversation, peut-être dans une autre fenêtre. Envoyez-le quand elle sera complète.",
  "unsent.too-long":
    "Avec ce qui précède, c’est trop long pour le modèle. Raccourcissez-le, ou repartez de zéro sans le texte antérieur.",
  "unsent.unknown":
    "La page a été quittée avant que le serveur ait confirmé ce message. Le renvoyer ne peut pas le doubler.",
  "unsent.refused": "Le serveur ne l’a pas pris.",
  "unsent.retry": "Renvoyer",
  "unsent.edit": "Le remettre dans le champ",

  "notice.announced": "Avis : {what}",
  "notice.provisional": "Provisoire",
  "notice.provisionalMeans": "Cette disposition est provisoire ; un autre avis suivra.",
  "notice.when": "Quand",
  "notice.mustDo": "Ce que vous devez faire",
  "notice.knows": "Ce qu’il ne sait plus",
  "notice.message": "Un mot pour vous",
  "notice.conversations": "Vos conversations",
  "notice.earlier": "Texte antérieur",
  "notice.order": "L’ordre",
  "notice.ask": "À qui s’adresser",
  "notice.acknowledge": "J’ai lu cet avis",
  "notice.fresh": "Repartir de zéro",
  "notice.more": "{count|# autre avis|# autres avis}",
  "notice.failed": "Le serveur ne l’a pas noté. Réessayez.",

  "model.button": "Modèle : {model}",
  "model.heading": "À quel modèle demander",
  "model.usual": "Celui de {service}, actuellement {model}",
  "model.barred": "Interdit",
  "model.barredMeans":
    "Vous pouvez le choisir et demander : la raison du refus et ce qui est permis vous sont dits.",
  "model.why": "Pourquoi",
  "model.knows": "Connaît le monde jusqu’en {month}.",
  "model.close": "Terminé",

  "files.attach": "Joindre des fichiers",
  "files.list": "Fichiers de cette conversation",
  "files.remove": "Retirer {name}",
  "files.coming": "Envoi en cours",
  "files.broken": "incomplet : joignez-le de nouveau, et l’envoi reprend où il s’est arrêté",
  "files.reading": "lecture en cours…",
  "files.readingOf": "{done} pages lues sur {total}…",
  "files.picture.next": "image : elle part avec votre prochain message",
  "files.picture.sent": "image : elle est partie avec un message",
  "files.picture.kept": "image sans mots : elle n’est pas cherchée",
  "files.seen.next": "image : elle part avec votre prochain message, et ses mots sont cherchés",
  "files.seen.sent": "image : elle est partie avec un message, et ses mots sont cherchés",
  "pictures.list": "Images jointes à ce message",
  "pictures.alt": "L’image {name}, telle que vous l’avez jointe",
  "pictures.gone": "L’image a été retirée.",
  "pictures.lost": "Le serveur ne répond pas. Fermez ceci et réessayez.",
  "pictures.takesNone":
    "{model} ne prend pas d’images. Elles restent ici ; leurs mots sont transmis là où le serveur a pu les lire.",
  "pictures.unseen":
    "Non transmis au modèle : {names}. Il ne prend pas d’images, ou pas davantage, ou ce qui est nommé a été retiré.",

  "files.away": "Le serveur n’a pas répondu. Ajoutez de nouveau le fichier.",
  "files.wait": "Vous pouvez écrire ; l’envoi sera possible une fois les fichiers lus.",

  "sources.cited": "Cités",
  "sources.also": "{count|# autre passage transmis|# autres passages transmis} au modèle",
  "sources.beginning":
    "Aucun mot de la question ne figure dans les fichiers : leurs débuts ont été transmis.",
  "sources.page": "page {page}",
  "sources.open": "Passage {number}",
  "sources.text": "Texte du document",
  "sources.gone": "Le fichier n’existe plus. Voici ce qui en a été transmis au modèle.",
  "sources.close": "Fermer",

  "composer.form": "Écrire un message",
  "composer.label": "Message à {service}",
  "composer.send": "Envoyer",
  "composer.stop": "Arrêter",
  "composer.hint": "Entrée envoie. Maj + Entrée passe à la ligne.",
  "composer.wait":
    "{service} écrit. Vous pouvez continuer à écrire et envoyer quand il aura fini. Échap l’arrête.",
  "composer.sending": "Votre dernier message est en cours d’envoi.",
  "composer.held": "D’abord, renvoyez le message ci-dessus ou remettez-le dans le champ.",
  "composer.opening": "Vous pouvez écrire ; l’envoi sera possible une fois la conversation ouverte.",
  "composer.fresh": "Repartir de zéro",
  "composer.freshNote": "Votre prochain message part sans aucun texte antérieur.",
  "composer.freshUndo": "Transmettre aussi le texte antérieur",
  "composer.barred": "{model} ne peut pas être utilisé ici.",
  "composer.usual": "Demander au modèle habituel",
  "composer.editing": "Vous modifiez un message antérieur.",
  "composer.editingMeans": "Ce qui le suivait reste, comme une autre version.",
  "composer.leaveEdit": "Le laisser tel quel",
  "composer.near":
    "Avec le texte antérieur, il y a environ {tokens} jetons ; {model} en accepte {room} en plus de sa réponse.",
  "composer.over":
    "Avec le texte antérieur, il y a environ {tokens} jetons, et {model} en accepte {room} en plus de sa réponse : ce ne sera pas pris.",
  "composer.shorten": "Raccourcissez votre message.",
  "composer.lost": "La connexion au serveur est perdue.",
  "composer.polled":
    "Entre vous et le serveur, quelque chose retient les réponses : elles arrivent donc par morceaux, environ un par seconde.",
  "composer.lostMeans":
    "Cette page réessaie d’elle-même. Rien n’est perdu : une réponse continue de s’y écrire, et ce que vous écrivez est conservé ici.",

  "sparing.button": "Charger moins",
  "sparing.means":
    "Chargement réduit : moins de messages à la fois, formules telles qu’elles ont été écrites, nouvelles moins fréquentes.",
  "instructions.open": "Vos consignes",
  "instructions.heading": "Vos consignes",
  "instructions.means":
    "Elles accompagnent chacun de vos nouveaux messages, quel que soit le fournisseur dont le modèle répond. N’y mettez rien qui ne doive pas sortir. Personne d’autre ne les lit ni ne s’en sert.",
  "instructions.label": "Ce que {service} doit savoir de vous, et comment répondre",
  "instructions.loading": "Ouverture …",
  "instructions.left": "{left|# caractère restant|# caractères restants}",
  "instructions.save": "Enregistrer",
  "instructions.cancel": "Annuler",
  "instructions.saved": "Vos consignes sont enregistrées.",
  "instructions.failed.read":
    "Elles n’ont pas pu être lues : le serveur n’a pas répondu. Fermez et réessayez.",
  "instructions.failed.save": "Elles n’ont pas été enregistrées. Réessayez.",

  "countdown.until": "{model} peut être utilisé jusqu’au {when} :",

  "shortcuts.heading": "Raccourcis clavier",
  "shortcuts.open": "Raccourcis clavier",
  "shortcuts.does": "Effet",
  "shortcuts.keys": "Touches",
  "shortcuts.line": "Passer à la ligne",
  "shortcuts.stop": "Arrêter la réponse, ou quitter une modification",
  "shortcuts.new": "Nouvelle conversation",
  "shortcuts.search": "Rechercher dans vos conversations",
  "shortcuts.move": "Déplacer la conversation vers un dossier",
  "shortcuts.field": "Aller au champ du message",
  "shortcuts.previous": "Aller à la réponse précédente",
  "shortcuts.next": "Aller à la réponse suivante",
  "shortcuts.copy": "Copier la dernière réponse",
  "shortcuts.again": "Redemander la dernière réponse",
  "shortcuts.edit": "Modifier votre dernier message",
  "shortcuts.help": "Afficher cette liste",
  "shortcuts.close": "Fermer",
  "keys.enter": "Entrée",
  "keys.shift": "Maj",
  "keys.escape": "Échap",
  "keys.ctrl": "Ctrl",
  "keys.alt": "Alt",

  "fault.stop": "La réponse n’a pas pu être arrêtée : le serveur ne l’a pas pris.",
  "fault.continue":
    "La réponse n’a pas pu être continuée : le serveur ne l’a pas pris. Réessayez.",
  "fault.place":
    "La conversation n’a pas pu être déplacée : le serveur ne l’a pas accepté. Réessayez.",
  "fault.again":
    "La réponse n’a pas pu être redemandée : le serveur ne l’a pas acceptée. Réessayez.",
  "fault.close": "Fermer ce message",

  "order.by": "({issuer})",
};
