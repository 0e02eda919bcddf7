const milliseconds: Record<string, number> = {
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export type ParseResult = { ok: true; value: number } | { ok: false; reason: string; at: number };

/** Reads durations such as `1h 30min` or `250 ms` and returns milliseconds. */
export function parseDuration(text: string): ParseResult {
  const part = /\s*(\d+(?:\.\d+)?)\s*([a-z]+)/y;
  let total = 0;
  let position = 0;
  const seen = new Set<string>();
  while (position < text.trimEnd().length) {
    part.lastIndex = position;
    const match = part.exec(text);
    if (!match) return { ok: false, reason: "expected a number and a unit", at: position };
    const [, amount, unit] = match;
    const factor = milliseconds[unit];
    if (factor === undefined) return { ok: false, reason: `unknown unit ${unit}`, at: position };
    if (seen.has(unit)) return { ok: false, reason: `unit ${unit} occurs twice`, at: position };
    seen.add(unit);
    total += Number(amount) * factor;
    position = part.lastIndex;
  }
  if (seen.size === 0) return { ok: false, reason: "nothing to read", at: 0 };
  return { ok: true, value: total };
}
