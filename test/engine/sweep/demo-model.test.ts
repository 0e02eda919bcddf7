import { describeAgreement } from "../support/agreement";
import { demoModel, readReference } from "../support/reference";

describeAgreement("the bundled model", demoModel, readReference("reference/demo.json"));
