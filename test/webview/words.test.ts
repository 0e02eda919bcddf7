import { expect, test } from "vitest";
import { endInWords, quoted, targetInWords } from "../../src/format/model-words";
import { tokenSpans } from "../../src/format/token-spans";
import { shortMeasure } from "../../src/format/measures";
import { parseRunAgain, splitTarget } from "../../webview/analysis/run-again-options";
import { progressText } from "../../webview/shared/progress-text";
import { parseShare, parseTau } from "../../webview/analysis/threshold-text";
import { firstView, keep, within } from "../../webview/analysis/view-state";
import { csv } from "../../src/format/csv";
import { viewOfResult } from "../../webview/shared/page-view";
import { restoredView } from "../../webview/shared/restored-view";
import { textFinding, textNote } from "../../src/format/text-finding";

test("shares and thresholds are read as people write them", () => {
  expect(["10 %", "10%", " 0.5 ", "2,5 %", "1e-2 %"].map(parseShare)).toEqual([0.1, 0.1, 0.005, 0.025, 1e-4]);
  expect(["0", "101 %", "-3", "ten", "", "0x10"].map(parseShare)).toEqual(new Array(6).fill(undefined));
  expect(["3.1e-7", "0.02", ".5", "5E-6"].map(parseTau)).toEqual([3.1e-7, 0.02, 0.5, 5e-6]);
  expect(["0", "-1", "1e", "Infinity"].map(parseTau)).toEqual(new Array(4).fill(undefined));
});

const form = { kind: "max-logit", detail: "", threshold: "10 %", window: "512", chat: false } as const;

test("the form for another run becomes its options", () => {
  expect(parseRunAgain(form).options).toEqual({
    target: "max-logit",
    threshold: { mode: "share", share: 0.1 },
    window: 512,
    chat: false,
  });
  const other = parseRunAgain({ ...form, kind: "logit", detail: " Paris- Rome", threshold: "3e-7", chat: true });
  expect(other.options).toMatchObject({
    target: "logit: Paris- Rome",
    threshold: { mode: "absolute", tau: 3e-7 },
    chat: true,
  });
  expect(parseRunAgain({ ...form, kind: "next-token", detail: "3" }).options?.target).toBe("next-token:3");
  expect(splitTarget("next-token:3")).toEqual({ kind: "next-token", detail: "3" });
  expect(splitTarget("answer: Rome")).toEqual({ kind: "answer", detail: " Rome" });
  expect(splitTarget("spread")).toEqual({ kind: "spread", detail: "" });
  const answers = ["", " Rome"].map((detail) => parseRunAgain({ ...form, kind: "answer", detail }).options?.target);
  expect(answers).toEqual(["answer", "answer: Rome"]);
  expect(splitTarget("logit: a:b")).toEqual({ kind: "logit", detail: " a:b" });
});

test("what is wrong in the form is said", () => {
  expect(parseRunAgain({ ...form, kind: "next-token", detail: "0" }).problem).toContain("whole number");
  expect(parseRunAgain({ ...form, kind: "logit" }).problem).toContain("Name the token");
  expect(parseRunAgain({ ...form, threshold: "much" }).problem).toContain("10 %");
  expect(parseRunAgain({ ...form, window: "1" }).problem).toContain("2 or more");
});

