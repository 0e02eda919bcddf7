import { describe, expect, test } from "vitest";

import { randomNumbers } from "../../src/engine/numbers/random";
import { normalNumbers } from "../engine/support/simulated-texts";
import { calibrationSentences } from "../../src/format/calibration";
import { spreadFinding } from "../../src/format/calibration-findings";
import { calibrationsOf } from "./simulated-losses";

const CHANCE = "within what windows and rounding vary";
const figure = "[\\d.]+";
const share = `${figure} %`;
const interval = `\\(${share} to ${share}\\)`;
const times = `perplexity ${figure}, ${figure} × dense \\(${figure} to ${figure}\\)`;

/** Of the first domain, by how much more each calibration loses on it; all lose as much on the others. */
function sentenceOf(more: readonly number[], windows = 12, kept = true): string {
  const document = calibrationsOf(
    more.map((first) => more.map((_, k) => (k === 0 ? first : 0.3))),
    { windows, next: randomNumbers(1), kept },
  );
  return calibrationSentences(document)[0];
}

describe("what to calibrate with", () => {
  test.each<[string, number[], string]>([
    [
      "its own texts, where all others are worse",
      [0.2, 0.4, 0.6],
      `For fiction calibrate with its own texts: ${times}; with news it is ${share} more ${interval}, with code ${share} more ${interval}\\.`,
    ],
    [
      "its own texts, where some are worse and others about as good",
      [0.2, 0.2, 0.6],
      `For fiction calibrate with its own texts: ${times}; with code it is ${share} more ${interval}, with news ${CHANCE}\\.`,
    ],
    [
      "its own texts, where many are worse",
      [0.2, 0.4, 0.5, 0.6, 0.7],
      `For fiction calibrate with its own texts: ${times}; with 4 others it is more, ${figure} to ${figure}\\.`,
    ],
    [
      "others, where they are better",
      [0.4, 0.2, 0.6],
      `For fiction calibrate with news: ${times}, ${share} less ${interval} than with its own texts\\.`,
    ],
    [
      "nothing that is told, where all are as good",
      [0.2, 0.2, 0.2],
      `For fiction no calibration is told from its own texts: ${times}, with the others ${figure}( to ${figure})?, ${CHANCE}\\.`,
    ],
    [
      "nothing that is told, of one other",
      [0.2, 0.2],
      `For fiction no calibration is told from its own texts: ${times}, with news ${figure}, ${CHANCE}\\.`,
    ],
  ])("%s", (_, more, sentence) => {
    expect(sentenceOf(more)).toMatch(new RegExp(`^${sentence}$`));
  });

  test("is said of these texts alone, where something is said", () => {
    const of = (more: number) =>
      calibrationSentences(
        calibrationsOf(
          [
            [0.3, 0.3],
            [0.3 + more, 0.3],
          ],
          { windows: 12, next: randomNumbers(7) },
        ),
      );
    expect(of(0)).toHaveLength(2);
    expect(of(0.5)).toHaveLength(3);
    expect(of(0.5)[2]).toMatch(/^This holds of the texts that were calibrated with: /);
  });

  test("nothing is preferred of two windows, nor where windows were not kept", () => {
    expect(sentenceOf([0.2, 0.9], 2)).toMatch(
      /^For fiction: perplexity [\d.]+, [\d.]+ × dense with its own texts, with news [\d.]+; fewer than 3 windows give no interval, and none is preferred\.$/,
    );
    expect(sentenceOf([0.2, 0.9], 12, false)).toMatch(
      /; there is no interval, since single windows were not kept, and none is preferred\.$/,
    );
  });

  test("of calibrations that are worth the same one is preferred in 5 of 100 studies", () => {
    const next = randomNumbers(2);
    const same = [0, 1, 2, 3].map(() => [0.3, 0.3, 0.3, 0.3]);
    const studies = Array.from({ length: 100 }, () => calibrationsOf(same, { windows: 6, next }));
    const claims = (sentences: (document: (typeof studies)[number]) => string[], none: string) =>
      studies.filter((document) => sentences(document).some((sentence) => !sentence.includes(none))).length;
    expect(claims(calibrationSentences, "no calibration is told from")).toBeLessThan(11);
    expect(claims((document) => [spreadFinding(document)], "certainly matters for no domain")).toBeLessThan(11);
  });
});

