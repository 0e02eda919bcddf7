import { unsupported } from "./template-error";

const SIMPLE: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const escape = /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([^]))/gu;

/** A string literal's content with its escapes read as Python's `unicode-escape` reads them; undefined where one is incomplete. @throws TemplateError */
export function unescape(content: string): string | undefined {
  let complete = true;
  const text = content.replace(
    escape,
    (whole, octal?: string, x?: string, u?: string, U?: string, other?: string, at?: number): string => {
      const hex = x ?? u ?? U;
      if (octal !== undefined) return String.fromCodePoint(parseInt(octal, 8));
      if (hex !== undefined) {
        const code = parseInt(hex, 16);
        if (code <= 0x10ffff) return String.fromCodePoint(code);
        complete = false;
        return "";
      }
      // Names of characters would need their table.
      if (other === "N" && content.startsWith("{", (at ?? 0) + 2))
        throw unsupported("A character by its name in a string");
      if (other !== undefined && "xuUN".includes(other)) complete = false;
      return SIMPLE[other ?? ""] ?? whole;
    },
  );
  return complete ? text : undefined;
}
