export const boardEn = {
  "board.nav": "Board",
  "board.heading": "Board of orders",
};
