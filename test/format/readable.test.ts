import { expect, test } from "vitest";

import { csv, tabSeparated } from "../../src/format/csv";
import { fileName, jsonEscaped, readable, shortened } from "../../src/format/readable";
import { unseen } from "../support/unseen";

/* What nobody sees is seen, wherever it stands; what has a meaning in a script or a picture stays. */

test("every character that nobody sees has its number, and all others are there as they were", () => {
  for (let code = 0; code < 0x110000; code++) {
    const character = String.fromCodePoint(code);
    const text = `a${character}b`;
    const written = readable(text);
    if (unseen(text).length > 0) expect(written).toBe(`a⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩b`);
    else if (written !== text) expect.fail(`${code} became ${written}`);
  }
});

test("joined letters, families and flags stay what they are", () => {
  for (const text of ["می‌خواهم", "क्‍ष", "👩‍👩‍👧", "❤️ 1️⃣ 🏳️‍🌈", "葛\u{E0100}", "line\r\nline\n\tline\r"])
    expect(readable(text)).toBe(text);
  // the same characters between other letters hide something
  expect(readable("pay‌pal a‍b x️")).toBe("pay⟨U+200C⟩pal a⟨U+200D⟩b x⟨U+FE0F⟩");
  expect(readable("one\rtwo")).toBe("one⟨U+000D⟩two");
});

test("a line is cut where no character is cut in two", () => {
  expect(shortened("a😀bc", 3)).toBe("a…");
  expect(shortened("abcd", 3)).toBe("ab…");
  expect(shortened("abc", 3)).toBe("abc");
});

test("JSON is the same document", () => {
  const value = { "\u{E0041}": "\u202edna\u0007\u200b\ufeff" };
  const written = jsonEscaped(JSON.stringify(value));
  expect(unseen(written)).toEqual([]);
  expect(JSON.parse(written)).toEqual(value);
});

test("cells of tables are read, and what hides a formula is no way around the quote", () => {
  const table = {
    columns: [{ title: "\u202eeman" }],
    rows: [["\u200b=1+1"], [" =1+1"], ["＝1+1"], ["\n=1"], ["a\u0007"]],
  };
  expect(csv(table)).toBe(`⟨U+202E⟩eman\r\n⟨U+200B⟩=1+1\r\n' =1+1\r\n'＝1+1\r\n"'\n=1"\r\na⟨U+0007⟩\r\n`);
  expect(unseen(tabSeparated(table))).toEqual([]);
});

test("a name of a file is one, whatever it is the name of", () => {
  expect(fileName("../a\u202egnp.exe\u0000:*?")).toBe(".._a_gnp.exe____");
  expect(fileName("x".repeat(5000)).length).toBeLessThan(200);
  // what is a character takes up to four bytes of the 255 that a name may have
  for (const character of ["é", "名", "𠀀"]) {
    const bytes = Buffer.byteLength(fileName(character.repeat(200)));
    expect(bytes).toBeGreaterThan(150);
    expect(bytes).toBeLessThan(240);
  }
});
