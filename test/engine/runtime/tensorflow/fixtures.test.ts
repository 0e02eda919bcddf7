import { describe } from "vitest";
import { describeAgreement } from "../../support/agreement";
import { kindsOfFixtures, fixturePath, fixtureReference } from "../../support/reference";
import { tensorflows } from "../../support/runtimes";

describe.each(tensorflows)("%s", (_, wish) => {
  for (const name of kindsOfFixtures)
    describeAgreement(name, fixturePath(name), fixtureReference(name), { ...wish, threads: 1 });
});
