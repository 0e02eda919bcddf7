/** How the dense and a changed model continue a prompt; nothing where none was asked for. @param name what the changed one is called. */
export function continuationLines(
  continuation: { readonly prompt: string; readonly dense: string } | null,
  name: string,
  changed: string | undefined,
): string[] {
  if (continuation === null) return [];
  const { prompt, dense } = continuation;
  const line = (of: string, text: string | undefined): string => `  ${of.padEnd(name.length)}  ${JSON.stringify(text)}`;
  return ["", `${JSON.stringify(prompt)} is continued`, line("dense", dense), line(name, changed)];
}
