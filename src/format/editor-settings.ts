import type { SettingNames } from "./remedy";

/** What is chosen in VS Code, and where. Columns are asked for, answers are in the panel's own form. */
export const editorSettings: SettingNames = {
  memory: "setting paramscope.memoryBudget",
  window: "setting paramscope.window",
  chat: "setting paramscope.chatTemplate",
  target: "setting paramscope.target",
  runtime: "setting paramscope.runtime",
  provider: "setting paramscope.executionProvider",
  answers: undefined,
  force: undefined,
  columns: undefined,
};
