import type { filesEn } from "./files.en";

/** Les conversations en fichiers. */
export const filesFr: Record<keyof typeof filesEn, string> = {
  "export.button": "Exporter",
  "export.heading": "Exporter cette conversation",
  "export.intro":
    "Chaque forme dit qui a répondu à chaque fois, où le modèle a changé et ce qui a été coupé.",
  "export.markdown": "Markdown",
  "export.markdownMeans": "Du texte avec sa structure, pour des notes et des wikis.",
  "export.word": "Word",
  "export.wordMeans": "Un document pour continuer à travailler.",
  "export.json": "JSON",
  "export.jsonMeans": "Avec toutes les versions ; un Changeover peut l’importer.",
  "export.print": "Vue à imprimer",
  "export.printMeans": "Une page simple, à imprimer ou à garder en PDF.",
  "export.all": "Toutes mes conversations",
  "export.allMeans": "Un ZIP de fichiers JSON, qui peuvent être importés à nouveau.",
  "export.failed": "Le fichier n’a pas pu être obtenu : le serveur ne l’a pas donné. Réessayez.",
  "export.done": "{name} a été remis à votre navigateur.",
  "export.close": "Fermer",

  "print.print": "Imprimer",
  "print.back": "Retour à la conversation",
  "print.loading": "Ouverture de la vue à imprimer…",
  "print.lost": "Le serveur ne répond pas. Réessayez.",
  "print.again": "Réessayer",
};
