export const networksEn = {
  "networks.nav": "Isolated networks",
  "networks.heading": "Isolated networks",
};
