export const reachFr = {
  "reach.nav": "Portée",
  "reach.heading": "Portée",
};
