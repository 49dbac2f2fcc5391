// The worker thread: connects a session to the UI's messages.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { ScapError } from '../../scap/error.js'
import { LiveError } from '../../source/live-error.js'
import { TraceError } from '../../trace/index.js'
import { loadViews } from '../../views/index.js'
import type { Report, Request, WorkerStart } from './messages.js'
import { Session } from './session.js'

/** the command's exit codes for what can fail here */
const EXIT = { failure: 1, unavailable: 3, input: 4 }

const port = parentPort as MessagePort
const post = (r: Report) => port.postMessage(r)
const waiting: Request[] = []
const early = (r: Request) => waiting.push(r)
port.on('message', early)

try {
  const session = new Session(workerData as WorkerStart, await loadViews(), post)
  port.off('message', early)
  port.on('message', (r: Request) => session.take(r))
  for (const r of waiting) session.take(r)
  await session.run()
  port.close()
} catch (e) {
  post(failure(e))
  port.close()
}

function failure(e: unknown): Report {
  const known = (exitCode: number): Report => ({ kind: 'failed', text: (e as Error).message, exitCode })
  if (e instanceof LiveError) return known(EXIT.unavailable)
  if (e instanceof TraceError || e instanceof ScapError) return known(EXIT.input)
  const text = e instanceof Error ? (e.stack ?? e.message) : String(e)
  return { kind: 'failed', text, exitCode: EXIT.failure }
}
