export const termsEn = {
  "terms.nav": "Terms",
  "terms.heading": "Vendors’ terms",
};
