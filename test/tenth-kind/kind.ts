import * as z from "zod";

import { model, run } from "../../src/engine/document/shared";
import type { AskedOf, Parts } from "../../src/kinds/asked";
import type { RunnableKind } from "../../src/kinds/kind";
import type { CommonRequest } from "../../src/pages/run";

/* A kind of results as somebody adds one who knows the interface alone: how many tokens texts have, layer by layer, which is silly. */

const tokensDocument = z.looseObject({
  format: z.literal("paramscope.tokens"),
  version: z.literal(1),
  model,
  run,
  texts: z.array(z.looseObject({ source: z.string(), tokens: z.int().min(0) })),
});

export type TokensDocument = z.infer<typeof tokensDocument>;

const asked = (parts: Parts) => parts.asked.extend(parts.textSet.shape).extend({ step: parts.build.number() });

export type AskedTokens = AskedOf<typeof asked>;

interface TokensTypes {
  asked: AskedTokens;
  document: TokensDocument;
  figure: "counted";
  about: { readonly texts: number };
  from: CommonRequest | { readonly type: "runAgain"; readonly step: number };
  more: never;
}

function tokensTable({ texts }: TokensDocument) {
  return {
    name: "Table of texts",
    columns: [{ title: "text" }, { title: "tokens" }],
    rows: texts.map(({ source, tokens }) => [source, tokens]),
  };
}

export const tokensKind: RunnableKind<TokensTypes> = {
  format: "paramscope.tokens",
  page: "tokens",
  schema: () => Promise.resolve(tokensDocument),
  heading: ({ texts }) => `${texts.length} texts`,
  table: tokensTable,
  readable: tokensTable,
  run: {
    noun: "Tokens",
    icon: "symbol-string",
    question: (title) => `Count the tokens of ${title}`,
    asked,
    figures: ["counted"],
    about: ({ texts }) => ({ texts: texts.length }),
    purpose: () => "tokens",
    askedOf: ({ texts }, of) => ({
      ...of,
      texts: texts.map(({ source }) => ({ source, text: source })),
      notes: [],
      step: 1,
    }),
    again: (asked, { step }) => ({ ...asked, step }),
  },
};
