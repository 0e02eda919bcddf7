import { describe, inject } from "vitest";
import { describeAgreement } from "../engine/support/agreement";
import { readReference } from "../engine/support/reference";

const path = inject("smollm2");

describe.skipIf(path === "")("a real model", () => {
  describeAgreement("SmolLM2-135M-Instruct", path, readReference("reference/smollm2-135m.json"), { threads: 2 });
});
