import type { Estimate, Model, Profile, RunEvent, RunOptions } from "../engine/api";
import type { ResultDocument } from "../engine/document/document";
import { withSettings } from "../engine/document/settings";
import type { Engine } from "./engine";
import { writeOut } from "./output";
import { typedCommand } from "./typed-command";
import { runningLayer } from "./render/running";
import { follow, profileLines, runOptions, withModel, type CommandPhase } from "./run";
import type { RunFlags } from "./run-options";
import { Screen } from "./terminal/screen";
import { standardError } from "./terminal/streams";
import type { Style } from "./terminal/style";
import { writeResult } from "./write-result";

/** A command that ends with one document. */
export interface DocumentCommand<Document extends ResultDocument> {
  readonly name: string;
  /** The model and the target where they are not what the flags say. */
  readonly model?: string;
  readonly target?: string;
  /** Starts the run. */
  readonly run: (
    model: Model,
    engine: Engine,
    options: RunOptions,
  ) => AsyncGenerator<RunEvent<{ readonly document: Document; readonly profile: Profile }, CommandPhase>, void, void>;
  /** What the run would take. */
  readonly estimate: (model: Model, engine: Engine, options: RunOptions) => Promise<Estimate>;
  /** The document as lines for people. */
  readonly lines: (document: Document, style: Style) => readonly string[];
}

/** How a command is carried out: by doing what it says, or by saying something about that. */
export type CarryOut = <Document extends ResultDocument>(
  flags: RunFlags,
  signal: AbortSignal,
  command: DocumentCommand<Document>,
) => Promise<void>;

/**
 * Runs a command: layers on the screen as they are done, then the document in a file, as JSON or as lines, with its notes and
 * where the time went.
 */
export const runDocument: CarryOut = async (flags, signal, { model: path = flags.model, target, run, lines }) => {
  const screen = new Screen(flags.quiet ?? false);
  const showLayers = !flags.json && !flags.quiet;
  await withModel(path, flags, signal, async (model, engine) => {
    let layers = 0;
    const started = run(model, engine, runOptions(flags, model, engine, signal, target));
    const result = await follow(started, screen, signal, (layer) => {
      layers++;
      if (showLayers) screen.print([runningLayer(layer)]);
    });
    const document = withSettings(result.document, model, flags, typedCommand());
    await writeResult(document, flags);
    if (flags.json) await writeOut(`${JSON.stringify(document)}\n`);
    else {
      screen.print([...(showLayers && layers > 0 ? [""] : []), ...lines(document, screen.style)]);
      // in a document they are in run.notes
      for (const note of document.run.notes) screen.note(note);
    }
    if (flags.profile) standardError.write(`${profileLines(result.profile).join("\n")}\n`);
  });
};
