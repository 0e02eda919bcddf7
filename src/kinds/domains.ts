import type { DomainsDocument } from "../engine/document/document";
import { domainsByLayer, domainsTable } from "../format/result-table";
import type { ComparedDomains, FromDomainsView } from "../pages/domains";
import type { AskedOf, Parts } from "./asked";
import type { RunnableKind } from "./kind";

const asked = ({ asked, domain, notes, build }: Parts) =>
  asked.extend({
    /** The folders: of each at most so many texts as the setting `maxSamples` says. */
    domains: build.array(domain).readonly(),
    /** What was left out before. */
    notes,
  });

/** Folders of texts to be compared. */
export type AskedDomains = AskedOf<typeof asked>;

interface DomainsTypes {
  asked: AskedDomains;
  document: DomainsDocument;
  figure: "within" | "across";
  about: ComparedDomains;
  from: FromDomainsView;
  more: never;
}

/** Whether folders of texts activate other parameters. */
export const domainsKind: RunnableKind<DomainsTypes> = {
  format: "paramscope.domains",
  page: "domains",
  schema: async () => (await import("../engine/document/domains")).domainsDocument,
  heading: ({ domains }) => domains.map(({ name }) => name).join(", "),
  table: domainsTable,
  readable: domainsByLayer,
  async answer({ type }, _, host) {
    if (type !== "compareFolders") return false;
    await host.execute("compareFolders");
    return true;
  },
  run: {
    noun: "Domains",
    icon: "library",
    question: (title) => `Compare ${title}`,
    asked,
    figures: ["within", "across"],
    about: ({ domains }) => ({ domains: domains.map(({ name, texts }) => ({ name, texts: texts.length })) }),
    purpose: ({ target }) => target,
  },
};

/** How many names are said; of the others how many they are. */
const NAMED = 3;

/** `fiction, math and 2 more` */
export function domainsTitle(domains: readonly { readonly name: string }[]): string {
  const names = domains.map(({ name }) => name);
  if (names.length > NAMED + 1) return `${names.slice(0, NAMED).join(", ")} and ${names.length - NAMED} more`;
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
