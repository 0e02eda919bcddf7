import { ParamscopeError } from "../../errors";
import { quote } from "../formats/quote";

/** As many as fetch follows. */
const mostRedirections = 20;

interface Hop {
  readonly headers: Headers;
  readonly signal?: AbortSignal | null;
}

/**
 * The answer to a question to a server, wherever it sends us on to: over https, or over http where that was asked for itself.
 * @throws ParamscopeError where it sends us elsewhere, to a file of this machine perhaps; what `ask` throws.
 */
export async function followed(ask: typeof fetch, from: URL, { headers, signal = null }: Hop): Promise<Response> {
  let url = from;
  for (let hop = 0; hop <= mostRedirections; hop++) {
    const response = await ask(url, { headers, signal, redirect: "manual" });
    const location = response.headers.get("location");
    if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) return response;
    await response.body?.cancel();
    const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
    if (next === undefined || !["https:", from.protocol].includes(next.protocol)) throw refused(from, location);
    // The token is for the Hub alone.
    if (next.origin !== url.origin) headers.delete("authorization");
    url = next;
  }
  throw refused(from, `more than ${mostRedirections} places`);
}

function refused({ host }: URL, place: string): ParamscopeError {
  return new ParamscopeError(
    `${host} sends the download on to ${quote(place)}, where it does not go.`,
    "Check HF_ENDPOINT, and that no login page of your network is in between.",
  );
}
