export const complianceEn = {
  "compliance.nav": "Compliance",
  "compliance.heading": "Compliance",
};
