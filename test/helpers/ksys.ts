// Runs the built command for tests: synchronously, with its output and exit code.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { runResident } from './resident.js'

/** The project's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url))
export const main = `${root}.build/js/src/main.js`

export interface Ran {
  stdout: string
  stderr: string
  /** exit code; -1 when a signal ended it */
  code: number
}

/** The same, as bytes. */
export interface RanBytes {
  stdout: Buffer
  stderr: Buffer
  code: number
}

interface Options {
  seconds?: number
  env?: Record<string, string>
  input?: Buffer
  cwd?: string
  own?: boolean
}

/** Commands that capture nothing. */
const READING = ['chisel', 'cut', 'diff', 'info', 'merge', 'redact', 'sql', 'wait']
/** First words of commands that only print what ksys knows. */
const PRINTING = /^(-l|-L|-h|--list|--help|--man|--version|help)$/
/** Options with which `ksys rules` captures nothing. */
const OF_RULES = ['--check', '-L', '--list-rules', '-l', '--describe']
/** Words that start programs or open connections, which a process cannot do any more once a reader has declared neither. */
const DECLARING = /^--on-close$|^(program|http|syslog)\b|:\/\//

/** Whether commands that capture nothing may share a process, with the input of this process. */
const SHARED = process.env.KSYS_RESIDENT === '1'

function reads(args: readonly string[]): boolean {
  const [first = ''] = args
  const captures =
    !args.includes('-r') &&
    !READING.includes(first) &&
    !PRINTING.test(first) &&
    !(first === 'rules' && args.some((a) => OF_RULES.includes(a)))
  return !captures && !args.some((a) => a === '-' || DECLARING.test(a))
}

/** The messages of a live capture about containers without names: other tests start some meanwhile, with runtimes that only they know. */
const UNNAMED = /^ksys: \d+ containers? \w+ (named late|never named).*\n/gm

/**
 * Runs `ksys ARGS`, at most `seconds` long, without the messages of a capture about names of containers. env is added to this process's
 * own, cwd is the folder in which it runs. `own`: in a process of its own in any case; false: it is refused before it has any effect, so
 * it may share one in any case.
 */
export function ksys(args: string[], options: Options = {}): Ran {
  const { stdout, stderr, code } = ksysBytes(args, options)
  return { stdout: stdout.toString(), stderr: stderr.toString().replace(UNNAMED, ''), code }
}

/** The same, with its output unchanged. */
export function ksysBytes(args: string[], options: Options = {}): RanBytes {
  const { env, input, cwd, own = !reads(args) } = options
  if (SHARED && !own && input === undefined && cwd === undefined)
    return runResident(args, options.seconds ?? 60, { ...process.env, ...env })
  const r = spawnSync(process.execPath, [main, ...args], {
    timeout: (options.seconds ?? 60) * 1000,
    maxBuffer: 1 << 29,
    env: { ...process.env, ...env },
    cwd,
    ...(input ? { input } : {}),
  })
  return { stdout: r.stdout, stderr: r.stderr, code: r.status ?? -1 }
}

/** Whether this process may capture live. In CI this is assumed, so that live tests fail rather than being skipped. */
export function privileged(): boolean {
  return process.env.CI === 'true' || process.getuid?.() === 0
}
