/** The outline of columns from 0 to the largest value, the highest a little below the top; all in pixels. */
export function columnsPath(
  values: readonly number[],
  {
    width,
    height,
    columnWidth,
  }: {
    /** The width of all columns together. */
    readonly width: number;
    readonly height: number;
    /** The width of one column, where the next is so far away. */
    readonly columnWidth: (step: number) => number;
  },
): string {
  const high = values.reduce((max, value) => Math.max(max, value), 0);
  const step = width / Math.max(1, values.length);
  return values
    .map((value, i) => {
      const size = high > 0 ? (value / high) * (height - 2) : 0;
      return `M${(i * step).toFixed(2)} ${height}v${(-size).toFixed(2)}h${columnWidth(step).toFixed(2)}V${height}z`;
    })
    .join("");
}
