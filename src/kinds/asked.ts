import type * as z from "zod";

import type * as parts from "./parts";

/** The schemas of what is asked for: read when something written is, and for their types. */
export type Parts = typeof parts;

type Of<Name extends keyof Parts> = Readonly<z.infer<Extract<Parts[Name], z.ZodType>>>;

/** What the user asked for, whatever the kind: all that another try needs. It is written to the storage while it runs. */
export type Asked = Of<"asked">;

/** A text, or several as one set, as it was when the user asked for it. */
export type Subject = Of<"subject">;

/** What is run as one set. */
export type TextSet = Of<"textSet">;

/** A text as the editor has it, saved or not. */
export type TextSource = Of<"text">;

/** Where a text stands in the editor. */
export type Origin = Of<"origin">;

/** A prompt; of an earlier result with its tokens, taken id for id in the place of its text. */
export type PromptSource = Of<"prompt">;

/** A folder of texts, under its name. */
export type DomainTexts = Of<"domain">;

/** The model of a result, by what its document says of it. */
export type ResultModel = Of<"model">;

/** What a kind's `asked` describes. */
export type AskedOf<Schema extends (parts: Parts) => z.ZodType> = Readonly<z.infer<ReturnType<Schema>>>;
