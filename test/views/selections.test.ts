import { expect, test } from "vitest";
import type { TextEditor } from "vscode";

import { subjectOfSelection } from "../../src/editor/texts";
import { Uri } from "../support/vscode";

type Selected = readonly [line: number, character: number, toLine: number, toCharacter: number];

/** An editor of prompts.md in which these are selected, each from a line and character to another, counted from 0. */
function editorWith(selected: readonly Selected[]): TextEditor {
  const selections = selected.map(([line, character, toLine, toCharacter]) => ({
    isEmpty: line === toLine && character === toCharacter,
    start: { line, character },
    end: { line: toLine, character: toCharacter },
  }));
  const document = { uri: Uri.file("/texts/prompts.md"), getText: () => "A prompt.", offsetAt: () => 0 };
  return { document, selections } as unknown as TextEditor;
}

test("selections are called by the lines that they are of", () => {
  const named = (...selected: readonly Selected[]) => subjectOfSelection(editorWith(selected)).title;
  expect(named([2, 0, 2, 9])).toBe("prompts.md:3");
  expect(named([2, 4, 4, 1])).toBe("prompts.md:3–5");
  // whole lines, up to the beginning of the next, of which nothing is selected
  expect(named([2, 0, 3, 0])).toBe("prompts.md:3");
  expect(named([2, 0, 5, 0])).toBe("prompts.md:3–5");
  expect(named([0, 0, 0, 3], [1, 1, 1, 1], [4, 0, 6, 2])).toBe("prompts.md:1, 5–7");
});

test("their texts and origins are called alike", () => {
  const { texts, origins } = subjectOfSelection(editorWith([[2, 0, 4, 1]]));
  expect(texts[0].source).toMatch(/prompts\.md:3–5$/);
  expect(origins[0].source).toBe(texts[0].source);
});
