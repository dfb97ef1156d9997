/** Conversations as files: taking them away, printing them, and bringing them in. */
export const filesEn = {
  "export.button": "Export",
  "export.heading": "Export this conversation",
  "export.intro":
    "Every form says who answered each time, where the model changed and what was cut.",
  "export.markdown": "Markdown",
  "export.markdownMeans": "Text with its structure, for notes and wikis.",
  "export.word": "Word",
  "export.wordMeans": "A document to go on working in.",
  "export.json": "JSON",
  "export.jsonMeans": "With all versions; a Changeover can import it.",
  "export.print": "Print view",
  "export.printMeans": "A plain page, to be printed or kept as PDF.",
  "export.all": "All my conversations",
  "export.allMeans": "A ZIP of JSON files, which can be imported again.",
  "export.failed": "The file could not be had: the server did not give it. Try again.",
  "export.done": "{name} was handed to your browser.",
  "export.close": "Close",

  "print.print": "Print",
  "print.back": "Back to the conversation",
  "print.loading": "Opening the print view …",
  "print.lost": "The server does not answer. Try again.",
  "print.again": "Try again",
} as const;
