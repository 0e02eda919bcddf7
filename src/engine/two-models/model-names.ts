import type { Model } from "../model/model";

/** A model's name beside another's: with the path where both have the same. */
export function nameBeside(model: Model, other: Model): string {
  return model.name === other.name ? `${model.name} (${model.checkpoint.path})` : model.name;
}
