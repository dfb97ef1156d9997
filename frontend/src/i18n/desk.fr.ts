import type { deskEn } from "./desk.en";

export const deskFr: Record<keyof typeof deskEn, string> = {
  "desk.nav": "Bureau",
  "desk.inbox": "À traiter",
  "nav.desk": "Bureau",

  "desk.heading": "Bureau des agents responsables",
  "desk.loading": "Demande au serveur de ce qui attend…",
  "desk.intro":
    "Il faut deux agents : l’un saisit un ordre, un autre le confirme. C’est alors seulement qu’il est émis.",
  "desk.signIn": "Connectez-vous comme agent responsable pour voir ce qui attend.",
  "desk.notYours":
    "Cette page est réservée aux agents responsables. Votre compte n’a pas ce rôle ; votre administrateur peut vous le donner.",
  "desk.waiting": "Saisis, en attente d’un second agent",
  "desk.waitingCaption": "{count|# ordre attend|# ordres attendent} une confirmation",
  "desk.noneWaiting": "Rien n’attend un second agent.",
  "desk.prepared": "Préparés, pas encore saisis",
  "desk.preparedCaption": "{count|# ordre|# ordres} à saisir",
  "desk.nonePrepared": "Rien n’est préparé qui ne soit déjà enregistré.",
  "desk.state": "État",
  "desk.issuer": "Émetteur",
  "desk.order": "Ordre",
  "desk.when": "Prend effet",
  "desk.announcedOnly": "Seulement annoncé : il ne lie personne",
  "desk.atOnce": "Immédiatement",
  "desk.state.prepared": "préparé",
  "desk.state.entered": "saisi",
  "desk.enteredBy": "par {name}, le {when}",
  "desk.enteredByYou": "par vous, le {when}",

  "prepared.heading": "Ordre préparé {id}",
  "prepared.loading": "Demande de l’ordre préparé au serveur…",
  "prepared.all": "Voir tout ce qui attend",
  "prepared.missing": "Aucun ordre {id} n’est préparé",
  "prepared.missingMeans": "L’adresse est peut-être mal écrite, ou il n’est plus préparé.",
  "prepared.onRecord": "Cet ordre a été émis",
  "prepared.onRecordMeans":
    "Il est enregistré : il n’y a plus rien à saisir ni à confirmer. Sa page dit quand il a été émis, et par qui.",
  "prepared.toOrder": "Voir la page de « {title} »",
  "prepared.notRecorded": "Pas encore enregistré",
  "prepared.asIfNow":
    "Il a été saisi pour prendre effet immédiatement : les instants affichés sont ceux qu’il aurait s’il était confirmé maintenant.",
  "prepared.together": "Émis avec lui",
  "prepared.togetherMeans":
    "Cet ordre s’appuie sur {count|un autre qui n’est pas encore enregistré|d’autres qui ne sont pas encore enregistrés}. Tous sont émis au même moment, {count|celui-là|ceux-là} d’abord.",

  "timing.legend": "Quand prend-il effet ?",
  "timing.onDate": "À sa date : {when}",
  "timing.onDatePast": "À sa date : {when}, qui est passée",
  "timing.atOnce": "Immédiatement",
  "timing.atOnceMeans": "Il prend effet au moment où un autre agent le confirme.",
  "timing.dateMeans":
    "Il est émis quand un autre agent le confirme, et s’applique à l’heure dite.",

  "preview.heading": "Ce qu’il fera",
  "preview.loading": "Demande au serveur de ce qui changerait…",
  "preview.loaded": "Ce qu’il ferait est affiché.",
  "preview.staff": "Personnel",
  "preview.staffCount": "{count|# personne|# personnes}",
  "preview.conversations": "Conversations",
  "preview.conversationsCount": "{count|# conversation|# conversations}",
  "preview.unaffected": "Non touché",
  "preview.unaffectedCount":
    "{count|# autre emplacement d’un service reste|# autres emplacements de services restent} {count|tel quel|tels quels}",
  "preview.nothing": "Rien ne change pour aucun service.",
  "preview.caption": "Ce qui change, et pour qui",
  "preview.service": "Service",
  "preview.now": "Modèle actuel",
  "preview.after": "Modèle ensuite",
  "preview.outcome": "Autorisé ?",
  "preview.differences": "Ce qui est différent",
  "preview.noDifferences": "Rien de ce qui est enregistré",
  "preview.same": "Rien",
  "preview.sameModel": "Le modèle reste",
  "preview.party": "de {party}",
  "preview.unbound": "Aucun",
  "preview.then": "puis",
  "preview.instead": "{model} répond à la place",
  "preview.stops": "Rien ne peut répondre à la place : il s’arrête",
  "preview.warnings": "À savoir avant de continuer",
  "preview.changed": "Ce que cet ordre ferait a changé",
  "preview.changedMeans":
    "À {when}, un autre acte est intervenu. Ce que vous voyez maintenant en tient compte : relisez-le.",
  "preview.seen": "Je l’ai relu",
  "preview.failed": "Ce qu’il ferait ne peut pas être affiché",
  "preview.failedMeans":
    "Sans cela, rien ne peut être saisi ni confirmé ici. Cette page redemande d’elle-même.",

  "outcome.allow": "autorisé",
  "outcome.notice": "autorisé, avec un avis",
  "outcome.noticeUntil": "autorisé, avec un avis, jusqu’au {when}",
  "outcome.refuse": "refusé",
  "outcome.none": "aucun modèle",
  "because.prohibited": "un ordre l’interdit",
  "because.new-use": "un ordre le met en retrait et ce serait un nouvel usage",
  "because.winding-down": "un ordre le met en retrait",
  "because.network-default": "rien ne l’admet sur le réseau",
  "because.held": "il est retenu jusqu’à ce qu’un agent le libère",
  "because.permitted": "rien ne s’y oppose",

  "change.moves": "{service} ({slots}) passe de {from} à {to}.",
  "change.begins": "{service} ({slots}) reçoit {to}.",
  "change.ends": "{service} ({slots}) se retrouve sans modèle.",
  "change.instead": "{service} ({slots}) ne peut pas utiliser {to} ; {instead} répond à la place.",
  "change.stops":
    "{service} ({slots}) ne peut pas utiliser {to} et s’arrête : rien ne peut répondre à la place.",
  "change.outcome": "{service} ({slots}) garde {to}. Aujourd’hui : {before}. Ensuite : {after}.",

  "act.heading": "Décider",
  "act.enter": "Saisir cet ordre",
  "act.confirm": "Confirmer et émettre",
  "act.withdraw": "Retirer",
  "act.cancel": "Revenir",
  "act.ownEntry":
    "Vous avez saisi cet ordre, vous ne pouvez donc pas le confirmer : il faut deux agents. Demandez à un autre agent d’ouvrir cette page et de le confirmer, ou retirez-le.",
  "act.awaitPreview": "Vous pourrez continuer quand ce qu’il fera sera affiché.",
  "act.enterHeading": "Saisir cet ordre ?",
  "act.enterYes": "Oui, le saisir",
  "act.entering": "Saisie en cours…",
  "act.enterNothingYet":
    "Rien ne change encore : il attend qu’un autre agent le confirme, et peut être retiré jusque-là.",
  "act.enterName": "Il est enregistré comme saisi par vous, {name}.",
  "act.confirmHeading": "Émettre cet ordre maintenant ?",
  "act.confirmYes": "Oui, l’émettre maintenant",
  "act.confirming": "Émission en cours…",
  "act.confirmName": "Il est enregistré comme saisi par {entered} et confirmé par vous, {name}.",
  "act.confirmLasting":
    "Ce qui est émis reste enregistré. Il ne peut pas être repris ici : seul un autre ordre y met fin.",
  "act.withdrawHeading": "Retirer cette saisie ?",
  "act.withdrawYes": "Oui, la retirer",
  "act.withdrawing": "Retrait en cours…",
  "act.withdrawMeans": "Rien n’est émis. L’ordre est de nouveau préparé et peut être saisi à nouveau.",
  "act.effectAtOnce": "Une fois confirmé, il prend effet immédiatement.",
  "act.effectNow": "Il prend effet immédiatement.",
  "act.effectOn": "Il prend effet le {when}.",
  "act.effectPast": "Sa date, le {when}, est passée : il est en vigueur dès qu’il est émis.",
  "act.effectNever": "Il est seulement annoncé et ne lie personne.",
  "act.together": "Émis avec lui, et avant lui : {titles}.",
  "act.title": "« {title} »",
  "act.concerned":
    "{staff|# membre du personnel est concerné|# membres du personnel sont concernés}, avec {conversations|# conversation|# conversations}.",

  "done.entered": "L’ordre est saisi",
  "done.enteredMeans":
    "Il attend un second agent, qui le confirme sur cette page. D’ici là, rien ne change.",
  "done.issued": "L’ordre est émis",
  "done.issuedMeans":
    "Il est enregistré et prend effet comme indiqué. Les personnes concernées en sont averties dans leurs conversations.",
  "done.withdrawn": "La saisie est retirée",
  "done.withdrawnMeans": "Rien n’a été émis. L’ordre est de nouveau préparé.",

  "problem.away": "Le serveur n’a pas répondu",
  "problem.awayMeans":
    "On ne sait pas si cela lui est parvenu. Cette page regarde à nouveau d’elle-même : avant de réessayer, voyez ci-dessous où en est l’ordre.",
  "problem.unsentMeans": "Rien n’a été fait. Réessayez quand il répondra.",
  "problem.signedOut": "Votre session avait pris fin",
  "problem.signedOutMeans":
    "Rien n’a été fait. Connectez-vous, puis décidez à nouveau ; votre choix est gardé.",
  "problem.stale": "Une nouvelle session a été ouverte dans une autre fenêtre",
  "problem.staleMeans":
    "Rien n’a été fait. Rechargez cette page et continuez ; votre choix y est gardé.",
  "problem.role": "Ceci est réservé aux agents responsables",
  "problem.roleMeans":
    "Rien n’a été fait. Votre compte n’a pas le rôle nécessaire ; votre administrateur peut vous le donner.",
  "problem.forbidden": "Cela ne peut pas être fait",
  "problem.forbiddenMeans": "Rien n’a été fait. Le serveur dit pourquoi :",
  "problem.conflict": "Un autre acte est venu avant",
  "problem.conflictMeans":
    "Rien n’a été fait. Voici où cela en est maintenant. Le serveur dit ce qui s’est passé :",
  "problem.gone": "Il n’attend plus cela",
  "problem.goneMeans":
    "Rien n’a été fait. Quelqu’un l’a peut-être confirmé ou retiré entre-temps ; voici où cela en est maintenant.",
  "problem.refused": "Le serveur n’a pas accepté",
  "problem.refusedMeans": "Rien n’a été fait. Le serveur dit pourquoi :",
  "problem.failed": "Le serveur a échoué",
  "problem.failedMeans":
    "Il a répondu avec le code {status}. On ne sait pas si cela a été fait : avant de réessayer, voyez ci-dessous où en est l’ordre.",
  "problem.unreadable": "La réponse du serveur est illisible",
  "problem.unreadableMeans":
    "Une autre version fonctionne peut-être. Rechargez cette page : elle montre où en est l’ordre.",
  "problem.overtaken": "Ce que cet ordre ferait a changé",
  "problem.overtakenMeans":
    "Rien n’a été fait. Un autre acte est intervenu ; ce que vous voyez maintenant en tient compte. Relisez-le, puis décidez à nouveau.",
};
