import type {
  AnalysisDocument,
  BitsDocument,
  CalibrationDocument,
  ComparisonDocument,
  DomainsDocument,
  FrequencyDocument,
  ModelsDocument,
  NeuronsDocument,
  PairsDocument,
  PatchingDocument,
  PruningDocument,
  ShrinkDocument,
} from "./document/document";
import type { AblatedPlace, AblationDocument } from "./document/ablation";
import type { DeepLayers } from "./compare/deep-layers";
import type { Model } from "./model/model";
import type { NamedImatrix } from "./quantize/imatrix/merge";
import type { KnownCosts } from "./quantize/known-costs";
import type { FormatName, SizeWish, Way } from "./quantize/options";
import type { DenseResults } from "./prune/dense-results";
import type { PruneAllocation, PruneCriterion, PrunePattern } from "./prune/options";
import type { KnownScores } from "./shrink/known-scores";
import type { ShrinkAmount, ShrinkWay, Structure } from "./shrink/options";
import type { Tasks } from "./tasks/read-tasks";
import type { OtherTexts, SweepPhase } from "./run/phases";
import type { RuntimeWish } from "./runtime/runtime";
import type { Target } from "./sweep/target";
import type { MatrixPlace, MatrixScores } from "./sweep/reducers/kept-scores";
import type { Text } from "./text/text";
import type { Sample, SampleSet } from "./text/sample";
import type { TypicalTexts } from "./typical/typical-texts";
import type { UnrelatedTexts } from "./unrelated/unrelated-texts";

export type * from "./prune/options";
export type * from "./quantize/options";
export type * from "./shrink/options";
export type * from "./run/phases";
export type { MatrixPlace, MatrixScores } from "./sweep/reducers/kept-scores";
export type { DeepLayers, Model, RuntimeWish, Target, TypicalTexts, UnrelatedTexts };

export type Threshold =
  { readonly mode: "share"; readonly share: number } | { readonly mode: "absolute"; readonly tau: number };

export interface RunOptions extends RuntimeWish {
  readonly model: Model;
  readonly target: Target;
  /** Upper bound on resident memory in bytes; undefined: what the machine has to spare. */
  readonly memory?: number;
  readonly signal?: AbortSignal;
  /** The layers that a relevance is the mean of; undefined: the deepest quarter, less the last two. */
  readonly deep?: DeepLayers;
}

export interface AnalyzeRequest extends RunOptions {
  readonly set: SampleSet;
  readonly threshold: Threshold;
  /** Also form the frequency of every parameter in the samples' top sets. */
  readonly frequency?: boolean;
  /** What the texts are held against, to say what is unusual of them. */
  readonly typical?: TypicalWish;
  /** Whether the document shall have its matrices as pictures; it has them unless this is false, where nobody will see them. */
  readonly pictures?: boolean;
  /** The matrix of which every activation is wanted. */
  readonly scoresOf?: MatrixPlace;
  /** Also the same for the beginnings of the first sample, one for each of its tokens. */
  readonly positions?: PositionsWish;
}

export interface PositionsWish {
  /** The token of the sample around which its beginnings end, where there are more of them than are measured; undefined: the first ones. */
  readonly around?: number;
}

export interface TypicalWish {
  readonly texts: TypicalTexts;
  /** What is not known yet is measured where that takes at most so many seconds; undefined: whatever it takes. */
  readonly seconds?: number;
}

export interface CompareRequest extends RunOptions {
  readonly a: { readonly name: string; readonly set: SampleSet };
  readonly b: { readonly name: string; readonly set: SampleSet };
  /** The share of a matrix that its top set holds. */
  readonly share: number;
  /** Stands around every text, with `{text}` in its place; null: nothing; undefined: what fits, see `framedSides`. */
  readonly template?: string | null;
  /**
   * Unrelated texts: what all texts have in common is taken from their mean (contrast similarity), and how alike they are
   * among themselves is the yardstick. undefined: neither.
   */
  readonly unrelated?: UnrelatedTexts;
}

/** The same texts run through two models. */
export interface TwoModelsRequest extends RunOptions {
  /** What `model` is compared with: tuned, quantized or pruned, of the same structure and tokenizer. */
  readonly other: Model;
  /** As the first model's tokenizer cuts it. */
  readonly set: SampleSet;
  /** The share of a matrix that its top set holds. */
  readonly share: number;
  /** Where the bootstraps' random choices start. */
  readonly seed: number;
}

