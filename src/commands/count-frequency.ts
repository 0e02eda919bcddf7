import type { App } from "../views/app";
import { ParamscopeError } from "../engine/errors";
import { chosenSubject } from "./analyze-file";
import { frequencyKind } from "../kinds/frequency";

/** In how many of several texts are weights among the strongest? Of files and folders that are chosen in the explorer. */
export async function countFrequency(app: App, clicked?: unknown, chosen?: unknown): Promise<void> {
  const subject = await chosenSubject(clicked, chosen);
  if (subject.texts.length < 2)
    throw new ParamscopeError(
      `${subject.title} is one text, and it is counted in how many of several a weight is active`,
      "Select several files or a folder in the explorer.",
    );
  await app.run(frequencyKind, subject);
}
