import type { Filter } from "./filter-types";
import { numberFilters } from "./number-filters";
import { selectFilters } from "./select-filters";
import { sequenceFilters } from "./sequence-filters";
import { textFilters } from "./text-filters";

/** Filters that Jinja has and that are refused by name: they are random, for HTML pages, or for debugging. */
export const refusedFilters: ReadonlySet<string> = new Set(["random", "pprint", "striptags", "urlize"]);

/** Jinja's filters, by name; `tojson` as transformers replaces it. */
export const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ...Object.entries(textFilters),
  ...Object.entries(numberFilters),
  ...Object.entries(sequenceFilters),
  ...Object.entries(selectFilters),
  ["d", sequenceFilters.default],
  ["e", textFilters.escape],
]);
