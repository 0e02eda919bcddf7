/** What was kept, if a version of this view wrote it; else the first view. */
export function restoredView<View extends object>(first: View, kept: unknown): View {
  if (typeof kept !== "object" || kept === null) return first;
  const fits = Object.entries(first).every(([key, value]) => {
    const found = (kept as Record<string, unknown>)[key];
    return typeof found === typeof value && Array.isArray(found) === Array.isArray(value);
  });
  return fits ? { ...first, ...kept } : first;
}
