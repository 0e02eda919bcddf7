import { ScoringClient } from "../../src/wire/client";

/* Runs one analysis as the extension host does, and prints how it went: `PID` of the scoring process, then `done` or why not. */

const [worker = "", request = "", limit = ""] = process.argv.slice(2);
const client = new ScoringClient({ worker, log: () => undefined, hangMilliseconds: Number(limit) });
const { asked, settings } = JSON.parse(request) as { asked: unknown; settings: never };
let isSaid = false;
client
  .run(
    { kind: { format: "paramscope.analysis" }, asked, settings },
    {
      layer: () => {
        if (!isSaid) console.log(client.pid);
        isSaid = true;
      },
    },
  )
  .then(
    () => console.log("done"),
    (error: unknown) => console.log(String(error)),
  )
  .finally(() => client.dispose());
