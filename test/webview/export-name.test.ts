import { expect, test } from "vitest";
import { exportName } from "../../webview/shared/export-name";

test.each([
  ["harbour.txt", "harbour-layers-85mm"],
  ["samples/fiction/harbour.txt", "harbour-layers-85mm"],
  ["samples/fiction and samples/math", "samples-fiction-and-samples-math-layers-85mm"],
  ["prompts.md:3–5", "prompts-md-3-5-layers-85mm"],
  ["../.. \\ <con>|?*", "con-layers-85mm"],
  ["नमस्ते दुनिया.md", "नमस्ते-दुनिया-layers-85mm"],
  ["\u202Etxt.exe\u0000", "txt-exe-layers-85mm"],
  ["?!", "paramscope-layers-85mm"],
])("%j is called %s", (title, name) => {
  expect(exportName(title, "layers", "85mm")).toBe(name);
});

test("a long name is cut between characters, so that every file system takes it", () => {
  const name = exportName("𠮷".repeat(200), "result");
  expect(new TextEncoder().encode(name).length).toBeLessThan(200);
  expect(name).toMatch(/^𠮷+-result$/u);
});

test("a name is no device's, whatever the title", () => {
  expect(exportName("con", "result")).toBe("con-result");
});
