export const reachEn = {
  "reach.nav": "Reach",
  "reach.heading": "Reach",
};
