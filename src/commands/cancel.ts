import type { App } from "../editor/app";

/** Ends what is running or waiting. */
export function cancel(app: App): void {
  app.status.cancelAll();
}
