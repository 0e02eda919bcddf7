import { ParamscopeError } from "../../errors";
import { quote } from "../formats/quote";

/** The address of the Hugging Face Hub, unless another is given. */
export const huggingFace = "https://huggingface.co";

/** The hub that models are downloaded from, and the token that it is asked with. */
export interface HubSettings {
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly token: string | undefined;
}

/** What `HF_ENDPOINT` and `HF_TOKEN` say, as in Hugging Face's own tools. @throws ParamscopeError when it is unusable. */
export function hubSettings(environment: Readonly<Record<string, string | undefined>>): HubSettings {
  const { HF_ENDPOINT = "", HF_TOKEN } = environment;
  return { endpoint: checkEndpoint(HF_ENDPOINT === "" ? huggingFace : HF_ENDPOINT), token: checkToken(HF_TOKEN) };
}

/** @throws ParamscopeError when it is no http(s) address. */
export function checkEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new ParamscopeError(
      `${quote(text)} is no address of a Hugging Face Hub.`,
      `Set HF_ENDPOINT to an address such as ${huggingFace}, or remove it.`,
    );
  }
  return text.replace(/\/+$/, "");
}

/** A token is sent as a header, so it must be one word. The message never shows it. */
export function checkToken(text: string | undefined): string | undefined {
  const token = text?.trim();
  if (!token) return undefined;
  if (/^[\x21-\x7E]+$/.test(token)) return token;
  throw new ParamscopeError(
    "The Hugging Face token holds characters that no token has.",
    "Set HF_TOKEN to a token as it stands on the page of your tokens.",
  );
}
