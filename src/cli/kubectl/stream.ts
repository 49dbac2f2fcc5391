// Runs ksys on the node and on this machine, and passes the trace between them.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { say } from '../output/stderr.js'
import { visible } from '../output/visible.js'
import { self } from '../self.js'
import { ended, type Kubectl } from './kubectl.js'
import type { Split } from './split.js'

/** ms that ksys on the node has to end in order; then the local kubectl is killed, which breaks the connection */
const END_TIMEOUT = 5000
/** a line that kubectl adds to the program's standard error */
const KUBECTL_LINE = /^command terminated with exit code \d+$/

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Counts SIGINT, SIGTERM and SIGHUP while a pod of ksys exists: they do not end this process before the pod is removed. */
export class Stop {
  /** number of signals received */
  signals = 0
  /** Called for each signal with the number received so far. */
  onSignal: (signals: number) => void = () => {}
  private readonly handler = () => {
    this.signals++
    this.onSignal(this.signals)
  }

  constructor() {
    for (const s of SIGNALS) process.on(s, this.handler)
  }

  release(): void {
    for (const s of SIGNALS) process.removeListener(s, this.handler)
  }
}

/**
 * Runs both and waits for their exits; returns the exit code. pod: the arguments of kubectl that identify the pod; node: its node, for
 * messages. Rejects with CliError if kubectl cannot be run.
 */
export async function stream(
  kubectl: Kubectl,
  pod: readonly string[],
  { there, here, terminal, printedHere }: Split,
  stop: Stop,
  node: string,
): Promise<number> {
  const command = (how: string) => ['exec', how, ...pod, '-c', 'ksys', '--', 'ksys', ...there]
  if (terminal) return ended(kubectl.start(command('-it'), ['inherit', 'inherit', 'inherit']))
  const far = kubectl.start(command('-i'), ['pipe', here === undefined ? 'inherit' : 'pipe', 'pipe'])
  const farEnd = ended(far)
  printLines(far.stderr as Readable, new Set(printedHere.map((message) => `ksys: ${message}`)))
  far.stdin?.on('error', () => {})
  let near: ChildProcess | undefined
  /** Closes the input of the ksys on the node: its capture ends, and pending events are still delivered. */
  const finish = () => {
    far.stdin?.end()
    setTimeout(() => far.kill('SIGKILL'), END_TIMEOUT).unref()
  }
  stop.onSignal = (signals) => {
    if (signals === 1) return finish()
    far.kill('SIGKILL')
    near?.kill('SIGINT')
  }
  if (stop.signals > 0) finish()
  if (here !== undefined && (await hasBytes(far.stdout as Readable))) near = startHere(here, far.stdout as Readable)
  const nearCode = near === undefined ? undefined : await ended(near)
  // ksys on this machine has exited before the end of the trace: it needs no more events
  const enough = near !== undefined && far.exitCode === null && !(far.stdout as Readable).readableEnded
  if (enough) finish()
  const farCode = await farEnd
  if (farCode === 0 || enough || stop.signals > 0) return nearCode ?? 0
  // no trace arrived: ksys on the node has printed the reason
  if (nearCode === undefined) return farCode
  say(`ksys: the connection to ${visible(node)} broke (kubectl exited with ${farCode}): later events are missing\n`)
  return nearCode === 0 ? farCode : nearCode
}

/** Waits for the first bytes; false: the stream ended without any. */
async function hasBytes(bytes: Readable): Promise<boolean> {
  while (bytes.readableLength === 0) {
    if (bytes.readableEnded || bytes.destroyed) return false
    await Promise.race([once(bytes, 'readable'), once(bytes, 'end'), once(bytes, 'close')])
    if (bytes.readableLength === 0 && bytes.read() === null && bytes.readableEnded) return false
  }
  return true
}

/**
 * Starts ksys on this machine, in its own process group: Ctrl-C ends the ksys on the node, which ends this one after its last event.
 */
function startHere(words: readonly string[], bytes: Readable): ChildProcess {
  const [file, first] = self()
  const child = spawn(file, [...first, ...words], {
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: true,
    argv0: 'ksys',
  })
  // it may exit before the end of the trace
  child.stdin?.on('error', () => bytes.resume())
  bytes.pipe(child.stdin as NonNullable<typeof child.stdin>)
  return child
}

/** Prints the messages of ksys on the node, and of kubectl, without those that ksys on this machine prints itself. */
export function printLines(lines: Readable, printedHere: ReadonlySet<string>): void {
  createInterface({ input: lines }).on('line', (line) => {
    if (!KUBECTL_LINE.test(line) && !printedHere.has(line)) say(`${visible(line)}\n`)
  })
}
