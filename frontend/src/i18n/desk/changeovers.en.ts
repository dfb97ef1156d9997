export const changeoversEn = {
  "changeovers.nav": "Changeovers",
  "changeovers.heading": "Changeovers",
};
