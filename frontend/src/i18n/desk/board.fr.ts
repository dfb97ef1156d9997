export const boardFr = {
  "board.nav": "Tableau",
  "board.heading": "Tableau des ordres",
};
