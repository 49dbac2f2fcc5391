// Starts the worker thread, and ends it. Loads nothing else, so that it can come first.
import { Worker } from 'node:worker_threads'
import type { WorkerStart } from './worker/messages.js'

/** The worker (worker.ts, or what it was joined to beside the joined command); it waits for its first query. */
export function startWorker(start: WorkerStart): Worker {
  // it closes what the addon has opened, which Node would warn of, in the middle of the screen
  return new Worker(new URL('./worker.js', import.meta.url), { workerData: start, trackUnmanagedFds: false })
}

/** ms that it has for its end */
const PATIENCE = 1000

/** Has a worker that runs end; fulfilled when it has. A capture that does not end by itself must not keep the person waiting. */
export async function closeWorker(worker: Worker): Promise<void> {
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  worker.postMessage({ kind: 'close' })
  const late = setTimeout(() => void worker.terminate(), PATIENCE)
  await gone
  clearTimeout(late)
}
