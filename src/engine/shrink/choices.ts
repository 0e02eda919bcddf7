import { ParamscopeError } from "../errors";
import type { Model } from "../model/model";
import { groupsOf } from "./choose-units";
import { STRUCTURES, type Structure, type StructureChoice } from "./options";
import { leastLeft, oneCount } from "./prepare";
import { checkStructure } from "./refusals";

/** What can be taken out of a model, and why the rest cannot. A share that a configuration cannot say is refused by the run alone. */
export function shrinkChoices(model: Model): StructureChoice[] {
  return STRUCTURES.map((structure) => choiceOf(model, structure));
}

function choiceOf(model: Model, structure: Structure): StructureChoice {
  try {
    checkStructure(model, structure);
    const of = oneCount(model, structure, groupsOf(model, structure));
    const least = leastLeft(model, structure);
    if (of > least) return { structure, of, most: of - least };
    return { structure, refusal: `${model.name} has no more ${structure} than it needs: ${of}.` };
  } catch (error) {
    if (error instanceof ParamscopeError) return { structure, refusal: error.message };
    throw error;
  }
}
