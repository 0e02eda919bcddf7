import type { TemplateResult } from "lit";
import type { RunMessage } from "../../src/pages/run";
import { followRun, type Phase, type States } from "./follow-run";
import { ResultApp } from "./result-app";
import type { ResultView } from "./result-panel";
import { interruptedMessage } from "./run-messages";
import type { Around } from "./run-page";

export type { Phase };

/** The view of a run, from its start to its result: follows the extension's messages and shows the phase that it is in. */
export abstract class RunApp<
  State extends States,
  Layer,
  To extends { readonly type: string },
  From extends { readonly type: string },
  View extends Pick<ResultView, "result" | "scroll">,
> extends ResultApp<State, To | RunMessage<State, Layer>, From, View> {
  protected abstract empty(): TemplateResult;
  protected abstract running(state: Phase<State, "running">): TemplateResult;
  protected abstract cancelled(state: Phase<State, "cancelled">): TemplateResult;

  /** What the layers that are there are drawn with, standing on one of them. */
  protected around(at: number, onMove: (layer: number) => void): Around {
    return { post: this.post, width: this.width, at, onMove };
  }

  protected override follow(state: State | undefined, message: To | RunMessage<State, Layer>): State | undefined {
    return followRun(state, message as RunMessage<State, Layer>);
  }

  protected override contentOf(state: State): TemplateResult | undefined {
    switch (state.phase) {
      case "empty":
        return this.empty();
      case "running":
        return this.running(state as Phase<State, "running">);
      case "cancelled":
        return this.cancelled(state as Phase<State, "cancelled">);
      case "interrupted":
        return interruptedMessage(state, this.post);
      default:
        return super.contentOf(state);
    }
  }
}
