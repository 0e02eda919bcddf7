import type { PatchingRequest } from "../api";
import { ParamscopeError } from "../errors";
import { quoteText } from "../model/formats/quote";
import type { Tokenizer } from "../model/tokenizer/tokenizer";
import { elementAt } from "../numbers/elements";
import type { Text } from "../text/text";
import { firstWindows } from "../text/form-samples";
import type { Sample } from "../text/sample";

/** The most tokens of a prompt that are listed where its tokenization is shown. */
const LISTED = 60;

/**
 * The prompts A and B as the model reads them.
 * @throws ParamscopeError when one is too long, or they have not equally many tokens.
 */
export function promptSamples(request: PatchingRequest): readonly [Sample, Sample] {
  const [a, b] = [sampleOf(request.a, request), sampleOf(request.b, request)];
  if (a.ids.length !== b.ids.length)
    throw new ParamscopeError(
      `The prompts must have equally many tokens.\n${tokenizations([a, b], request.model.tokenizer)}`,
      "Change one so that token answers token.",
    );
  return [a, b];
}

/** The prompts token by token: what has to be changed is seen there. */
export function tokenizations([a, b]: readonly [Sample, Sample], tokenizer: Tokenizer): string {
  return [of("A", a), of("B", b)].join("\n");

  function of(letter: string, { ids }: Sample): string {
    const listed = Array.from(ids.subarray(0, LISTED), (id) => quoteText(tokenizer.tokenText(id))).join(" ");
    const rest = ids.length > LISTED ? `, and ${ids.length - LISTED} more` : "";
    return `${letter} has ${ids.length}: ${listed}${rest}`;
  }
}

function sampleOf(prompt: Text | Sample, { model, chat }: PatchingRequest): Sample {
  if ("ids" in prompt) return prompt;
  const { context } = model;
  const { samples, cut } = firstWindows([prompt], model.tokenizer, { window: context, context, chat });
  if (cut > 0)
    throw new ParamscopeError(
      `${prompt.source} is longer than the ${context} tokens that the model reads.`,
      "Give a shorter prompt.",
    );
  return elementAt(samples, 0);
}
