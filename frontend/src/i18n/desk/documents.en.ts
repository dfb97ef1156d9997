export const documentsEn = {
  "documents.nav": "Documents",
  "documents.heading": "Documents",
};
