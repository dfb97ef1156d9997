/** Collections of files that a party keeps, and asking them. */
export const collectionsEn = {
  "nav.collections": "Collections",

  "collections.heading": "Collections",
  "collections.one": "Collection",
  "collections.all": "All collections",
  "collections.intro":
    "Documents that a department keeps for all of its people to ask. Choose them in a conversation, and answers cite the passages that they rest on.",
  "collections.loading": "Opening the collections …",
  "collections.lost": "The server does not answer. This page tries again by itself.",
  "collections.missing":
    "There is no such collection that is open to you. It may have been removed. What earlier answers were given of it is still in your conversations.",
  "collections.none": "There is none yet. Make the first one, and bring documents into it.",
  "collections.new": "New collection",
  "collections.newMeans": "Everybody in {party} and its parts will be able to read and ask it.",
  "collections.name": "Name",
  "collections.description": "What it is for (may be empty)",
  "collections.class": "Data class",
  "collections.classMeans":
    "What stands in it goes only to models that may be given content of this class.",
  "collections.owners": "Owners",
  "collections.ownersMean":
    "Who may change it: sign-in names, separated by commas. Administrators of its party may too.",
  "collections.roles": "Who else in its party may change it",
  "collections.role.staff": "Staff",
  "collections.role.officer": "Officers",
  "collections.role.operator": "Operators",
  "collections.role.auditor": "Auditors",
  "collections.role.administrator": "Administrators",
  "collections.save": "Save",
  "collections.cancel": "Cancel",
  "collections.failed": "The server did not take it. Try again.",
  "collections.change": "Change",
  "collections.remove": "Remove the collection",
  "collections.removed": "The collection “{name}” is removed. It can be brought back for 30 days.",
  "collections.files": "{count|# file|# files}",
  "collections.passages": "{count|# passage|# passages}",
  "collections.unread": "{count|# file is|# files are} not read yet",
  "collections.yours": "you may change it",
  "collections.readers": "Everybody in {party} and its parts may read it.",
  "collections.after": "{names} may change it.",
  "collections.andRoles": "So may these roles there: {roles}.",
  "collections.filesHeading": "Files",
  "collections.add": "Add files",
  "collections.drop": "or drop them here",
  "collections.empty": "Nothing is in it yet.",
  "collections.takeAway": "Remove",
  "collections.fileRemoved": "“{name}” is removed. It can be brought back for 30 days.",

  "meaning.serving": "Searched by words, and by meaning with {model}.",
  "meaning.building": "{model} is reading: {done} of {total} passages.",
  "meaning.barred": "{model}, which would search by meaning, may not be used here now.",
  "meaning.unreached": "{model}, which would search by meaning, gives no answer at the moment.",
  "meaning.words": "Until it has, collections are searched by their words.",
  "meaning.meanwhile": "Until then, {model} goes on searching by meaning.",
  "meaning.progress": "Passages read",
  "meaning.withheld":
    "Because of the data class, {model} is not given {count|# passage|# passages}; words find them.",

  "asked.open": "Collections",
  "asked.list": "Collections that this conversation asks",
  "asked.heading": "Collections to ask",
  "asked.means": "Each question is looked for in those that you choose, beside the files that you attach.",
  "asked.none": "No collection is open to you yet.",
  "asked.save": "Ask these",
  "asked.look": "See and change collections",
  "asked.failed": "The server did not take it. Try again.",
  "asked.leaveOut": "Do not ask {name} any more",
  "asked.closed":
    "is not open to you any more, and is not asked. Earlier answers keep what they were given of it.",
  "asked.removed":
    "was removed, and is not asked. Earlier answers keep what they were given of it.",
  "asked.whom": "You can ask {names}.",

  "withheld.passages":
    "Found in {names} and not sent: {count|# passage|# passages}. What is “{class}” may not go to this model.",
  "withheld.answers":
    "Not sent along: {count|# earlier answer|# earlier answers}, because of what is “{class}” there.",
  "withheld.order": "The order:",
  "sources.closed": "This is what the model was given of it.",
  "sources.beginningOf": "This is its beginning; the whole text is searched.",
  "sources.collection": "{file} (in {collection})",
  "sources.because.barred":
    "Found by words alone: the model that searches by meaning may not be used now.",
  "sources.because.unreached":
    "Found by words alone: the model that searches by meaning gave no answer.",
  "sources.because.not-yet":
    "Found by words alone: the model that searches by meaning has not read everything yet.",
} as const;
