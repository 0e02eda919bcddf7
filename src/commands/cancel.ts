import type { App } from "../views/app";

/** Ends what is running or waiting. */
export function cancel(app: App): void {
  app.status.cancelAll();
}
