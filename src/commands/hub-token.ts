import type { App } from "../views/app";
import { ParamscopeError } from "../engine/errors";
import { checkToken } from "../engine/model/hub/settings";
import { askForLine, showStatusMessage } from "../editor/said";

/** Asks for a Hugging Face token and keeps it where the editor keeps secrets; whether there is one now. */
export async function setHubToken(app: App): Promise<boolean> {
  const token = await askForLine({
    title: "Hugging Face token",
    prompt: "From huggingface.co/settings/tokens, with the right to read. It is kept in the editor's secret storage.",
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => {
      try {
        checkToken(text);
        return undefined;
      } catch (error) {
        if (error instanceof ParamscopeError) return error.message;
        throw error;
      }
    },
  });
  if (!token?.trim()) return false;
  await app.hub.setToken(token);
  showStatusMessage("The Hugging Face token is kept.", 5000);
  return true;
}

/** Deletes the token that was set. */
export async function forgetHubToken(app: App): Promise<void> {
  const had = await app.hub.hasToken();
  await app.hub.forgetToken();
  const text = had ? "The Hugging Face token was deleted." : "There is no Hugging Face token to forget.";
  showStatusMessage(text, 5000);
}
