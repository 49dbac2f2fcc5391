// Starts and ends the worker thread. Imports little, so that the worker can start before the UI is loaded.
import { Worker } from 'node:worker_threads'
import { limitHeapGrowth } from './heap-growth.js'
import type { WorkerStart } from './worker/messages.js'

/**
 * MB of new JavaScript objects of a live capture, instead of V8's 48, of which 32 would be used in any case. The loop over
 * events creates hardly any objects, so that the garbage of a smaller space is not collected noticeably more often.
 */
const LIVE_YOUNG = 12

/** Starts the worker (worker.ts, or its bundle beside the bundled command); it waits for its first query. */
export function startWorker(start: WorkerStart): Worker {
  if (start.file === undefined) limitHeapGrowth()
  return new Worker(new URL('./worker.js', import.meta.url), {
    workerData: start,
    // the worker closes the addon's descriptors itself; Node would print a warning about them onto the screen
    trackUnmanagedFds: false,
    ...(start.file === undefined && { resourceLimits: { maxYoungGenerationSizeMb: LIVE_YOUNG } }),
  })
}

/** ms to wait for the worker to exit, and again after terminate() */
const PATIENCE = 1000

/**
 * Ends a running worker; resolves when it has exited. A capture that does not end by itself, or a file that does not
 * respond, must not keep the user waiting.
 */
export async function closeWorker(worker: Worker): Promise<void> {
  const exited = new Promise<boolean>((resolve) => worker.once('exit', () => resolve(true)))
  worker.postMessage({ kind: 'close' })
  if (await within(PATIENCE, exited)) return
  void worker.terminate()
  if (await within(PATIENCE, exited)) return
  worker.unref()
  const { endWithThreads } = await import('../source/native.js')
  process.once('exit', endWithThreads)
}

/** The value of a promise; false if it does not resolve in time. */
async function within(ms: number, promise: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  const first = await Promise.race([promise, late])
  clearTimeout(timer)
  return first
}
