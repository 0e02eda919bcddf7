/** How far a download has come. */
export interface DownloadProgress {
  /** `checking` reads what an earlier download left. */
  readonly phase: "checking" | "downloading";
  /** The file that is at work. */
  readonly file: string;
  /** Bytes that are in place, of all files. */
  readonly done: number;
  /** Bytes of all files. */
  readonly total: number;
  /** The speed of the last while; undefined until there is one. */
  readonly bytesPerSecond: number | undefined;
  /** Seconds that are left by that speed; undefined until there is one. */
  readonly secondsLeft: number | undefined;
}

/** A chunk comes every few kilobytes; nobody wants to know that often. */
const reportAfter = 100;

/** The speed counts over about this long, in milliseconds. */
const memory = 5_000;

/** Milliseconds before a speed is told: up to then it is mostly the time that small files wait for their answers. */
const settled = 1_000;

/** Adds up what the files of a download report. */
export class ProgressMeter {
  #done = 0;
  #reportedAt = -Infinity;
  #file = "";
  #measuredAt = performance.now();
  #fresh = 0;
  /** Bytes that came and milliseconds that it took, the less the longer ago. */
  #recent = { bytes: 0, time: 0 };
  readonly #total: number;
  readonly #report: (progress: DownloadProgress) => void;

  constructor(total: number, report: (progress: DownloadProgress) => void) {
    this.#total = total;
    this.#report = report;
  }

  add(file: string, count: number, phase: DownloadProgress["phase"]): void {
    this.#done += count;
    const now = performance.now();
    if (phase === "downloading") this.#fresh += Math.max(count, 0);
    if (now - this.#reportedAt < reportAfter && file === this.#file && this.#done < this.#total) return;
    this.#reportedAt = now;
    this.#file = file;
    this.#measure(now, phase);
    const bytesPerSecond = this.#speed(phase);
    const secondsLeft = bytesPerSecond && (this.#total - this.#done) / bytesPerSecond;
    this.#report({ phase, file, done: this.#done, total: this.#total, bytesPerSecond, secondsLeft });
  }

  #measure(now: number, phase: DownloadProgress["phase"]): void {
    const elapsed = now - this.#measuredAt;
    this.#measuredAt = now;
    if (phase === "downloading" && elapsed > 0) {
      const decay = Math.exp(-elapsed / memory);
      this.#recent = { bytes: this.#recent.bytes * decay + this.#fresh, time: this.#recent.time * decay + elapsed };
    }
    this.#fresh = 0;
  }

  #speed(phase: DownloadProgress["phase"]): number | undefined {
    const { bytes, time } = this.#recent;
    return phase !== "downloading" || bytes === 0 || time < settled ? undefined : (1000 * bytes) / time;
  }
}
