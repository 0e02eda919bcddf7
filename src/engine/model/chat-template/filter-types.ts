import type { CallArguments, Value } from "./values";

/** What a filter or test may use besides its arguments. */
export interface FilterContext {
  filter(name: string, value: Value, given: CallArguments): Value;
  test(name: string, value: Value, given: CallArguments): boolean;
}

/** A filter: what is made of the value left of it, and of its arguments. @throws TemplateError */
export type Filter = (value: Value, given: CallArguments, context: FilterContext) => Value;

/** A test: whether the value left of it passes. @throws TemplateError */
export type Test = (value: Value, given: CallArguments) => boolean;
