import { formatCount, formatDuration } from "../../src/format/numbers";
import type { RunProgress } from "../../src/pages/run";

/** Progress in words: `Backward, layer 12 of 30 · 3 s left` */
export function progressText(progress: RunProgress): string {
  const words = phaseText(progress);
  if (progress.of === undefined) return words;
  if (progress.of === "positions") return `Every position by itself: ${decapitalized(words)}`;
  return `Measuring ${progress.of}, once for this model: ${decapitalized(words)}`;
}

const decapitalized = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1);

function phaseText({ phase, done, layers, secondsLeft }: RunProgress): string {
  const left = secondsLeft === undefined ? "" : ` · ${formatDuration(secondsLeft)} left`;
  switch (phase) {
    case "queued":
      return "Queued: another run is under way";
    case "starting":
      return `Starting the model${left}`;
    case "forward":
      return `Reading the text, layer ${formatCount(done)} of ${formatCount(layers)}${left}`;
    case "head":
      return `Predicting the next token${left}`;
    case "prune":
      return `Pruning, layer ${formatCount(done)} of ${formatCount(layers)}${left}`;
    case "evaluate":
      return `Measuring perplexity, layer ${formatCount(done)} of ${formatCount(layers)}${left}`;
    case "continue":
      return `Continuing the prompt, token ${formatCount(done)} of ${formatCount(layers)}${left}`;
    case "answer":
      return `Answering questions, ${formatCount(done)} of ${formatCount(layers)}${left}`;
    case "write":
      return `Writing the model${left}`;
    case "patch":
      return `Patching, layer ${formatCount(done)} of ${formatCount(layers)}${left}`;
    case "backward":
      return `Scoring weights, layer ${formatCount(done)} of ${formatCount(layers)}${left}`;
  }
}
