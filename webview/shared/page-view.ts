/** What the view of every page keeps. */
export interface PageView {
  /** What the rest belongs to; another result starts afresh. */
  readonly result: string;
  /** Charts that are shown as tables. */
  readonly tables: readonly string[];
  /** How far the page is scrolled, in pixels. */
  readonly scroll: number;
}

/** The view for a result: the same as before where it is the same result, else the first one, with what is kept for all. */
export function viewOfResult<View extends PageView>(
  { firstView, keep }: { readonly firstView: View; readonly keep?: (view: View) => Partial<View> },
  result: string,
  view: View,
): View {
  return view.result === result ? view : { ...firstView, tables: view.tables, ...keep?.(view), result };
}
