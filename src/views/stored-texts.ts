import * as z from "zod";

/* Texts, and where they are in the editor, in what the extension stores. */

export const text = z.object({ source: z.string(), text: z.string() });

export const origin = z.object({ source: z.string(), uri: z.string(), offset: z.number() });
