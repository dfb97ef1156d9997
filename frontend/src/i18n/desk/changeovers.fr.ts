export const changeoversFr = {
  "changeovers.nav": "Passages de relais",
  "changeovers.heading": "Passages de relais",
};
