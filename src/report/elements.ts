/** The elements of a report that its page and its script both know, by their ids. */
export const reportElements = {
  /** The state that the page shows, as a message of JSON. */
  state: "report",
  /** What is there until the script has drawn. */
  withoutScript: "without-script",
} as const;
