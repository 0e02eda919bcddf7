import { ParamscopeError } from "../errors";
import type { Model } from "../model/model";
import { groupsOf } from "./choose-units";
import type { Structure } from "./options";

/** @throws ParamscopeError naming what of a model cannot go, and what can. */
export function checkStructure(model: Model, structure: Structure): void {
  const { definition, checkpoint, name } = model;
  const isWrapped = definition.isWrapped === true || typeof checkpoint.config.text_config === "object";
  if (isWrapped)
    throw new ParamscopeError(
      `${name} reads more than text: what reads pictures or sounds would not fit what is left of it.`,
      "Use a model for text alone.",
    );
  if (definition.embedding.perLayer)
    throw new ParamscopeError(
      `Each layer of ${name} reads tokens for itself, and layers borrow keys and values of each other: none of it can go.`,
      "Use a model of another architecture.",
    );
  const isMixture = model.blocks.some(({ experts }) => experts.length > 0);
  if (structure === "neurons" && isMixture)
    throw new ParamscopeError(
      `The feed-forwards of ${name} are experts: they have neurons of their own, and which go is asked of whole experts.`,
      "Take out experts.",
    );
  if (structure === "experts" && Number(checkpoint.config.n_group ?? 1) > 1)
    throw new ParamscopeError(
      `The experts of ${name} stand in groups, of which its configuration says how many there are, and all are as large.`,
      "Take out layers or heads.",
    );
  if (structure === "heads" && JSON.stringify(checkpoint.config).includes('"long_factor"'))
    throw new ParamscopeError(
      `The positions of ${name} are stretched by factors for heads as wide as its number of heads has them (longrope): other programs refuse another number.`,
      "Take out layers or neurons.",
    );
  // transformers' OLMoE has norms of all queries together that are as wide as hidden states
  if (structure === "heads" && definition.modelType === "olmoe")
    throw new ParamscopeError(
      `The heads of ${name} are as wide together as its hidden states: its configuration has no other number for them.`,
      "Take out layers or experts.",
    );
  if (groupsOf(model, structure).some((count) => count !== undefined)) return;
  throw new ParamscopeError(
    structure === "experts"
      ? `${name} has no experts: its feed-forwards are no mixtures.`
      : `The ${structure} of ${name} cannot be told apart in its matrices (${model.architecture}).`,
    structure === "experts" ? "Take out layers, neurons or heads." : "Take out another structure.",
  );
}
