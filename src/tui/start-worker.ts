// Starts the worker thread. Loads nothing else, so that it can come first.
import { Worker } from 'node:worker_threads'
import type { WorkerStart } from './worker/messages.js'

/** The worker (worker.ts, or what it was joined to beside the joined command); it waits for its first query. */
export function startWorker(start: WorkerStart): Worker {
  // it closes what the addon has opened, which Node would warn of, in the middle of the screen
  return new Worker(new URL('./worker.js', import.meta.url), { workerData: start, trackUnmanagedFds: false })
}
