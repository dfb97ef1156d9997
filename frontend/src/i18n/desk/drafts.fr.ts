export const draftsFr = {
  "drafts.nav": "Projets",
  "drafts.heading": "Projets",
};
