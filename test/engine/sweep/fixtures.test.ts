import { describeAgreement } from "../support/agreement";
import { fixtureNames, fixturePath, fixtureReference } from "../support/reference";

for (const name of fixtureNames) describeAgreement(name, fixturePath(name), fixtureReference(name));
