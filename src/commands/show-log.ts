import type { App } from "../views/app";

/** Shows what the extension and the scoring process have logged. */
export function showLog(app: App): void {
  app.log.show();
}
