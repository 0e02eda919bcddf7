import { setImmediate } from "node:timers/promises";

import * as z from "zod";

/** The first thing that is wrong with a document, and where. */
export interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A document that is read takes turns of the process's loop, which others share: no turn of more than twice that. */
const TURN_MILLISECONDS = 10;
/** So many numbers or strings of a list are looked at at once. */
const CHUNK = 512;

type Checked = { readonly value: unknown } | { readonly issue: Issue };

/**
 * Holds a value against a schema, as the schema's own `parse` does, with two differences: it stops at the first issue, where a small file may
 * have a million of them, and it lets others have their turn.
 */
export async function validate(schema: z.core.$ZodType, value: unknown): Promise<Checked> {
  return await new Validation().check(schema, value, []);
}

class Validation {
  #turn = performance.now();
  readonly #lengths = new Map<z.ZodArray, z.core.$ZodType | undefined>();

  async check(schema: z.core.$ZodType, value: unknown, path: readonly PropertyKey[]): Promise<Checked> {
    if (schema instanceof z.ZodPipe && schema.in instanceof z.ZodTransform)
      return await this.check(schema.out, await z.parseAsync(schema.in, value), path);
    if (schema instanceof z.ZodOptional && value !== undefined) return await this.check(schema.unwrap(), value, path);
    if (schema instanceof z.ZodNullable && value !== null) return await this.check(schema.unwrap(), value, path);
    const parts = await this.#parts(schema, value, path);
    if (parts === undefined) return whole(schema, value, path);
    return "value" in parts && hasChecks(schema) && !(schema instanceof z.ZodArray)
      ? whole(schema, value, path)
      : parts;
  }

  async #parts(schema: z.core.$ZodType, value: unknown, path: readonly PropertyKey[]): Promise<Checked | undefined> {
    if (schema instanceof z.ZodArray && Array.isArray(value)) return await this.#array(schema, value, path);
    if (schema instanceof z.ZodObject && isRecord(value)) return await this.#object(schema, value, path);
    return undefined;
  }

  async #array(schema: z.ZodArray, values: readonly unknown[], path: readonly PropertyKey[]): Promise<Checked> {
    const length = this.#lengthOf(schema);
    const fitting = length && whole(length, values, path);
    if (fitting && "issue" in fitting) return fitting;
    const read: unknown[] = [];
    const element = schema.element;
    const isList = element instanceof z.ZodObject || element instanceof z.ZodArray;
    for (let from = 0; from < values.length; from += isList ? 1 : CHUNK) {
      await this.#pause();
      const checked = isList
        ? await this.check(element, values[from], [...path, from])
        : whole(listOf(element), values.slice(from, from + CHUNK), path, from);
      if ("issue" in checked) return checked;
      if (isList) read.push(checked.value);
      else read.push(...(checked.value as unknown[]));
    }
    return { value: read };
  }

  /** What is asked of a list as a whole, its length, without its elements, which have their turns; undefined: nothing. */
  #lengthOf(schema: z.ZodArray): z.core.$ZodType | undefined {
    const checks = schema._zod.def.checks;
    if (!checks?.length) return undefined;
    const length = this.#lengths.get(schema) ?? z.custom<unknown[]>(Array.isArray).check(...(checks as never[]));
    this.#lengths.set(schema, length);
    return length;
  }

  async #object(
    schema: z.ZodObject,
    value: Readonly<Record<string, unknown>>,
    path: readonly PropertyKey[],
  ): Promise<Checked> {
    const read: Record<string, unknown> = { ...value };
    const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
    for (const [key, field] of Object.entries(shape)) {
      const own = Object.hasOwn(value, key) ? value[key] : undefined;
      const checked = await this.check(field, own, [...path, key]);
      if ("issue" in checked) return checked;
      if (checked.value !== undefined || key in read) read[key] = checked.value;
    }
    return { value: read };
  }

  async #pause(): Promise<void> {
    if (performance.now() - this.#turn < TURN_MILLISECONDS) return;
    await setImmediate();
    this.#turn = performance.now();
  }
}

/** A list of such values, of any length. */
function listOf(element: z.core.$ZodType): z.core.$ZodType {
  return z.array(element);
}

/** By the schema itself; `from` is where a part of a list begins. */
function whole(schema: z.core.$ZodType, value: unknown, path: readonly PropertyKey[], from = 0): Checked {
  const result = z.safeParse(schema, value);
  if (result.success) return { value: result.data };
  const [first] = result.error.issues;
  const [index, ...rest] = first?.path ?? [];
  const inside = typeof index === "number" ? [index + from, ...rest] : (first?.path ?? []);
  return { issue: { path: [...path, ...inside], message: first?.message ?? "Invalid input" } };
}

function hasChecks({ _zod: { def } }: z.core.$ZodType): boolean {
  return (def.checks?.length ?? 0) > 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