/** Two sentences, and how alike people find them. */
export interface SentencePair {
  readonly a: string;
  readonly b: string;
  readonly score: number;
}

export interface PairsRequest extends RunOptions {
  readonly pairs: readonly SentencePair[];
  /** How the user knows where they come from. */
  readonly source: string;
  /** What is put around each sentence, with `{text}` where it stands. */
  readonly template?: string;
  /** Also form contrast similarity: the run then takes nearly three times as long. */
  readonly contrast: boolean;
  /** The most ids of a sentence; of a longer one the first are taken. */
  readonly window: number;
  /** Where the bootstrap's random choices start. */
  readonly seed: number;
  readonly resume?: ResumePlace;
  /** What was left out before, to be said in the result. */
  readonly notes?: readonly string[];
}

/**
 * What keeps how far a run is, so that the same run goes on from there: a file, written after every layer; or a folder with a
 * file for each run, written now and then, which nobody needs to know of.
 */
export type ResumePlace = string | { readonly folder: string };

/** A kind of texts: a folder, a language. */
export interface Domain {
  readonly name: string;
  readonly texts: readonly Text[];
}

export interface DomainsRequest extends RunOptions {
  readonly domains: readonly Domain[];
  /** The most texts of a domain; of more, evenly spaced ones are taken. */
  readonly maxTexts: number;
  /** The most ids of a text; of a longer one the first are taken. */
  readonly window: number;
  /** By which the density of each domain is measured. */
  readonly share: number;
  readonly contrast: boolean;
  /** Where the random choices of the permutation test start. */
  readonly seed: number;
  readonly resume?: ResumePlace;
  readonly notes?: readonly string[];
}

/** Where activations are patched: the residual stream behind a block, or what one of its branches adds to it. */
export type PatchingSite = "residual" | "attention" | "mlp";

export interface PatchingRequest extends Omit<RunOptions, "target"> {
  /** Samples are taken id for id. */
  readonly a: Text | Sample;
  readonly b: Text | Sample;
  readonly site: PatchingSite;
  /** The answers of A and of B, each the text of one token; undefined: the likeliest next tokens. */
  readonly answers?: readonly [string, string];
  readonly chat?: boolean;
}

/** A prediction, and the head or the neuron that it is to do without. */
export interface AblationRequest extends Omit<RunOptions, "target"> {
  /** What the model reads; the prediction is that behind its last token. */
  readonly ids: Int32Array;
  /** The token whose probability is told; undefined: the likeliest. */
  readonly token?: number;
  readonly place: AblatedPlace;
}

export interface NeuronsRequest extends Omit<RunOptions, "target"> {
  readonly set: SampleSet;
}

/** How a model is pruned, whatever the texts. */
export interface PruneMethod {
  /** The share of the scored parameters to remove, 0 … 0.95; with a pattern what that removes. */
  readonly sparsity: number;
  readonly criterion: PruneCriterion;
  readonly allocation: PruneAllocation;
  /** How far the layers' sparsities may lie from their mean, where an allocation reckons them. */
  readonly strength?: number;
  /** With the allocation `given`: for each layer how much of it goes, shifted so that all together lose `sparsity`. */
  readonly sparsities?: readonly number[];
  readonly pattern?: PrunePattern;
  /** The strongest share of all parameters that counts as active where densities are measured. */
  readonly share: number;
}

export interface PruneRequest extends RunOptions, PruneMethod {
  /**
   * Of each text the first `window` ids are taken; samples are taken id for id. None are needed for magnitude, unless densities
   * must be measured.
   */
  readonly calibration: readonly (Text | Sample)[];
  readonly window: number;
  /** Per layer, where they are known from an analysis of the calibration texts. */
  readonly densities?: readonly number[];
  /**
   * Measures perplexity on the first `windows` windows of a text, dense and pruned; with `even` also where every layer loses the same
   * share, if they do not already.
   */
  readonly evaluation?: { readonly text: Text; readonly windows: number; readonly even?: boolean };
  /** Has both models answer questions. */
  readonly tasks?: AskedTasks;
  /** Also lets both models continue this text. */
  readonly prompt?: string;
  /** Writes the pruned model, and which weights went. */
  readonly exportTo?: ExportTarget;
  readonly masksTo?: ExportTarget;
  readonly notes?: readonly string[];
  /** What earlier runs know of the dense model: it is used, and what this one comes to know is kept there. */
  readonly dense?: DenseResults;
}

