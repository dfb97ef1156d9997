export const networksFr = {
  "networks.nav": "Réseaux isolés",
  "networks.heading": "Réseaux isolés",
};
