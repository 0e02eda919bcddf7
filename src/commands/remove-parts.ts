import { stat } from "node:fs/promises";

import { askedAgain } from "../editor/asked-again";
import { chosenCalibration, chosenTexts, onlyText } from "../editor/chosen-texts";
import { askForFolder, askForGgufFile } from "../editor/export-places";
import { askForLine, showPick, showWarning } from "../editor/said";
import { textsOfSources } from "../editor/texts-of-sources";
import type { ShrinkDocument } from "../engine/document/document";
import { ParamscopeError } from "../engine/errors";
import {
  countOf,
  goesInSteps,
  type ShrinkAmount,
  type StructureChoice,
  USUAL_AMOUNTS,
  usualSteps,
  waysFor,
} from "../engine/shrink/options";
import { capital } from "../format/claims";
import { formatCount } from "../format/numbers";
import { readPart } from "../format/quantities";
import { shrunkName } from "../format/shrink";
import type { Origin, Subject } from "../kinds/asked";
import { type AskedShrink, shrinkKind } from "../kinds/shrink";
import type { TextChoice, WantedRemoval } from "../pages/preview";
import type { RemoveAgain } from "../pages/shrink";
import type { App } from "../views/app";
import { chosenSubject } from "./analyze-file";

type Shrink = AskedShrink["shrink"];

/** Takes parts out of the model with texts that are chosen in the explorer, or with the open one; asks which, and how many. */
export async function removeParts(app: App, clicked?: unknown, chosen?: unknown): Promise<void> {
  const subject = await chosenSubject(clicked, chosen);
  const wanted = await askForRemoval(app);
  if (wanted) await firstRemoval(app, subject, { ...wanted, by: "activation" });
}

/** The same with what the side bar names. */
export async function removePartsWith(app: App, from: TextChoice, wanted: WantedRemoval): Promise<void> {
  const subject = await chosenCalibration(from);
  if (subject === undefined) return;
  const { compareOn, ...removal } = wanted;
  if (compareOn === undefined) return await firstRemoval(app, subject, removal);
  const measured = await measuredOn(compareOn);
  if (measured) await firstRemoval(app, subject, { ...removal, ...measured, compared: waysFor(removal.structure) });
}

async function firstRemoval(
  app: App,
  { title, origins, texts, notes }: Subject,
  removal: Omit<Shrink, "calibration">,
): Promise<void> {
  await app.run(shrinkKind, { title, origins, shrink: { calibration: { texts, notes }, ...removal } });
}

/** The text that it is measured on what goes costs; undefined where the user thought better of it. */
async function measuredOn(on: TextChoice): Promise<Pick<Shrink, "evaluation"> | undefined> {
  const subject = await chosenTexts(on, { title: "Measure on a text what goes costs", openLabel: "Measure" });
  return subject && { evaluation: onlyText(subject, "what goes costs is") };
}

type Possible = Extract<StructureChoice, { most: number }>;

/** What is to go of the chosen model, and how many; undefined where the user thought better of it. */
async function askForRemoval(app: App): Promise<Pick<Shrink, "structure" | "amount"> | undefined> {
  const choices = await app.scoring.shrinkChoices(await app.settings(undefined, "To see what can be taken out"));
  const possible = choices.filter((choice): choice is Possible => "most" in choice);
  const [refused] = choices.flatMap((choice) => ("refusal" in choice ? [choice.refusal] : []));
  if (possible.length === 0) throw new ParamscopeError(refused ?? "Nothing can go", "Choose another model.");
  const title = "Remove parts of the model";
  const picked = await showPick(
    possible.map((choice) => ({ label: capital(choice.structure), description: countInWords(choice), choice })),
    { title, placeHolder: "What is to go" },
  );
  if (picked === undefined) return undefined;
  const { choice } = picked;
  const { structure, of, most } = choice;
  const value = await askForLine({
    title,
    prompt:
      structure === "layers"
        ? `How many of the ${formatCount(of)} layers go`
        : `Which share of each layer's ${formatCount(of)} ${structure} goes`,
    value: structure === "layers" ? String(Math.min(USUAL_AMOUNTS.layers, most)) : `${100 * USUAL_AMOUNTS[structure]}%`,
    validateInput: (text) => {
      const amount = readAmount(choice, text);
      const count = amount === undefined ? 0 : countOf(amount, of);
      return count >= 1 && count <= most ? undefined : refusalOf(choice);
    },
  });
  const amount = value === undefined ? undefined : readAmount(choice, value);
  return amount && { structure, amount };
}

