/** One text as the model sees it: at most `window` ids, special tokens included. */
export interface Sample {
  /** The text that it comes from, as the user named it: a file's path, `-`, or `text 1`. */
  readonly source: string;
  /** The slice of the source that the ids cover. */
  readonly text: string;
  /** UTF-16 offset of `text` in the source. */
  readonly offset: number;
  readonly ids: Int32Array;
  /** UTF-16 offsets into `text`; −1 for a special token. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** How many of the ids, the last ones, are an answer behind the text: they are not in `text` and have −1 as offsets. */
  readonly answer?: number;
  /** Of the beginning of a text the token that follows in it, where its loss is wanted. */
  readonly next?: number;
}

/** The samples of a run, and what had to be left out to form them: nothing is cut silently. */
export interface SampleSet {
  readonly samples: Sample[];
  /** The model's chat template stands around each text. */
  readonly chat?: boolean;
  /** Pieces of long texts that were not taken: too short a rest, or more than `max-samples`. */
  readonly windowsSkipped: number;
  /** One sentence each, to be shown: "3 of 10 windows of story.txt were taken: a run takes at most 64.", "2 binary files were left out." */
  readonly notes: string[];
}
