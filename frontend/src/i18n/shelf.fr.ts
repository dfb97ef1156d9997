import type { shelfEn } from "./shelf.en";

/** Ranger ses conversations, et les prompts par lesquels les commencer. */
export const shelfFr: Record<keyof typeof shelfEn, string> = {
  "undo.button": "Annuler",
  "undo.close": "Fermer ce message",
  "undo.failed": "L’annulation a échoué : le serveur ne l’a pas acceptée. Réessayez.",

  "folders.heading": "Dossiers",
  "folders.new": "Nouveau dossier",
  "folders.count": "{name} ({count})",
  "folders.empty": "Il est encore vide. Ouvrez une conversation et déplacez-la ici.",
  "folders.rename": "Renommer",
  "folders.renameNamed": "Renommer le dossier {name}",
  "folders.remove": "Supprimer",
  "folders.removeNamed": "Supprimer le dossier {name} ; ses conversations restent",
  "folders.removed":
    "Le dossier « {name} » est supprimé. Ses conversations sont dans la liste ci-dessous.",
  "folders.name": "Nom du dossier",
  "folders.save": "Enregistrer",
  "folders.cancel": "Annuler",
  "folders.failed": "Le serveur ne l’a pas accepté. Réessayez.",
  "folders.in": "dans le dossier {name}",

  "move.button": "Déplacer",
  "move.heading": "Déplacer vers un dossier",
  "move.legend": "Où garder cette conversation",
  "move.none": "Dans aucun dossier",
  "move.new": "Dans un nouveau dossier",
  "move.move": "Déplacer la conversation",
  "move.moved": "Déplacée vers le dossier « {name} ».",
  "move.out": "Elle n’est plus dans aucun dossier.",
  "move.back": "Elle est revenue à sa place.",

  "temporary.choose": "Conversation temporaire",
  "temporary.means":
    "Ni listée ni recherchée, et supprimée quand vous y mettez fin, ou après {hours|une heure|# heures} au plus tard. Les modèles sont interrogés comme toujours, et le fait qu’ils l’ont été est enregistré.",
  "temporary.held":
    "Une obligation de conservation s’applique à votre entité : toute conversation est conservée.",
  "temporary.heading": "Conversation temporaire",
  "temporary.mark":
    "Elle n’est ni listée ni recherchée, et sera supprimée quand vous y mettrez fin, ou le {when}. Gardez son adresse pour y revenir d’ici là.",
  "temporary.keep": "La conserver",
  "temporary.kept": "Elle est conservée et figure dans votre liste.",
  "temporary.end": "Terminer et supprimer",
  "temporary.endHeading": "Mettre fin à cette conversation ?",
  "temporary.endMeans":
    "Tout ce qui y a été dit, et ses fichiers, seront supprimés et ne pourront pas être rétablis. Le fait que des modèles ont été appelés reste enregistré, sans ce qui a été dit.",
  "temporary.cancel": "La poursuivre",
  "temporary.ended": "La conversation est supprimée.",
  "temporary.keptByHold":
    "Une obligation de conservation s’applique à votre entité : elle n’a pas été supprimée et figure dans votre liste.",
  "temporary.failed": "Le serveur ne l’a pas accepté. Réessayez.",

  "prompts.open": "Modèles de message",
  "prompts.heading": "Modèles de message",
  "prompts.find": "Chercher un modèle de message ; Entrée prend le premier",
  "prompts.loading": "Chargement des modèles de message…",
  "prompts.none": "Il n’y en a pas encore. Gardez-en un que vous écrivez souvent.",
  "prompts.count": "{count|# modèle de message|# modèles de message}",
  "prompts.sharedIn": "Partagé au sein de : {party}.",
  "prompts.new": "Nouveau modèle de message",
  "prompts.edit": "Modifier",
  "prompts.editNamed": "Modifier le modèle de message {name}",
  "prompts.remove": "Supprimer",
  "prompts.removeNamed": "Supprimer le modèle de message {name}",
  "prompts.removed": "Le modèle de message « {name} » est supprimé.",
  "prompts.close": "Fermer",
  "prompts.fill": "Ce qui reste vide figure dans le message tel qu’il est écrit dans le modèle.",
  "prompts.insert": "Mettre dans le message",
  "prompts.back": "Retour aux modèles de message",
  "prompts.name": "Nom",
  "prompts.text": "Texte",
  "prompts.places":
    "Ce qui est entre doubles accolades est demandé à chaque fois, par exemple : Résume {open}document{close}.",
  "prompts.share": "Le partager avec toutes les personnes de : {party}, et de ses composantes",
  "prompts.save": "Enregistrer",
  "prompts.failed.read": "Les modèles de message n’ont pas pu être lus : le serveur n’a pas répondu. Fermez et réessayez.",
  "prompts.failed.remove": "Le modèle de message n’a pas pu être supprimé : le serveur ne l’a pas accepté. Réessayez.",
  "prompts.failed.save": "Le modèle de message n’a pas été enregistré : le serveur ne l’a pas accepté. Réessayez.",
};
