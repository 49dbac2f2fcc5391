// A load that is a command, repeated.
import { sleep } from '../../tracer.js'
import { run } from '../processes.js'
import { GRACE, type LoadResult, type LoadRun } from './load.js'

/** The result of operations with these latencies, in milliseconds. */
export function resultOf(latencies: readonly number[], seconds: number): LoadResult {
  const sorted = [...latencies].sort((a, b) => a - b)
  const at = (share: number) => (sorted[Math.ceil(sorted.length * share) - 1] as number) * 1e3
  return { operations: sorted.length, seconds, p50: at(0.5), p99: at(0.99) }
}

/** Repeats a command for the time of the run. At a fixed rate latency counts from the time at which it was due. */
export async function repeat(
  command: readonly string[],
  { seconds, rate, wrap }: LoadRun,
  cwd: string,
): Promise<LoadResult> {
  const latencies: number[] = []
  const from = performance.now()
  const elapsed = () => performance.now() - from
  let due = 0
  // what could not be done in twice the time is left out: the latencies show that it was too much
  while (due < seconds * 1e3 && elapsed() < 2 * seconds * 1e3) {
    await run([...wrap, ...command], GRACE + 10 * seconds, { cwd })
    latencies.push(elapsed() - due)
    due = rate === undefined ? elapsed() : (latencies.length * 1e3) / rate
    if (due > elapsed() && due < seconds * 1e3) await sleep(due - elapsed())
  }
  return resultOf(latencies, elapsed() / 1e3)
}
