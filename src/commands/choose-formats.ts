import { askedAgain } from "../editor/asked-again";
import { chosenCalibration, chosenTexts, onlyText } from "../editor/chosen-texts";
import { askForGgufFile } from "../editor/export-places";
import type { BitsDocument } from "../engine/document/document";
import { formatBits } from "../format/bits";
import type { Origin, Subject } from "../kinds/asked";
import { type AskedBits, bitsKind } from "../kinds/bits";
import type { ChooseAgain } from "../pages/bits";
import type { TextChoice } from "../pages/preview";
import type { App } from "../views/app";
import { chosenSubject } from "./analyze-file";

/** The size of a first choice: others are chosen in its page at once. */
const FIRST_SIZE = { kind: "bits", bits: 4.5, orLeast: true } as const;

/** Chooses a format for each matrix with texts that are chosen in the explorer, or with the open one. */
export async function chooseFormats(app: App, clicked?: unknown, chosen?: unknown): Promise<void> {
  await firstChoice(app, await chosenSubject(clicked, chosen));
}

/** The same with what the side bar names. */
export async function chooseFormatsWith(app: App, from: TextChoice): Promise<void> {
  const subject = await chosenCalibration(from);
  if (subject) await firstChoice(app, subject);
}

async function firstChoice(app: App, { title, origins, texts, notes }: Subject): Promise<void> {
  const calibration = { texts, notes };
  await app.run(bitsKind, { title, origins, bits: { calibration, by: "sensitivity", size: FIRST_SIZE } });
}

/** What a page shows, where it asks for more of it. */
interface ShownChoice {
  readonly title: string;
  readonly origins: readonly Origin[];
  readonly asked?: AskedBits;
}

/** Chooses again with the texts of a result, in its panel: to measure what that costs, or to write the file. */
export async function chooseFormatsAgain(
  app: App,
  document: BitsDocument,
  shown: ShownChoice,
  message: ChooseAgain,
): Promise<void> {
  const wanted = "file" in message ? await wantedFile(document, message.bits) : await wantedCosts(message.costs);
  if (wanted === undefined) return;
  const asked = shown.asked ?? (await madeOf(document, shown));
  const { calibration, by } = asked.bits;
  await app.run(bitsKind, {
    ...asked,
    bits: { calibration, by, size: { kind: "bits", bits: message.bits }, ...wanted },
  });
}

/** What the costs are measured on; undefined where the user thought better of it. */
async function wantedCosts({
  on,
  ways,
  sizes,
}: Extract<ChooseAgain, { costs: unknown }>["costs"]): Promise<Partial<AskedBits["bits"]> | undefined> {
  const subject = await chosenTexts(on, { title: "Measure what formats cost on a text", openLabel: "Measure" });
  return subject && { evaluation: onlyText(subject, "what formats cost is"), compared: { ways, bits: sizes } };
}

/** Where the file goes; VS Code asks whether to replace one that is there. */
async function wantedFile({ model }: BitsDocument, bits: number): Promise<Partial<AskedBits["bits"]> | undefined> {
  const name = `${model.name.replace(/[^\w.-]/g, "_")}-${formatBits(bits)}bpw.gguf`;
  const file = await askForGgufFile("Write the quantised model", name);
  return file === undefined ? undefined : { exportTo: { file, force: true } };
}

/** What a result of another window, or of a file, was made of. */
async function madeOf({ model, run, calibration, by }: BitsDocument, shown: ShownChoice): Promise<AskedBits> {
  const remedy = "Open the folder that they are in, or choose formats with other texts.";
  const again = await askedAgain({ model, run, calibration }, shown, remedy);
  return { ...again.asked, bits: { calibration: again.calibration, by, size: FIRST_SIZE } };
}
