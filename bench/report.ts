/** The tables of a benchmark, as a Markdown page. */
export class Report {
  readonly #parts: string[] = [];

  constructor(command: string, processor: string, cores: number) {
    this.#parts.push(
      `# Results of \`${command}\``,
      `${processor}, ${cores} cores, Node ${process.versions.node}. Medians; what is compared was measured in turn, in one run.`,
    );
  }

  table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
    const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
    const table = [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)];
    this.#parts.push(`## ${title}`, table.join("\n"));
  }

  note(text: string): void {
    this.#parts.push(text);
  }

  text(): string {
    return `${this.#parts.join("\n\n")}\n`;
  }
}
