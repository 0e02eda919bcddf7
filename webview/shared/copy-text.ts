/** Puts a text on the clipboard; whether the browser allowed it, which only has one for pages that are local or encrypted. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
