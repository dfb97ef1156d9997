export const directoryEn = {
  "directory.nav": "Directory",
  "directory.heading": "Directory",
};
