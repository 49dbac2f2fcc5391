// The worker thread: passes the UI's messages to a session.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { ScapError } from '../scap/error.js'
import { LiveError } from '../source/live-error.js'
import { TraceError } from '../trace/index.js'
import { loadViews } from '../views/index.js'
import type { Report, Request, WorkerStart } from './worker/messages.js'
import { RowSender } from './worker/sent-rows.js'
import { type Runner, Session } from './worker/session.js'

/** the command's exit codes for failures here */
const EXIT = { failure: 1, unavailable: 3, input: 4 }

const port = parentPort as MessagePort
const sender = new RowSender()
const post = (r: Report) => port.postMessage(sender.pack(r))
const waiting: Request[] = []
const early = (r: Request) => waiting.push(r)
port.on('message', early)

try {
  const start = workerData as WorkerStart
  const [views, runner] = await Promise.all([loadViews(), runnerOf(start.file)])
  const session = new Session(start, views, post, runner)
  port.off('message', early)
  port.on('message', (r: Request) => session.take(r))
  for (const r of waiting) session.take(r)
  await session.run()
  port.close()
} catch (e) {
  post(failure(e))
  port.close()
}

/** For a file, loads only the modules that read files: the first rows come sooner. */
async function runnerOf(file: string | undefined): Promise<(s: Session) => Runner> {
  if (file === undefined) {
    const { Live } = await import('./worker/live.js')
    return (s) => new Live(s)
  }
  const { File } = await import('./worker/file.js')
  return (s) => new File(s, file)
}

function failure(e: unknown): Report {
  const known = (exitCode: number) => ({ kind: 'failed' as const, text: (e as Error).message, exitCode })
  if (e instanceof LiveError) return { ...known(EXIT.unavailable), refusal: { code: e.code, detail: e.detail } }
  if (e instanceof TraceError || e instanceof ScapError) return known(EXIT.input)
  const text = `unexpected failure: ${e instanceof Error ? (e.stack ?? e.message) : String(e)}\nplease report it with this text`
  return { kind: 'failed', text, exitCode: EXIT.failure }
}