/** What texts are worth as calibration. */
interface CalibrationOptions extends RunOptions, PruneMethod {
  /** The most ids of a text: of each text of a calibration the first are taken, and perplexity is measured on windows of so many. */
  readonly window: number;
  /** The most texts of a domain; of more, evenly spaced ones are taken. */
  readonly maxTexts: number;
  /** The most windows of a domain's held-out texts, evenly spaced. */
  readonly windows: number;
  readonly notes?: readonly string[];
}

export interface CalibrationStudyRequest extends CalibrationOptions {
  readonly domains: readonly Domain[];
}

export interface CalibrationChoiceRequest extends CalibrationOptions {
  /** What the pruned model is for. */
  readonly domain: Domain;
  /** Texts of any kind to choose from. */
  readonly pool: Domain;
  /** How many of the pool are chosen. */
  readonly choose: number;
  /** Where the random choices begin that the chosen texts are compared with. */
  readonly seed: number;
}

/** A model whose matrices are to be stored in formats of GGUF files, one for each, within a size. */
export interface QuantizeRequest extends Omit<RunOptions, "target"> {
  /** The texts that the choice is made with. */
  readonly set: SampleSet;
  readonly by: Way;
  readonly size: SizeWish;
  /** Formats that the choice is among; undefined: the usual ones. */
  readonly formats?: readonly FormatName[];
  /** llama.cpp's importance matrix, and what it is called; undefined: how much columns count is measured with the texts. */
  readonly imatrix?: NamedImatrix;
  /** Measures what it costs on the first `windows` windows, of at most `window` ids each, of a text that has no say in the choice. */
  readonly evaluation?: { readonly text: Text; readonly windows: number; readonly window: number };
  /** Measures the same of other ways and sizes, in bits of a weight. */
  readonly compared?: { readonly ways: readonly Way[]; readonly bits: readonly number[] };
  /** Has both models answer questions. */
  readonly tasks?: AskedTasks;
  /** Also lets both models continue this text. */
  readonly prompt?: string;
  /** Writes the quantised model as a GGUF file; `force` replaces what is there. */
  readonly exportTo?: WrittenFile;
  /** Writes what llama-quantize takes to make the same file: the types of tensors, and the importance of their columns. */
  readonly recipeTo?: { readonly types: WrittenFile; readonly imatrix: WrittenFile };
  readonly notes?: readonly string[];
  /** What earlier runs know of the costs of rounding: it is used, and what this one comes to know is kept there. */
  readonly known?: KnownCosts;
}

/** A model that is to lose layers, neurons, heads or experts wholly. */
export interface ShrinkRequest extends RunOptions {
  /** The texts that the choice is made with. */
  readonly set: SampleSet;
  readonly structure: Structure;
  readonly amount: ShrinkAmount;
  readonly by: ShrinkWay;
  /** How often is measured, each time without what is gone already; undefined: for each layer, and four times else. */
  readonly steps?: number;
  readonly seed: number;
  /** Measures what it costs on the first `windows` windows, of at most `window` ids each, of a text that has no say in the choice. */
  readonly evaluation?: { readonly text: Text; readonly windows: number; readonly window: number };
  /** Other ways by which as much is taken out, and measured on the same windows. */
  readonly compared?: readonly ShrinkWay[];
  /** Other amounts, of which each is measured on the same windows by all these ways. */
  readonly curve?: readonly ShrinkAmount[];
  /** Has both models answer questions. */
  readonly tasks?: AskedTasks;
  /** Also lets both models continue this text. */
  readonly prompt?: string;
  /** Writes the shrunk model as transformers loads it, and as a GGUF file. */
  readonly exportTo?: ExportTarget;
  readonly ggufTo?: WrittenFile;
  /** What earlier runs with the same texts have measured; what this one measures is kept there. */
  readonly known?: KnownScores;
  readonly notes?: readonly string[];
}

/** Questions with choices, and how the user knows them. */
export interface AskedTasks extends Tasks {
  readonly source: string;
  /** Asks in random order, and no longer when one model is certainly the better. */
  readonly untilDecided?: boolean;
}

/** A file to be written; `force` replaces what is there. */
export interface WrittenFile {
  readonly file: string;
  readonly force: boolean;
}

