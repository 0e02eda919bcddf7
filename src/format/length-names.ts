import type { TextClassDescription } from "../engine/document/comparison";

export type Length = TextClassDescription["length"];

/** How texts of a length are called, `64 very short texts`. */
export const lengthNames: Readonly<Record<Length, string>> = { brief: "very short", short: "short", long: "long" };
