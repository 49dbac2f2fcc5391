// Commands started by ksys: they wait until the capture is attached, then run with ksys's own standard streams.
import { constants } from 'node:os'
import { isPermitted, whyDenied } from './denied-command.js'
import { LiveError } from './live-error.js'
import { addon } from './native.js'

export interface CommandEnd {
  /** exit code; undefined if a signal ended it */
  readonly code: number | undefined
  readonly signal: NodeJS.Signals | undefined
}

export interface StoppedCommand {
  readonly pid: number
  /** Lets the command run. Throws LiveError (ECOMMAND) if it cannot be executed. */
  resume(): void
  readonly exit: Promise<CommandEnd>
}

const ENOENT = 2
const EACCES = 13

/**
 * Starts a command (found in PATH) with inherited streams, stopped before its exec.
 * @throws LiveError if no process can be created (ECOMMAND), or the addon does not load
 */
export function spawnStopped(command: string, args: readonly string[], env = process.env): StoppedCommand {
  // the capture may continue as another user before the command is executed
  const permitted = isPermitted(command, env.PATH)
  const child = start([command, ...args], env)
  return {
    pid: child.pid,
    exit: addon().waitFor(child.pid).then(commandEnd),
    resume() {
      const errno = child.resume()
      if (errno !== 0) throw new LiveError('ECOMMAND', `cannot run ${command}: ${why(errno, permitted)}`)
    },
  }
}

function start(argv: readonly string[], env: NodeJS.ProcessEnv) {
  const variables = Object.entries(env).flatMap(([k, v]) => (v === undefined ? [] : [`${k}=${v}`]))
  const { spawnStopped } = addon()
  try {
    return spawnStopped(argv, variables)
  } catch (e) {
    throw new LiveError('ECOMMAND', `cannot start a process for ${argv[0]}: ${(e as Error).message}`)
  }
}

function why(errno: number, permitted: boolean): string {
  if (errno === ENOENT) return 'there is no such command'
  if (errno === EACCES) return whyDenied(permitted)
  const name = Object.entries(constants.errno).find(([, n]) => n === errno)?.[0]
  return name ?? `errno ${errno}`
}

/** Decodes waitpid's status word: a signal in its low 7 bits, else the exit code in the next 8. */
export function commandEnd(status: number): CommandEnd {
  const signal = status & 0x7f
  if (signal === 0) return { code: (status >> 8) & 0xff, signal: undefined }
  const name = Object.entries(constants.signals).find(([, n]) => n === signal)?.[0]
  return { code: undefined, signal: name as NodeJS.Signals | undefined }
}
