import type { shelfEn } from "./shelf.en";

/** Ranger ses conversations. */
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
};
