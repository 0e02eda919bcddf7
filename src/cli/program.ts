import { Command, type OutputConfiguration } from "commander";
import { version } from "../engine/version";
import { addAnalyze } from "./commands/analyze";
import { addCompare } from "./commands/compare";
import { addDoctor } from "./commands/doctor";
import { addDomains } from "./commands/domains";
import { addEstimate } from "./commands/estimate";
import { addImatrix } from "./commands/imatrix";
import { addModels } from "./commands/models";
import { addNeurons } from "./commands/neurons";
import { addPatch } from "./commands/patch";
import { addPairs } from "./commands/pairs";
import { addPrune } from "./commands/prune";
import { addQuantize } from "./commands/quantize";
import { addShrink } from "./commands/shrink";
import { standardError, standardOutput } from "./terminal/streams";

const examples = `
Examples:
  paramscope analyze story.txt
  paramscope analyze notes/ --model SmolLM2-135M-Instruct.Q4_1.gguf --report notes.html
  paramscope compare a.txt b.txt
  paramscope domains fiction/ science/ code/
  paramscope pairs stsb-dev.csv --limit 100
  paramscope prune notes/ --sparsity 0.5 --evaluate story.txt
  paramscope quantize notes/ --size 4.5bpw --evaluate story.txt --compare all
  paramscope shrink notes/ --layers 2 --evaluate story.txt --compare all
  paramscope imatrix notes/ --output imatrix.gguf
  paramscope compare --text "The cat sat." --text "The dog ran."
  git log -1 --format=%B | paramscope analyze - --json

Exit status: 0 success, 1 the run failed, 2 wrong usage, 130 interrupted.`;

/** The command line of Paramscope. `signal` is aborted when the user interrupts it. */
export function createProgram(signal: AbortSignal): Command {
  const program = new Command("paramscope")
    .description("Shows which parameters of a language model a text activates, layer by layer, on your own machine.")
    .usage("<command> ...")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", examples)
    .configureHelp({ showGlobalOptions: false })
    .configureOutput(output)
    .exitOverride();
  addAnalyze(program, signal);
  addCompare(program, signal);
  addDomains(program, signal);
  addPairs(program, signal);
  addPatch(program, signal);
  addPrune(program, signal);
  addQuantize(program, signal);
  addShrink(program, signal);
  addImatrix(program, signal);
  addNeurons(program, signal);
  addModels(program, signal);
  addEstimate(program, signal);
  addDoctor(program, signal);
  withoutHelpCommands(program);
  return program;
}

/** Errors as one line of ours; commander's may have two, the second with a suggestion. */
const output: OutputConfiguration = {
  writeOut: (text) => {
    standardOutput.write(text);
  },
  writeErr: (text) => {
    standardError.write(text);
  },
  outputError: (text, write) => {
    const cause = text
      .trim()
      .replace(/^error: /, "")
      .replace(/\s+/g, " ")
      .replace(/^./, (letter) => letter.toUpperCase());
    write(`paramscope: ${/[.?)]$/.test(cause) ? cause : `${cause}.`} See paramscope --help.\n`);
  },
};

/** No `help` command anywhere: `--help` is enough. Commander does not hand this down. */
function withoutHelpCommands(command: Command): void {
  command.helpCommand(false);
  command.commands.forEach(withoutHelpCommands);
}