function readAmount({ structure }: Possible, text: string): ShrinkAmount | undefined {
  if (structure === "layers") return /^\s*\d+\s*$/.test(text) ? { kind: "count", count: Number(text) } : undefined;
  const share = readPart(text);
  return share === undefined ? undefined : { kind: "share", share };
}

function refusalOf({ structure, of, most }: Possible): string {
  return structure === "layers"
    ? `Write a number from 1 to ${formatCount(most)}.`
    : `Write a share of which 1 to ${formatCount(most)} of ${formatCount(of)} go, such as ${100 * USUAL_AMOUNTS[structure]}%.`;
}

const countInWords = ({ structure, of }: Possible): string =>
  `${formatCount(of)}${structure === "layers" ? "" : " in each layer"}`;

/** What a page shows, where it asks for more of it. */
interface ShownRemoval {
  readonly title: string;
  readonly origins: readonly Origin[];
  readonly asked?: AskedShrink;
}

/** Takes out as much as is said with the texts of a result, in its panel: to measure what that costs, or to write what is left. */
export async function removePartsAgain(
  app: App,
  document: ShrinkDocument,
  shown: ShownRemoval,
  message: RemoveAgain,
): Promise<void> {
  const wanted = await wantedOf(document, message);
  if (wanted === undefined) return;
  const asked = shown.asked ?? (await madeOf(document, shown));
  const { amount, by } = message;
  const isSame = by === document.by && countOf(amount, document.of) === document.removed;
  const { calibration, structure, evaluation, compared, curve, steps, seed } = asked.shrink;
  await app.run(shrinkKind, {
    ...asked,
    shrink: {
      calibration,
      structure,
      amount,
      by,
      evaluation,
      compared,
      curve,
      ...(isSame && { steps, seed }),
      ...wanted,
    },
  });
}

/** What is asked for beside; undefined where the user thought better of it. */
async function wantedOf(document: ShrinkDocument, message: RemoveAgain): Promise<Partial<Shrink> | undefined> {
  const name = shrunkName(document, countOf(message.amount, document.of));
  switch (message.what) {
    case "remove":
      return {};
    case "measure": {
      const measured = await measuredOn(message.on);
      return measured && { ...measured, compared: message.ways, curve: message.amounts };
    }
    case "folder": {
      const folder = await askForFolder("the smaller model", name);
      if (folder === undefined) return undefined;
      const isThere = (await stat(folder).catch(() => undefined)) !== undefined;
      if (isThere && !(await mayReplace(folder))) return undefined;
      return { exportTo: { folder, force: isThere } };
    }
    case "gguf": {
      const file = await askForGgufFile("Write the smaller model", `${name}.gguf`);
      return file === undefined ? undefined : { ggufTo: { file, force: true } };
    }
  }
}

async function mayReplace(folder: string): Promise<boolean> {
  const options = {
    modal: true,
    detail: "Only what an earlier export wrote is removed; what holds anything else stays.",
  };
  return (await showWarning(`${folder} is there already.`, options, "Replace it")) === "Replace it";
}

/** The amounts that were measured beside. */
function amountsOf(curve: ShrinkDocument["curve"]): ShrinkAmount[] {
  return [...new Set(curve.map(({ removed }) => removed))].map((count) => ({ kind: "count", count }));
}

/** What a result of another window, or of a file, was made of; what it was measured on where that can be read. */
async function madeOf(document: ShrinkDocument, shown: ShownRemoval): Promise<AskedShrink> {
  const { structure, by, removed, steps, seed, evaluation, compared, curve } = document;
  const remedy = "Open the folder that they are in, or remove parts with other texts.";
  const { asked, calibration } = await askedAgain(document, shown, remedy);
  const measured = evaluation && (await textsOfSources([evaluation.text]));
  const [text] = measured?.subject?.texts ?? [];
  const isUsual = !goesInSteps(by) || steps === usualSteps(structure, removed);
  return {
    ...asked,
    shrink: {
      calibration,
      structure,
      amount: { kind: "count", count: removed },
      by,
      seed,
      ...(isUsual ? {} : { steps }),
      ...(text && { evaluation: text, compared: compared.map((way) => way.by), curve: amountsOf(curve) }),
    },
  };
}
