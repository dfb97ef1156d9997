export const draftsEn = {
  "drafts.nav": "Drafts",
  "drafts.heading": "Drafts",
};
