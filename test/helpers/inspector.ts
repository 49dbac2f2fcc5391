// Starts a program and sends signals to it and to its children, from the first moment on, and checks the sockets on which
// they listen.
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** The signals sent once the program has started, those that may end it last. */
const OTHERS = [
  'SIGCHLD',
  'SIGCONT',
  'SIGURG',
  'SIGWINCH',
  'SIGUSR2',
  'SIGPIPE',
  'SIGALRM',
  'SIGIO',
  'SIGQUIT',
] as const
const LAST = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const
/** These have no effect if they are not caught. */
const HARMLESS: readonly NodeJS.Signals[] = ['SIGCHLD', 'SIGCONT', 'SIGURG', 'SIGWINCH']
/** s within which a program must have started */
const PATIENCE = 60
/** The state of a listening socket in /proc/net/tcp. */
const LISTENS = '0A'

function quietly<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch {
    // it has exited meanwhile
    return otherwise
  }
}

/** Whether a process catches a signal (or ignores it) by its masks in /proc. */
export function handles(pid: number, signal: NodeJS.Signals, masks = ['SigCgt']): boolean {
  const status = quietly(() => readFileSync(`/proc/${pid}/status`, 'latin1'), '')
  const bit = 1n << BigInt(constants.signals[signal] - 1)
  return masks.some((m) => (BigInt(`0x${new RegExp(`^${m}:\\s*(\\w+)`, 'm').exec(status)?.[1] ?? '0'}`) & bit) !== 0n)
}

const commandLine = (pid: number): string => quietly(() => readFileSync(`/proc/${pid}/cmdline`, 'latin1'), '')

/**
 * A process and all below it, except those that have not called exec yet: until then they seem to catch the signals of their parent,
 * and are ended by them a moment later.
 */
function tree(pid: number): number[] {
  const children = quietly(() => readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1'), '')
  const own = commandLine(pid)
  const started = children.split(' ').filter((word) => word !== '' && commandLine(Number(word)) !== own)
  return [pid, ...started.flatMap((word) => tree(Number(word)))]
}

/** The targets of a process's descriptors. */
export function opened(pid: number): string[] {
  const dir = `/proc/${pid}/fd`
  return quietly(() => readdirSync(dir), [] as string[]).map((fd) => quietly(() => readlinkSync(`${dir}/${fd}`), ''))
}

/** The mappings of a process. */
export const mapped = (pid: number): string => quietly(() => readFileSync(`/proc/${pid}/maps`, 'latin1'), '')

/** Ports on which these processes listen. */
export function listening(pids: readonly number[]): number[] {
  const own = new Set(pids.flatMap(opened))
  const lines = ['tcp', 'tcp6'].flatMap((f) => readFileSync(`/proc/net/${f}`, 'latin1').split('\n').slice(1))
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
    return state === LISTENS && own.has(`socket:[${inode}]`) ? [Number.parseInt(local.split(':')[1] as string, 16)] : []
  })
}

export class Signalled {
  /** ports on which it has listened */
  readonly ports = new Set<number>()
  /** its output, on both streams */
  said = ''
  readonly child: ChildProcess
  private readonly closed: Promise<unknown>

  constructor(file: string, args: readonly string[], options: SpawnOptions) {
    this.child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true, ...options })
    // with it the output of all its children ends
    this.closed = once(this.child, 'close')
    this.child.stdin?.on('error', () => undefined)
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (text) => {
        this.said += text
      })
  }

  get pids(): number[] {
    // the number of a process that has exited may be another's
    return this.child.pid !== undefined && this.runs ? tree(this.child.pid) : []
  }

  get runs(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** Sends SIGUSR1 whenever a process catches it, until the program has started; whether it is still running. */
  async usr1Until(begun: (pids: readonly number[]) => boolean): Promise<boolean> {
    const until = Date.now() + PATIENCE * 1000
    for (let pause = 1; this.runs; pause = Math.min(pause * 1.2, 50)) {
      const { pids } = this
      // a process that does not catch it yet would be ended by it
      this.send('SIGUSR1', (pid) => handles(pid, 'SIGUSR1'))
      this.look()
      if (begun(pids)) break
      if (Date.now() > until) throw new Error(`it has not begun in ${PATIENCE} s: ${this.said}`)
      await sleep(pause)
    }
    // the effect of a signal takes a moment
    for (let i = 0; i < 10 && this.runs; i++) {
      await sleep(10)
      this.look()
    }
    return this.runs
  }

  /** Sends all other signals, then ends what is still running. */
  async end(): Promise<void> {
    for (const signal of OTHERS) {
      const harmless = HARMLESS.includes(signal)
      this.send(signal, (pid) => harmless || handles(pid, signal, ['SigCgt', 'SigIgn']))
      await sleep(2)
      this.look()
    }
    for (const signal of LAST) {
      this.send(signal, () => true)
      for (let i = 0; i < 5; i++) {
        await sleep(2)
        this.look()
      }
    }
    if (this.runs) quietly(() => process.kill(-(this.child.pid as number), 'SIGKILL'), false)
    this.child.stdin?.destroy()
    await this.closed
  }

  private send(signal: NodeJS.Signals, to: (pid: number) => boolean): void {
    for (const pid of this.pids) if (to(pid)) quietly(() => process.kill(pid, signal), false)
  }

  private look(): void {
    for (const port of listening(this.pids)) this.ports.add(port)
  }
}
