// A live capture of this machine, or of a command and its descendants.
import { constants, release } from 'node:os'
import { withNames } from '../../container/index.js'
import type { FieldContext } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { filterByCgroup, needsOf, planFilter } from '../../filter/index.js'
import { users } from '../../source/accounts.js'
import { hostRootTrouble } from '../../source/host.js'
import { DEFAULT_BUFFER, fittingBuffer, LiveSource } from '../../source/live.js'
import { LiveError } from '../../source/live-error.js'
import { missing } from '../../source/missing.js'
import type { CaptureSource } from '../../source/source.js'
import { type StoppedCommand, spawnStopped } from '../../source/spawn.js'
import { unseenTrouble } from '../../source/unseen.js'
import { EXIT } from '../errors/exit.js'
import { systemLines } from '../errors/unavailable.js'
import type { Settings } from '../options/parse.js'
import { planOptions } from '../query/capture-plan.js'
import type { Query } from '../query/query.js'
import { inFlightPlan } from './in-flight.js'
import { keepSmall, megabytes } from './memory.js'
import { tell } from './report.js'

export interface Live {
  readonly source: CaptureSource
  /** names of the features that it does without (source/features.ts) */
  readonly lacks: ReadonlySet<string>
  /** Keeps what the kernel excludes true as containers come and go; ctx: of the run, its state loaded. */
  follow(ctx: FieldContext): void
  /** Lets the command run, when there is one; to be called once everything is ready for its events. */
  begin(): void
  /** What a signal does: it ends the capture, or goes to the command first. */
  interrupt(signal: NodeJS.Signals): void
  /** The capture failed: a command that has not begun is ended. */
  abandon(): void
  /** The exit code of the run: the command's when there is one, which is waited for. */
  exitCode(): Promise<number>
}

/** Attaches to the kernel. Throws LiveError when it cannot. */
export function openLive(s: Settings, q: Query): Live {
  keepSmall()
  const lacking = missing()
  if (lacking !== undefined) throw lacking
  const [file, ...args] = s.command ?? []
  const command = file === undefined ? undefined : spawnStopped(file, args)
  // a name means another number in each container that has accounts of its own
  const accounts = s.containerMetadata ? {} : { users: users() }
  const options = planOptions(s, q, { ...accounts, ...(command && { rootPid: command.pid }) })
  const plan = s.inFlight
    ? { ...inFlightPlan(options.selfPid), spare: options.spare }
    : planFilter(q.filter, registry, options)
  const kernel = attach(command, () => new LiveSource({ plan, bufferBytes: s.buffer ?? smallerBuffer() }))
  if (s.inFlight && kernel.lacks.has('calls in flight')) {
    void kernel.close()
    throw cannotTell()
  }
  for (const { text, detail } of kernel.notices)
    for (const line of [`ksys: ${text}`, ...(s.verbose ? systemLines(detail) : [])]) tell(line)
  // what a command does is known from its beginning
  for (const trouble of [hostRootTrouble(), command === undefined ? unseenTrouble() : undefined])
    if (trouble !== undefined) tell(`ksys: ${trouble}`)
  const source = named(kernel, s, q)
  const follow = (ctx: FieldContext) => {
    ctx.state.watcher = filterByCgroup(plan, q.filter, ctx, kernel)
  }
  return {
    ...(command === undefined ? ofMachine(source) : ofCommand(source, command)),
    source,
    lacks: kernel.lacks,
    follow,
  }
}

/** What the buffers have where the default would not fit, which is told; undefined where it does. */
function smallerBuffer(): number | undefined {
  const fits = fittingBuffer()
  if (fits >= DEFAULT_BUFFER) return undefined
  const [few, usual] = [megabytes(fits), megabytes(DEFAULT_BUFFER)]
  tell(`ksys: memory is limited here: the kernel's buffers have ${few} MB instead of ${usual}; --buffer says otherwise`)
  return fits
}

/** With the names of containers where something asks for them, or keeps events for those who will. */
function named(source: CaptureSource, s: Settings, q: Query): CaptureSource {
  const fields = [...(q.filter?.fieldsUsed ?? []), ...q.printed]
  const asked = q.containers === true || needsOf(registry, fields).has('container')
  if (!s.containerMetadata || !(asked || s.write !== undefined)) return source
  return withNames(source, {
    cri: s.cri,
    docker: s.dockerHost,
    env: process.env,
    hold: true,
    patient: q.atStart,
    complain: (sentence) => tell(`ksys: ${sentence}`),
  })
}

/** A command must not stay behind, stopped for ever, when the capture cannot begin. */
function attach<T>(command: StoppedCommand | undefined, open: () => T): T {
  try {
    return open()
  } catch (e) {
    if (command) kill(command, 'SIGKILL')
    throw e
  }
}

function cannotTell(): LiveError {
  return new LiveError(
    'EKERNEL',
    `this kernel (${release()}) does not let ksys tell which calls run: look on another, or capture (ksys -w FILE) and see the latencies`,
  )
}

function ofMachine(source: CaptureSource): Omit<Live, 'source' | 'lacks' | 'follow'> {
  return {
    begin: () => {},
    interrupt: () => source.stop(),
    abandon: () => {},
    exitCode: async () => EXIT.ok,
  }
}

function ofCommand(source: CaptureSource, command: StoppedCommand): Omit<Live, 'source' | 'lacks' | 'follow'> {
  let begun = false
  command.exit.then(() => source.stop())
  return {
    begin: () => {
      command.resume()
      begun = true
    },
    interrupt: (signal) => {
      // the terminal sends its interrupt to the command itself
      if (signal !== 'SIGINT' || !process.stdin.isTTY) kill(command, signal)
    },
    abandon: () => {
      if (!begun) kill(command, 'SIGKILL')
    },
    exitCode: async () => {
      const { code, signal } = await command.exit
      return code ?? 128 + (signal === undefined ? 0 : constants.signals[signal])
    },
  }
}

function kill(command: StoppedCommand, signal: NodeJS.Signals): void {
  try {
    process.kill(command.pid, signal)
  } catch {
    // it has ended already
  }
}