describe("where the calibration matters", () => {
  const finding = (more: readonly (readonly number[])[], windows = 12, kept = true) =>
    spreadFinding(calibrationsOf(more, { windows, next: randomNumbers(3), kept }));

  test("for some domains, and not for others", () => {
    expect(
      finding([
        [0.2, 0.3],
        [0.5, 0.3],
      ]),
    ).toMatch(
      new RegExp(
        `^The calibration matters for fiction, where with the worst perplexity is ${share} more ${interval} than with the best; for news it is ${CHANCE}\\.$`,
      ),
    );
  });

  test("for two, and for many", () => {
    expect(
      finding([
        [0.2, 0.6],
        [0.5, 0.2],
      ]),
    ).toMatch(
      new RegExp(
        `^The calibration matters for fiction, where .* and for news, where it is ${share} more ${interval}\\.$`,
      ),
    );
    const many = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((k) => (i === k ? 0.2 : 0.5)));
    expect(finding(many)).toMatch(
      new RegExp(
        `^The calibration matters for 4 of 4 domains: there the worst gives ${share} to ${share} more perplexity than the best\\.$`,
      ),
    );
  });

  test("for none, and not for certain of few windows", () => {
    const same = [
      [0.2, 0.3],
      [0.2, 0.3],
    ];
    expect(finding(same)).toMatch(/^The calibration certainly matters for no domain: the worst gives at most/);
    expect(finding(same, 2)).toMatch(
      /; whether the calibration matters is not certain: fewer than 3 windows give no interval\.$/,
    );
    expect(finding(same, 12, false)).toMatch(
      /not certain: there is no interval, since single windows were not kept\.$/,
    );
  });
});

describe("what choosing is worth", () => {
  const choice = { pool: "web", seed: 0, similarities: [] };
  const sentenceOf = (more: readonly number[], next = randomNumbers(4), windows = 12, kept = true): string =>
    calibrationSentences(
      calibrationsOf(
        more.map((value) => [value]),
        { windows, next, kept, choice },
      ),
    )[0];
  const head = `^The 8 texts of web most like fiction give ${times}, as many random ones ${figure} \\(${figure} to ${figure} in 3 draws\\): `;

  test.each<[string, number[], string]>([
    ["less than chance", [0.1, 0.5, 0.51, 0.49], `${share} less ${interval}, and by more than draws differ\\.$`],
    [
      "more than chance",
      [0.9, 0.5, 0.51, 0.49],
      `${share} more ${interval}, and by more than draws differ: here choosing is worse than chance\\.$`,
    ],
    // in every window less than the draws' mean, as one of them is
    [
      "what draws differ by",
      [0.3, 0.35, 0.7, 0.5],
      `${share} less ${interval}, which is no more than chance makes\\.$`,
    ],
    ["nothing", [0.5, 0.5, 0.5, 0.5], "[\\d.]+ % (less|more) \\(.*\\), which is no more than chance makes\\.$"],
  ])("%s", (_, more, verdict) => {
    expect(sentenceOf(more)).toMatch(new RegExp(head + verdict));
  });

  test("is not told of two windows, nor where windows were not kept", () => {
    expect(sentenceOf([0.1, 0.5, 0.5, 0.5], randomNumbers(5), 2)).toMatch(
      /: [\d.]+ % less; fewer than 3 windows give no interval, and it is not told from chance\.$/,
    );
    expect(sentenceOf([0.1, 0.5, 0.5, 0.5], randomNumbers(5), 12, false)).toMatch(
      /less; there is no interval, since single windows were not kept, and it is not told from chance\.$/,
    );
  });

  test("where chosen texts are as good as random ones a difference is claimed in 5 of 100 runs", () => {
    const next = randomNumbers(6);
    const normal = normalNumbers(next);
    // texts differ in what they are worth, chosen or not
    const runs = Array.from({ length: 100 }, () =>
      sentenceOf(
        [0, 0, 0, 0].map(() => 0.5 + 0.1 * normal()),
        next,
      ),
    );
    expect(runs.filter((sentence) => !sentence.includes("no more than chance makes")).length).toBeLessThan(11);
  });
});

test("other texts are not preferred for what texts of one kind differ by, however certain windows are of it", () => {
  // with so many windows 3 % are certain
  const windows = 400;
  const preferred = (difference: number) =>
    calibrationSentences(
      calibrationsOf(
        [
          [0.5, 0.5],
          [0.5 - difference, 0.5],
        ],
        { windows, next: randomNumbers(21) },
      ),
    ).some((sentence) => sentence.startsWith("For fiction calibrate with news"));
  expect(preferred(0.03)).toBe(false);
  expect(preferred(0.09)).toBe(true);
});
