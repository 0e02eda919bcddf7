import assert from "node:assert/strict";

import { describe, it } from "mocha";

import type { App } from "../../src/editor/app";
import type { AnalysisDocument } from "../../src/engine/document/document";
import type { ProfileState } from "../../src/pages/analysis";
import { FullProfile } from "../../src/views/full-profile";
import { emptyDocument } from "./documents";

const place = { layer: 0, matrix: "self_attn.q_proj" };

/** What is shown of a matrix whose sums the scoring process holds, or does not. */
async function shown(document: AnalysisDocument, held: { rows: number[]; columns: number[] } | null) {
  const states: ProfileState[] = [];
  const app = { scoring: { heldSums: () => Promise.resolve(held) }, log: { error: () => undefined } };
  const profile = new FullProfile(app as unknown as App, (state) => states.push(state));
  await profile.open(document, place.layer, place.matrix);
  return { states, profile };
}

describe("a full profile", () => {
  it("that is held is shown at once, and is gone with its result", async () => {
    const { states, profile } = await shown(emptyDocument, { rows: [1, 2], columns: [3] });
    assert.deepEqual(states, [{ ...place, phase: "done", rows: [1, 2], columns: [3] }]);
    profile.close();
    assert.equal(profile.state, undefined);
  });

  it("of a saved result whose model is not there says what it needs", async () => {
    const model = { ...emptyDocument.model, name: "lost", path: "/no/such/lost-model" };
    const { states } = await shown({ ...emptyDocument, model }, null);
    const last = states.at(-1);
    assert.equal(last?.phase, "error");
    assert.match(last.message, /needs the model lost, which is not at \/no\/such\/lost-model/);
    assert.match(last.remedy ?? "", /download it again/);
  });
});
