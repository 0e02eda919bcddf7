/** Starts now, and tells how many seconds have passed: what a run's description says is all that its user waited for. */
export function stopwatch(): () => number {
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}
