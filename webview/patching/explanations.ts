import type { Explanation } from "../shared/section";

const method = { title: "How to use and interpret activation patching", url: "https://arxiv.org/abs/2404.15255" };

export const explanations = {
  grid: {
    text: "The model reads B with one piece of what it computed for A put in its place, at one layer and one position at a time: 0 where it then answers as B by itself, 1 where it answers as A. A cell near 1 is a place that carries what makes A's answer another one.",
    terms: ["patching", "stream"],
    link: method,
  },
  place: {
    text: "The five likeliest next tokens: of B with the patch at this place, and of both prompts by themselves. The answers that the grid measures are marked A and B.",
    terms: ["patching"],
    link: method,
  },
} satisfies Record<string, Explanation>;
