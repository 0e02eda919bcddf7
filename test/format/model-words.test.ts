import { expect, test } from "vitest";

import { quoted } from "../../src/format/model-words";

/* Tokens as they stand in sentences. */

test("a token's line ends are seen, and a mark by itself is no part of the quote before it", () => {
  expect(quoted("a\n\tb\r\n")).toBe('"a↵⇥b↵"');
  expect(quoted("\u0301")).toBe('"◌\u0301"');
  expect(quoted("\u093fन")).toBe('"◌\u093fन"');
  expect(quoted("e\u0301")).toBe('"e\u0301"');
});
