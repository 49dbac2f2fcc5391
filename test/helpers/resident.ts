// Commands of ksys run one after the other in one process: a short one spends most of its time starting. The process does not regain
// privileges that a command has dropped: files of root in folders of others, programs that are started, connections, signals, limits and
// terminals need processes of their own.
import { once } from 'node:events'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { RanBytes } from './ksys.js'

const THREAD = new URL('resident-thread.mjs', import.meta.url)
/** The folder of the compiled modules. */
const COMPILED = new URL('../../.build/js/src/', import.meta.url)

/** The number of processes at a time, each of which takes 100 MB. */
const MOST = 3
/** The threads by the environment of their processes, the one that was used last at the end. */
const threads = new Map<string, Worker>()

/** Vitest gives this variable another value for each file of a worker, and a process would serve one file only. */
function withoutFile({ VITEST_WORKER_ID, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return env
}

function threadOf(all: NodeJS.ProcessEnv): Worker {
  const env = withoutFile(all)
  const key = JSON.stringify(env)
  let thread = threads.get(key)
  threads.delete(key)
  if (thread === undefined) {
    const [unused] = threads.size === MOST ? threads.keys() : []
    if (unused !== undefined) {
      threads.get(unused)?.postMessage({ end: true })
      threads.delete(unused)
    }
    thread = new Worker(THREAD, { workerData: { compiled: COMPILED.href, env }, execArgv: [] })
    thread.unref()
  }
  threads.set(key, thread)
  return thread
}

function ask(thread: Worker, args: readonly string[]): { port: MessagePort; woken: Int32Array } {
  const { port1, port2 } = new MessageChannel()
  const woken = new Int32Array(new SharedArrayBuffer(4))
  thread.postMessage({ args, port: port2, woken }, [port2])
  return { port: port1, woken }
}

/** The response of the thread: bytes lose their class on the way. */
interface Answer {
  readonly stdout: Uint8Array<ArrayBuffer>
  readonly stderr: Uint8Array<ArrayBuffer>
  readonly code: number
}

const bytesOf = ({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>) => Buffer.from(buffer, byteOffset, length)

/** Runs a command; it is ended after the given seconds, with -1 as its exit code. */
export function runResident(args: readonly string[], seconds: number, env: NodeJS.ProcessEnv = process.env): RanBytes {
  const thread = threadOf(env)
  const { port, woken } = ask(thread, args)
  if (Atomics.wait(woken, 0, 0, seconds * 1000) === 'timed-out') {
    thread.postMessage({ stop: true })
    Atomics.wait(woken, 0, 0, 10_000)
  }
  const ran = receiveMessageOnPort(port)?.message as Answer | undefined
  port.close()
  const { stdout, stderr, code } = ran ?? { stdout: new Uint8Array(), stderr: new Uint8Array(), code: -1 }
  return { stdout: bytesOf(stdout), stderr: bytesOf(stderr), code }
}

const PLAIN = { ...process.env, TZ: 'UTC', TERM: 'dumb', COLUMNS: '200' }

/** The standard output of a command in UTC, whatever its exit code is. Several may run at a time. */
export async function run(args: readonly string[]): Promise<string> {
  const { port } = ask(threadOf(PLAIN), args)
  const [ran] = (await once(port, 'message')) as [Answer]
  port.close()
  if (ran.code < 0) throw new Error(`ksys ended: ${bytesOf(ran.stderr)}`)
  return bytesOf(ran.stdout).toString()
}
