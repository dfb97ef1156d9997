export const directoryFr = {
  "directory.nav": "Annuaire",
  "directory.heading": "Annuaire",
};
