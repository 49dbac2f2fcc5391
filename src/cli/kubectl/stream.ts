// Runs ksys on the node and here, and passes the trace between them.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { say } from '../output/stderr.js'
import { visible } from '../output/visible.js'
import { self } from '../self.js'
import { ended, type Kubectl } from './kubectl.js'
import type { Split } from './split.js'
import type { Stop } from './stop.js'

/** ms that ksys on the node has to end in order */
const PATIENCE = 5000
/** What kubectl adds to what the program said. */
const ADDED = /^command terminated with exit code \d+$/

/**
 * Runs both to their ends; returns the exit code. pod: words that name the pod to kubectl; node: names where it is. Rejects with
 * CliError where kubectl cannot be run.
 */
export async function stream(
  kubectl: Kubectl,
  pod: readonly string[],
  { there, here, terminal }: Split,
  stop: Stop,
  node: string,
): Promise<number> {
  const command = (how: string) => ['exec', how, ...pod, '-c', 'ksys', '--', 'ksys', ...there]
  if (terminal) return ended(kubectl.start(command('-it'), ['inherit', 'inherit', 'inherit']))
  const far = kubectl.start(command('-i'), ['pipe', here === undefined ? 'inherit' : 'pipe', 'pipe'])
  const farEnd = ended(far)
  tellLines(far.stderr as Readable)
  far.stdin?.on('error', () => {})
  let near: ChildProcess | undefined
  /** The capture there ends with its input, and what it has still comes. */
  const finish = () => {
    far.stdin?.end()
    setTimeout(() => far.kill('SIGKILL'), PATIENCE).unref()
  }
  stop.onSignal = (asked) => {
    if (asked === 1) return finish()
    far.kill('SIGKILL')
    near?.kill('SIGINT')
  }
  if (stop.asked > 0) finish()
  if (here !== undefined && (await hasBytes(far.stdout as Readable))) near = startHere(here, far.stdout as Readable)
  const nearCode = near === undefined ? undefined : await ended(near)
  // who has read enough needs no more of it
  const enough = near !== undefined && far.exitCode === null && !(far.stdout as Readable).readableEnded
  if (enough) finish()
  const farCode = await farEnd
  if (farCode === 0 || enough || stop.asked > 0) return nearCode ?? 0
  // without the beginning of a trace the one there has said why
  if (nearCode === undefined) return farCode
  say(`ksys: the connection to ${visible(node)} broke (kubectl ended with ${farCode}): what came until then is told\n`)
  return nearCode === 0 ? farCode : nearCode
}

/** Waits for the first bytes; false: there are none. */
async function hasBytes(bytes: Readable): Promise<boolean> {
  while (bytes.readableLength === 0) {
    if (bytes.readableEnded || bytes.destroyed) return false
    await Promise.race([once(bytes, 'readable'), once(bytes, 'end'), once(bytes, 'close')])
    if (bytes.readableLength === 0 && bytes.read() === null && bytes.readableEnded) return false
  }
  return true
}

/** Starts the ksys of here, in a group of its own: a Ctrl-C ends the one there, and this one with what comes from it. */
function startHere(words: readonly string[], bytes: Readable): ChildProcess {
  const [file, first] = self()
  const child = spawn(file, [...first, ...words], {
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: true,
    argv0: 'ksys',
  })
  // it may have read enough
  child.stdin?.on('error', () => bytes.resume())
  bytes.pipe(child.stdin as NonNullable<typeof child.stdin>)
  return child
}

/** Tells what the one there says, and what kubectl does. */
function tellLines(lines: Readable): void {
  createInterface({ input: lines }).on('line', (line) => {
    if (!ADDED.test(line)) say(`${visible(line)}\n`)
  })
}
