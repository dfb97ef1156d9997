import type { collectionsEn } from "./collections.en";

/** Les collections de fichiers d’un service, et leur interrogation. */
export const collectionsFr: Record<keyof typeof collectionsEn, string> = {
  "nav.collections": "Collections",

  "collections.heading": "Collections",
  "collections.one": "Collection",
  "collections.all": "Toutes les collections",
  "collections.intro":
    "Des documents qu’un service garde pour que tout son personnel puisse les interroger. Choisissez-les dans une conversation : les réponses citent les passages sur lesquels elles s’appuient.",
  "collections.loading": "Ouverture des collections…",
  "collections.lost": "Le serveur ne répond pas. Cette page réessaie d’elle-même.",
  "collections.missing":
    "Aucune collection de ce nom ne vous est ouverte. Elle a pu être supprimée. Ce que des réponses antérieures en avaient reçu reste dans vos conversations.",
  "collections.none": "Il n’y en a pas encore. Créez la première et apportez-y des documents.",
  "collections.new": "Nouvelle collection",
  "collections.newMeans":
    "Toutes les personnes de {party} et de ses composantes pourront la lire et l’interroger.",
  "collections.name": "Nom",
  "collections.description": "À quoi elle sert (peut rester vide)",
  "collections.class": "Classe de données",
  "collections.classMeans":
    "Son contenu n’est transmis qu’aux modèles qui peuvent recevoir des données de cette classe.",
  "collections.owners": "Responsables",
  "collections.ownersMean":
    "Qui peut la modifier : identifiants de connexion, séparés par des virgules. Les administrateurs de son service le peuvent aussi.",
  "collections.roles": "Qui d’autre, dans son service, peut la modifier",
  "collections.role.staff": "Personnel",
  "collections.role.officer": "Responsables de la conformité",
  "collections.role.operator": "Exploitants",
  "collections.role.auditor": "Auditeurs",
  "collections.role.administrator": "Administrateurs",
  "collections.save": "Enregistrer",
  "collections.cancel": "Annuler",
  "collections.failed": "Le serveur ne l’a pas accepté. Réessayez.",
  "collections.change": "Modifier",
  "collections.remove": "Supprimer la collection",
  "collections.removed":
    "La collection « {name} » est supprimée. Elle peut être rétablie pendant 30 jours.",
  "collections.files": "{count|# fichier|# fichiers}",
  "collections.passages": "{count|# passage|# passages}",
  "collections.unread": "{count|# fichier n’est pas encore lu|# fichiers ne sont pas encore lus}",
  "collections.yours": "vous pouvez la modifier",
  "collections.readers": "Toutes les personnes de {party} et de ses composantes peuvent la lire.",
  "collections.after": "Peuvent la modifier : {names}.",
  "collections.andRoles": "De même que ces rôles, dans ce service : {roles}.",
  "collections.filesHeading": "Fichiers",
  "collections.add": "Ajouter des fichiers",
  "collections.drop": "ou déposez-les ici",
  "collections.empty": "Elle est encore vide.",
  "collections.takeAway": "Retirer",
  "collections.fileRemoved": "« {name} » est retiré. Il peut être rétabli pendant 30 jours.",

  "meaning.serving": "Recherche par les mots, et par le sens avec {model}.",
  "meaning.building": "{model} lit : {done} passages sur {total}.",
  "meaning.barred": "{model}, qui chercherait par le sens, ne peut pas être utilisé ici en ce moment.",
  "meaning.unreached": "{model}, qui chercherait par le sens, ne répond pas en ce moment.",
  "meaning.words": "D’ici là, les collections sont cherchées par leurs mots.",
  "meaning.meanwhile": "D’ici là, {model} continue de chercher par le sens.",
  "meaning.progress": "Passages lus",
  "meaning.withheld":
    "En raison de la classe de données, {model} ne reçoit pas {count|# passage|# passages} ; les mots les trouvent.",

  "asked.open": "Collections",
  "asked.list": "Collections que cette conversation interroge",
  "asked.heading": "Collections à interroger",
  "asked.means":
    "Chaque question est cherchée dans celles que vous choisissez, en plus des fichiers que vous joignez.",
  "asked.none": "Aucune collection ne vous est encore ouverte.",
  "asked.save": "Interroger celles-ci",
  "asked.look": "Voir et modifier les collections",
  "asked.failed": "Le serveur ne l’a pas accepté. Réessayez.",
  "asked.leaveOut": "Ne plus interroger {name}",
  "asked.closed":
    "ne vous est plus ouverte et n’est plus interrogée. Les réponses antérieures gardent ce qu’elles en avaient reçu.",
  "asked.removed":
    "a été supprimée et n’est plus interrogée. Les réponses antérieures gardent ce qu’elles en avaient reçu.",
  "asked.whom": "Vous pouvez vous adresser à {names}.",

  "withheld.passages":
    "Trouvé dans {names} et non transmis : {count|# passage|# passages}. Ce qui est « {class} » ne peut pas aller à ce modèle.",
  "withheld.answers":
    "Non transmis : {count|# réponse antérieure|# réponses antérieures}, en raison de ce qui y est « {class} ».",
  "withheld.order": "L’ordre :",
  "sources.closed": "Voici ce qui en a été transmis au modèle.",
  "sources.beginningOf": "En voici le début ; la recherche porte sur tout le texte.",
  "sources.collection": "{file} (dans {collection})",
  "sources.because.barred":
    "Trouvé par les mots seuls : le modèle qui cherche par le sens ne peut pas être utilisé en ce moment.",
  "sources.because.unreached":
    "Trouvé par les mots seuls : le modèle qui cherche par le sens n’a pas répondu.",
  "sources.because.not-yet":
    "Trouvé par les mots seuls : le modèle qui cherche par le sens n’a pas encore tout lu.",
};
