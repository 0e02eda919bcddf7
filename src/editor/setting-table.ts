import { defaults, defaultThreshold } from "../engine/run/defaults";
import type { TypicalText } from "../wire/protocol";
import type { ExecutionProvider, RuntimeName } from "../engine/runtime/runtime";

/** Every setting of the extension, `paramscope.NAME`, with its value where nobody set it: package.json declares the same. */
export const settingDefaults = {
  /** Id or path of the model; empty: the bundled one. */
  model: "",
  target: defaults.target,
  /** A share, `10%`, or an activation, `5e-6`. */
  threshold: defaultThreshold,
  window: defaults.window,
  maxSamples: defaults.maxSamples,
  chatTemplate: defaults.chat,
  typicalText: "automatic" as TypicalText,
  /** A size, `2GiB`; empty: what the machine has to spare. */
  memoryBudget: "",
  /** 0: as many as the machine has cores. */
  threads: 0,
  /** Minutes. */
  idleRelease: 10,
  decorations: false,
  /** What stands above files and blocks of prompts. */
  "codeLens.prompts": true,
  /** Above strings in code. */
  "codeLens.code": false,
  /** Above cells of notebooks that are no code. */
  "codeLens.notebooks": false,
  /** What a prompt is read for while one types. */
  live: false,
  /** Empty: what the environment says. A workspace cannot set it. */
  hubEndpoint: "",
  runtime: "auto" as RuntimeName | "auto",
  executionProvider: "cpu" as ExecutionProvider,
  /** In which tfjs-node is installed; empty: nowhere. */
  tensorflowFolder: "",
};

export type Settings = typeof settingDefaults;
