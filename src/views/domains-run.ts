import type { DomainsDocument } from "../engine/document/document";
import type { DomainsParams } from "../scoring/protocol";
import type { ComparedDomains, FromDomainsView, StreamedDomainsLayer } from "../pages/domains";
import type { Asked, RunKind } from "./run-kind";

/** Folders of texts to be compared. */
export type AskedDomains = Asked & Omit<DomainsParams, "run" | "settings">;

export interface DomainsTypes {
  asked: AskedDomains;
  document: DomainsDocument;
  layer: StreamedDomainsLayer;
  about: ComparedDomains;
  done: object;
  more: never;
  from: FromDomainsView;
}

/** The run of folders of texts as domains. */
export const domainsRun: RunKind<DomainsTypes> = {
  format: "paramscope.domains",
  about: ({ domains }) => ({ domains: domains.map(({ name, texts }) => ({ name, texts: texts.length })) }),
  layer: ({ layer, within = 0, across = 0 }) => ({ layer, within, across }),
  done: {},
  estimate: (scoring, { domains, notes }, settings, ...run) =>
    scoring.estimate({ domains: { domains, notes }, settings }, ...run),
  compute: (scoring, { domains, notes }, settings, ...run) => scoring.domains({ domains, notes, settings }, ...run),
};

/** Names that are said; of the others how many they are. */
const NAMED = 3;

/** `fiction, math and 2 more` */
export function domainsTitle(domains: readonly { readonly name: string }[]): string {
  const names = domains.map(({ name }) => name);
  if (names.length > NAMED + 1) return `${names.slice(0, NAMED).join(", ")} and ${names.length - NAMED} more`;
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
