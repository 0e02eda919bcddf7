import * as vscode from "vscode";
import { showInformation } from "../editor/said";

const INSTALL = "npm install -g @tensorflow/tfjs-node";

/** Says the two steps to TensorFlow.js with its native library, and does either: the terminal waits for the user's return key. */
export async function setUpTensorflow(): Promise<void> {
  const install = "1. Open terminal";
  const use = "2. Use TensorFlow.js";
  const choice = await showInformation(
    "TensorFlow.js in two steps",
    {
      modal: true,
      detail: `1. Install its native library with npm, some 400 MB, in the terminal: ${INSTALL}\n2. Let it run your models: the setting paramscope.runtime.\n\nWithout step 1 WebAssembly runs them, which ships with Paramscope and is several times slower. Results are the same.`,
    },
    install,
    use,
  );
  if (choice === install) {
    const terminal = vscode.window.createTerminal("TensorFlow.js");
    terminal.show();
    terminal.sendText(INSTALL, false);
  } else if (choice === use) {
    await vscode.workspace
      .getConfiguration("paramscope")
      .update("runtime", "tensorflow", vscode.ConfigurationTarget.Global);
  }
}