export interface QuantizeResult {
  readonly document: BitsDocument;
  readonly profile: Profile;
}

export interface ShrinkResult {
  readonly document: ShrinkDocument;
  readonly profile: Profile;
}

/** Where files go, and whether what an earlier export wrote there may be replaced. */
export interface ExportTarget {
  readonly folder: string;
  readonly force: boolean;
}

/** A layer that is final: deepest first, of pruning shallowest first. */
export interface LayerDone {
  readonly layer: number;
  /** How many layers there are. */
  readonly layers: number;
  readonly parameters: number;
  /**
   * What is known of it, by name. analyze: `meanActivation` (sum / parameters). compare: `similarity`, `overlap`; of two models
   * `change` too, `‖ΔW‖/‖W‖`. domains: mean
   * similarity of two texts of one domain, `within`, and of two, `across`. pairs: `spearman`, rho of the layer's similarity
   * and the human scores. prune: `sparsity`, the share of the layer's parameters that is 0, and the `density` that drives it.
   */
  readonly figures: LayerFigures;
}

export type LayerFigures = Readonly<Record<string, number>>;

export type RunEvent<Result, Phase = SweepPhase> =
  | {
      readonly type: "progress";
      /** What is swept where it is not the texts of the request: the yardstick's. */
      readonly of?: OtherTexts;
      /** The texts that are tried as calibration, where there are several sets. */
      readonly calibration?: string;
      readonly phase: Phase;
      /** Blocks done in this phase. */
      readonly done: number;
      readonly layers: number;
      /** Share of the whole run that is done, 0 … 1. */
      readonly share: number;
      readonly secondsLeft: number | undefined;
    }
  | ({ readonly type: "layer" } & LayerDone)
  | { readonly type: "done"; readonly result: Result };

/** Where the time went, in seconds, by name of the part (`--profile`). */
export type Profile = ReadonlyMap<string, number>;

/** Sums of a matrix's activations along every row and every column; a document has them in at most 256 bins. */
export interface MatrixSums {
  readonly rows: Float64Array;
  readonly columns: Float64Array;
}

/** Per layer, by the matrix's name. */
export type LayerSums = readonly ReadonlyMap<string, MatrixSums>[];

export interface AnalyzeResult {
  readonly document: AnalysisDocument;
  readonly frequency: FrequencyDocument | undefined;
  readonly sums: LayerSums;
  /** Where they were asked for, and there is such a matrix. */
  readonly scores: MatrixScores | undefined;
  readonly profile: Profile;
}

export interface CompareResult {
  readonly document: ComparisonDocument;
  readonly profile: Profile;
}

export interface TwoModelsResult {
  readonly document: ModelsDocument;
  readonly profile: Profile;
}

export interface DomainsResult {
  readonly document: DomainsDocument;
  readonly profile: Profile;
}

export interface PatchingResult {
  readonly document: PatchingDocument;
  readonly profile: Profile;
}

export interface AblationResult {
  readonly document: AblationDocument;
  readonly profile: Profile;
}

export interface NeuronsResult {
  readonly document: NeuronsDocument;
  readonly profile: Profile;
}

export interface PruneResult {
  readonly document: PruningDocument;
  readonly profile: Profile;
}

export interface CalibrationResult {
  readonly document: CalibrationDocument;
  readonly profile: Profile;
}

export interface PairsResult {
  readonly document: PairsDocument;
  readonly profile: Profile;
}

export interface Estimate {
  /** What is run, and its ids. */
  readonly samples: number;
  readonly tokens: number;
  /** Low and high guess, in seconds. */
  readonly seconds: readonly [number, number];
  /** What of them is measured once and kept, and with which texts. */
  readonly once?: { readonly seconds: readonly [number, number]; readonly of: "typical texts" | "unrelated texts" };
  /** Peak resident memory in bytes, and the least with which the run can be done. */
  readonly memory: number;
  readonly leastMemory: number;
  readonly diskRead: number;
  /** `diskRead` is the most that is read: of a mixture, experts are passed over that no token goes to, and there are no more of them for as many tokens. */
  readonly diskReadAtMost?: true;
  /** Bytes of checkpoints that will be kept in a temporary file, 0 when they fit in memory. */
  readonly spilled: number;
  /** What the run will say of its calibration, where it has one. */
  readonly notes?: readonly string[];
}
