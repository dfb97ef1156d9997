export const termsFr = {
  "terms.nav": "Conditions",
  "terms.heading": "Conditions des fournisseurs",
};
