/** A token as a label: without the spaces around it, which readouts show; what is only space as a sign; cut where it is long. */
export function tokenLabel(text: string, most = 14): string {
  const word = text.trim() || text.replaceAll("\n", "↵").replaceAll("\t", "⇥").replaceAll(" ", "␣");
  return [...word].length > most ? `${[...word].slice(0, most - 1).join("")}…` : word;
}
