/* What is done to a good input, by numbers from 0 to 1 that are the same for the same seed. */

export type Random = () => number;

export const below = (random: Random, count: number): number => Math.floor(random() * count);

export function oneOf<T>(random: Random, values: readonly T[]): T {
  return values[below(random, values.length)];
}

const ESCAPE = "\u001b]0;title\u0007\u001b[2J\u202e\u2066";
const NAMES = [
  "constructor",
  "__proto__",
  "toString",
  "hasOwnProperty",
  "",
  "a".repeat(5000),
  ESCAPE,
  "\ud800",
  "../../etc/passwd",
];
const NUMBERS = [0, -1, 1, -0, 0.5, NaN, 1e9, 1e308, -1e308, 2 ** 31, 2 ** 32, 2 ** 53, Number.MIN_VALUE];

/** A value that no good file has in its place. */
function strange(random: Random): unknown {
  switch (below(random, 8)) {
    case 0:
      return null;
    case 1:
      return oneOf(random, NUMBERS);
    case 2:
      return oneOf(random, NAMES);
    case 3:
      return [];
    case 4:
      return {};
    case 5:
      return random() < 0.5;
    case 6:
      return Array.from({ length: below(random, 2000) }, () => oneOf<unknown>(random, [...NUMBERS, ...NAMES]));
    default: {
      let value: unknown = 1;
      for (let depth = below(random, 300); depth > 0; depth--) value = random() < 0.5 ? [value] : { a: value };
      return value;
    }
  }
}

/** One to three changes anywhere in a JSON value: other values, other names, what is left out, twice, or from elsewhere in it. */
export function mutateJson(json: unknown, random: Random): unknown {
  const root = { value: structuredClone(json) };
  for (let changes = 1 + below(random, 3); changes > 0; changes--) {
    const places: { holder: Record<string, unknown>; key: string }[] = [];
    const visit = (holder: object): void => {
      for (const key of Object.keys(holder)) {
        const place = { holder: holder as Record<string, unknown>, key };
        const value = place.holder[key];
        places.push(place);
        // vocabularies: some of them are enough
        if (typeof value === "object" && value !== null && places.length < 5000) visit(value);
      }
    };
    visit(root);
    const { holder, key } = oneOf(random, places);
    switch (below(random, 6)) {
      case 0:
        if (holder === root) break;
        if (Array.isArray(holder)) holder.splice(Number(key), 1);
        else Reflect.deleteProperty(holder, key);
        break;
      case 1: {
        const other = oneOf(random, places);
        holder[key] = structuredClone(other.holder[other.key]);
        break;
      }
      case 2:
        if (typeof holder[key] === "number") holder[key] = holder[key] + oneOf(random, [1, -1, 0.5, 1e6]);
        else if (typeof holder[key] === "string") holder[key] = mutateText(holder[key], random);
        else holder[key] = strange(random);
        break;
      case 3:
        if (Array.isArray(holder)) holder.push(structuredClone(holder[Number(key)]));
        else
          Object.defineProperty(holder, oneOf(random, NAMES), {
            value: holder[key],
            enumerable: true,
            configurable: true,
            writable: true,
          });
        break;
      default:
        holder[key] = strange(random);
    }
  }
  return root.value;
}

const PIECES = [
  ESCAPE,
  "\0",
  "\ufeff",
  "\ud800",
  "=1+1",
  '"',
  "\r",
  "\n\n",
  "\t",
  "a".repeat(3000),
  "(\\w+\\s?)*\\d$",
  "{{",
  "{%",
  "%}",
  "}}",
  "|",
  "💥",
];

/** One to three changes of a text: pieces put in, left out, doubled. */
export function mutateText(text: string, random: Random): string {
  let result = text;
  for (let changes = 1 + below(random, 3); changes > 0; changes--) {
    const at = below(random, result.length + 1);
    const to = Math.min(result.length, at + below(random, 12));
    const middle = oneOf(random, [
      "",
      oneOf(random, PIECES),
      result.slice(at, to).repeat(1 + below(random, 4)),
      oneOf(random, NAMES),
    ]);
    result = result.slice(0, at) + middle + result.slice(to);
  }
  return result;
}

/** One to three changes among the first `header` bytes: bits, bytes, sizes that are often wrong, insertions, deletions, the end. */
export function mutateBytes(bytes: Buffer, header: number, random: Random): Buffer {
  let result = Buffer.from(bytes);
  const anywhere = (n: number): number => below(random, n);
  for (let changes = 1 + anywhere(3); changes > 0 && result.length >= 64; changes--) {
    const at = anywhere(Math.min(header, result.length - 8));
    switch (anywhere(6)) {
      case 0:
        result[at] ^= 1 << anywhere(8);
        break;
      case 1:
        result[at] = anywhere(256);
        break;
      case 2:
        result.writeBigUInt64LE(
          oneOf(random, [0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]),
          at,
        );
        break;
      case 3:
        result = Buffer.concat([
          result.subarray(0, at),
          Buffer.alloc(1 + anywhere(40), anywhere(256)),
          result.subarray(at),
        ]);
        break;
      case 4:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + 1 + anywhere(40))]);
        break;
      default:
        if (random() < 0.2) result = result.subarray(0, Math.max(32, at));
    }
  }
  return result;
}
