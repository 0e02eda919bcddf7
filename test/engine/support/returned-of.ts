/** What a run of steps returns. */
export async function returnedOf<Value>(steps: AsyncGenerator<unknown, Value, void>): Promise<Value> {
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}
