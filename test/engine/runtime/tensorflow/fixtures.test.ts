import { describe } from "vitest";
import { describeAgreement } from "../../support/agreement";
import { fixtureNames, fixturePath, fixtureReference } from "../../support/reference";
import { tensorflows } from "../../support/runtimes";

describe.each(tensorflows)("%s", (_, wish) => {
  for (const name of fixtureNames)
    describeAgreement(name, fixturePath(name), fixtureReference(name), { ...wish, threads: 1 });
});
