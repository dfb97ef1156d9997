export const complianceFr = {
  "compliance.nav": "Conformité",
  "compliance.heading": "Conformité",
};
