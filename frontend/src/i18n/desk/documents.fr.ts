export const documentsFr = {
  "documents.nav": "Documents",
  "documents.heading": "Documents",
};
