import type { KindCommand } from "../kinds/kind";
import type { App } from "../views/app";
import { addModel } from "./add-model";
import { analyzeFile } from "./analyze-file";
import { analyzeSelection } from "./analyze-selection";
import { cancel } from "./cancel";
import { chooseFormats, chooseFormatsAgain, chooseFormatsWith } from "./choose-formats";
import { chooseModel } from "./choose-model";
import { compareFolders } from "./compare-folders";
import { comparePairs } from "./compare-pairs";
import { compareSelected } from "./compare-selected";
import { compareWithGit } from "./compare-with-git";
import { compareWithPromptA } from "./compare-with-prompt-a";
import { countFrequency } from "./count-frequency";
import { downloadModel } from "./download-model";
import { exportResult } from "./export-result";
import { forgetHubToken, setHubToken } from "./hub-token";
import { forgetPromptA, markPromptA } from "./mark-prompt-a";
import { deleteModel, revealModel, useModel } from "./model-actions";
import { patchPromptA, patchSelected } from "./patch";
import { openInPreview, previewPruning, useAsCalibration } from "./preview-pruning";
import { comparePrompt, explainPrompt, markPrompt, predictNext } from "./prompt-lenses";
import { compareResults, deleteResult, openResult } from "./result-actions";
import { setUpTensorflow } from "./set-up-tensorflow";
import { removeParts, removePartsAgain, removePartsWith } from "./remove-parts";
import { showLog } from "./show-log";
import { toggleDecorations } from "./toggle-decorations";
import { trySample } from "./try-sample";

interface Commands {
  /** What a command does with what the menu gives that it is declared for in package.json: each takes arguments of its own. */
  run(app: App, ...given: unknown[]): unknown;
}

/** The type of a method, since only those may take other arguments than they are said to. */
type Command = Commands["run"];

/** All commands, by their names without `paramscope.`; package.json declares them, and where they are offered. */
export const commands = {
  analyzeFile,
  analyzeSelection,
  markPromptA,
  forgetPromptA,
  compareWithPromptA,
  compareSelected,
  compareFolders,
  countFrequency,
  chooseFormats,
  removeParts,
  patchPromptA,
  patchSelected,
  compareWithGit,
  comparePairs,
  chooseModel,
  downloadModel,
  setHubToken,
  forgetHubToken,
  addModel: (app) => addModel(app),
  useModel,
  revealModel,
  deleteModel,
  refreshModels: ({ models }) => models.refresh(),
  openResult,
  compareResults,
  deleteResult,
  cancel,
  setUpTensorflow: () => setUpTensorflow(),
  showLog,
  exportResult,
  toggleDecorations,
  trySample,
  previewPruning,
  useAsCalibration,
} satisfies Record<string, Command>;

/** What only pages ask for: no menu and no palette has it. */
export const pageCommands = {
  openInPreview,
  chooseFormatsAgain,
  chooseFormatsWith,
  removePartsAgain,
  removePartsWith,
} satisfies Record<string, Command>;

/** What only stands above prompts: each needs the place of one. */
export const lensCommands = { explainPrompt, markPrompt, comparePrompt, predictNext } satisfies Record<string, Command>;

/** All that are registered; those that pages lead to are among them. */
export const allCommands: Readonly<Record<string, Command> & Record<KindCommand, Command>> = {
  ...commands,
  ...pageCommands,
  ...lensCommands,
};
