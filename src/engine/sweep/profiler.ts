/** Adds up where the time of a run goes, in seconds by the name of the part. */
export class Profiler {
  readonly seconds = new Map<string, number>();

  async time<T>(part: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.add(part, (performance.now() - start) / 1000);
    }
  }

  timeSync<T>(part: string, work: () => T): T {
    const start = performance.now();
    const result = work();
    this.add(part, (performance.now() - start) / 1000);
    return result;
  }

  add(part: string, seconds: number): void {
    this.seconds.set(part, (this.seconds.get(part) ?? 0) + seconds);
  }
}
