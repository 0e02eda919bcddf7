import { PyDict } from "./dict";
import { PyList, type Value } from "./values";

/** What JSON can hold; of its numbers those without a fraction become ints, as those of messages are. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** A value of JSON as a template sees it. */
export function toValue(json: Json): Value {
  if (typeof json === "number") return Number.isInteger(json) ? BigInt(json) : json;
  if (json === null || typeof json !== "object") return json;
  if (isList(json)) return new PyList(json.map(toValue));
  return new PyDict(Object.entries(json).map(([key, value]) => [key, toValue(value)]));
}

function isList(json: readonly Json[] | JsonObject): json is readonly Json[] {
  return Array.isArray(json);
}
