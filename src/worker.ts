import "./sound-compiler";

import { constants, setPriority } from "node:os";

import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from "vscode-jsonrpc/node";

import { serve } from "./scoring/server";

/* The scoring process: started by src/wire/process.ts, spoken to over Node's IPC channel. */

try {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // Not every system lets a process lower its own priority: then it runs at the normal one.
}
// Without the editor there is nobody to answer.
process.on("disconnect", () => process.exit(0));
serve(createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process)));