test("progress and targets are said in words", () => {
  const progress = { phase: "backward", done: 12, layers: 30, share: 0.5, secondsLeft: 3 } as const;
  expect(progressText(progress)).toBe("Scoring weights, layer 12 of 30 · 3 s left");
  expect(progressText({ ...progress, phase: "queued" })).toBe("Queued: another run is under way");
  expect(progressText({ ...progress, of: "unrelated texts" })).toBe(
    "Measuring unrelated texts, once for this model: scoring weights, layer 12 of 30 · 3 s left",
  );
  expect(targetInWords("next-token:3")).toBe("token 3");
  expect(targetInWords("spread")).toBe("the whole prediction of what comes next");
  expect(targetInWords("answer: Rome")).toBe('the answer " Rome"');
  expect(targetInWords("answer")).toBe("the answer that the model gives");
  expect(endInWords("is")).toBe('"is"');
  expect(endInWords("The capital of a country that is Italy is")).toBe('"… that is Italy is"');
  expect(endInWords("x".repeat(30))).toBe(`"… ${"x".repeat(24)}"`);
  expect(targetInWords("logit: Paris")).toBe('the logit of " Paris"');
  expect(quoted("a\n\tb")).toBe('"a↵⇥b"');
  expect([shortMeasure("density", 0.184), shortMeasure("mean", 3.14159e-7)]).toEqual(["18.4", "3.1e-7"]);
});

const token = (text: string, start: number, saliency: number | null) => ({
  id: 1,
  text,
  start,
  end: start + text.length,
  saliency,
});
const sample = {
  source: "a.txt",
  text: "Rain on tin",
  offset: 0,
  targetToken: null,
  targetValue: 1,
  targetProbability: null,
  nextTokens: [],
  tokens: [
    { id: 0, text: "<s>", start: -1, end: -1, saliency: 9 },
    token("Rain", 0, 0.6),
    token(" on", 4, -0.1),
    token(" tin", 7, 0.3),
  ],
};

test("the sentence on the text names the strongest tokens, special ones aside", () => {
  expect(textFinding(sample)).toBe('"Rain" and " tin" hold 90 % of the saliency of three tokens.');
  expect(textFinding({ ...sample, tokens: [] })).toBe("");
  const alike = {
    ...sample,
    text: "no no no on",
    tokens: [token("no", 0, 0.4), token("no", 3, 0.3), token("no", 6, 0.2), token(" on", 8, 0.01)],
  };
  expect(textFinding(alike)).toBe('"no" (three times) hold 99 % of the saliency of four tokens.');
});

test("spans cover the text once, shared characters with their strongest token", () => {
  const shared = { ...sample, text: "aé!", tokens: [token("a", 0, 0.1), token("é", 1, 0.2), token("é", 1, -0.7)] };
  const parts = tokenSpans(shared);
  expect(parts.map((part) => (typeof part === "string" ? part : part.text)).join("")).toBe("aé!");
  expect(parts[1]).toEqual({ text: "é", from: 1, token: 2, saliency: -0.7 });
});

test("what was kept is only taken where it fits", () => {
  expect(restoredView(firstView, undefined)).toBe(firstView);
  expect(restoredView(firstView, { row: "3" })).toBe(firstView);
  const kept = { ...firstView, result: "x", row: 3, opened: true, tables: ["text" as const] };
  expect(restoredView(firstView, JSON.parse(JSON.stringify(kept)))).toEqual(kept);
  expect(within(kept, { layers: 2, samples: 1 })).toMatchObject({ row: 1, opened: true });
  const page = { firstView, keep };
  expect(viewOfResult(page, "x", kept)).toBe(kept);
  expect(viewOfResult(page, "y", kept)).toMatchObject({ row: 0, opened: false, tables: ["text"] });
});

test("CSV quotes what needs it", () => {
  const columns = [{ title: "Token" }, { title: "Text" }];
  expect(
    csv({
      columns,
      rows: [
        [1, 'a "b", c'],
        [2, "d\ne"],
      ],
    }),
  ).toBe('Token,Text\r\n1,"a ""b"", c"\r\n2,"d\ne"\r\n');
});

test("the note over a tinted text says what was asked", () => {
  expect(
    ["spread", "answer", "answer: Paris", "loss", "max-logit", "next-token:3", "logit: yes"].map(textNote),
  ).toEqual([
    "which tokens count for the whole prediction of what comes next",
    "which tokens count for the answer that the model gives",
    'which tokens count for the answer " Paris"',
    "which tokens count for the mean loss over the text",
    "which tokens count for the most likely next token",
    "which tokens count for token 3",
    'which tokens count for the logit of " yes"',
  ]);
});
