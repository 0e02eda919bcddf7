import type { ParamscopeError, SettingName } from "../engine/errors";

/** What a front end calls what a user can choose; undefined where it asks for it in its own way. */
export type SettingNames = Readonly<Record<SettingName, string | undefined>>;

/** A remedy with what it speaks of by the names that it has there: `Take a smaller window (--window).` */
export function namedRemedy(
  { remedy, settings }: Pick<ParamscopeError, "remedy" | "settings">,
  names: SettingNames,
): string | undefined {
  const named = settings.flatMap((setting) => names[setting] ?? []);
  if (remedy === undefined || named.length === 0) return remedy;
  return `${remedy.replace(/\.$/, "")} (${named.join(", ")}).`;
}
