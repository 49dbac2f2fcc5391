// Starts the worker thread, and ends it. Loads nothing else, so that it can come first.
import { Worker } from 'node:worker_threads'
import type { WorkerStart } from './worker/messages.js'

/** The worker (worker.ts, or what it was joined to beside the joined command); it waits for its first query. */
export function startWorker(start: WorkerStart): Worker {
  // it closes what the addon has opened, which Node would warn of, in the middle of the screen
  return new Worker(new URL('./worker.js', import.meta.url), { workerData: start, trackUnmanagedFds: false })
}

/** ms that it has for its end, and again when it is ended */
const PATIENCE = 1000

/**
 * Has a worker that runs end; fulfilled when it has. A capture that does not end by itself must not keep the person waiting, nor a file
 * that does not answer.
 */
export async function closeWorker(worker: Worker): Promise<void> {
  const gone = new Promise<boolean>((resolve) => worker.once('exit', () => resolve(true)))
  worker.postMessage({ kind: 'close' })
  if (await within(PATIENCE, gone)) return
  void worker.terminate()
  if (await within(PATIENCE, gone)) return
  worker.unref()
  const { endWithThreads } = await import('../source/native.js')
  process.once('exit', endWithThreads)
}

/** What a promise is fulfilled with; false when that is not within some time. */
async function within(ms: number, promise: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  const first = await Promise.race([promise, late])
  clearTimeout(timer)
  return first
}
