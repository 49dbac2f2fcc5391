// Loads that programs/work.c makes.
import { availableParallelism } from 'node:os'
import { run } from '../processes.js'
import { GRACE, type Load, type LoadResult, type LoadRun, parseResult, program } from './load.js'

/** Runs operations of a kind, in a process for each processor. */
export async function work(kind: string, { seconds, rate, wrap }: LoadRun, folder: string): Promise<LoadResult> {
  const load = [program('work'), kind, `${availableParallelism()}`, `${rate ?? 0}`, `${seconds}`, folder]
  return parseResult(await run([...wrap, ...load], GRACE + seconds))
}

/** A load that consists of nothing else. */
export const workLoad = (name: string, title: string, operation: string): Load => ({
  name,
  title,
  operation,
  needs: [],
  prepare: async (folder) => ({ run: (run) => work(name, run, folder), end: async () => {} }),
})
