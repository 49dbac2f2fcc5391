// A live capture of this machine, or of a command and its descendants.
import { constants, release } from 'node:os'
import { registry } from '../../fields/index.js'
import { isNameField, needsOf, planFilter } from '../../filter/index.js'
import { smallerBuffer } from '../../run/ceilings.js'
import { Machine, type MachineRequest } from '../../run/machine.js'
import { plannedFilter } from '../../run/planned-filter.js'
import { users } from '../../source/accounts.js'
import { attachmentSentence } from '../../source/attachment.js'
import { LiveError } from '../../source/live-error.js'
import { missing } from '../../source/missing.js'
import { reason, systemCode } from '../../source/reason.js'
import type { CaptureSource } from '../../source/source.js'
import { type StoppedCommand, spawnStopped } from '../../source/spawn.js'
import { EXIT } from '../errors/exit.js'
import { systemLines } from '../errors/unavailable.js'
import type { Settings } from '../options/settings.js'
import { planOptions } from '../query/capture-plan.js'
import type { Query } from '../query/query.js'
import { inFlightPlan } from './in-flight.js'
import { printMessage } from './report.js'

export interface Live {
  readonly source: CaptureSource
  /** names of missing features (source/features.ts) */
  readonly lacks: ReadonlySet<string>
  /** memory maps of programs are read during the capture */
  readonly looksAtPrograms: boolean
  /** the filter tests container metadata: its results depend on when runtimes respond */
  readonly filtersByNames: boolean
  readonly machine: Machine
  /** Starts the command, if there is one; call it when everything is ready for its events. */
  start(): void
  /** Handles a signal: ends the capture, or forwards the signal to the command. */
  interrupt(signal: NodeJS.Signals): void
  /** The capture failed: kills a command that has not started. */
  abandon(): void
  /** The exit code of the run. If there is a command, waits for it and returns its exit code. */
  exitCode(): Promise<number>
}

/** The members that differ between captures of the machine and of a command. */
type CaptureControl = Omit<Live, 'source' | 'lacks' | 'looksAtPrograms' | 'filtersByNames' | 'machine'>

/** Attaches to the kernel. Throws LiveError if it cannot. */
export function openLive(s: Settings, q: Query): Live {
  const lacking = missing()
  if (lacking !== undefined) throw lacking
  const [file, ...args] = s.command ?? []
  const command = file === undefined ? undefined : spawnStopped(file, args)
  // containers with their own accounts map a user name to different numbers
  const accounts = s.containerMetadata ? {} : { users: users() }
  const options = planOptions(s, q, { ...accounts, ...(command && { rootPid: command.pid }) })
  const planned = plannedFilter(q.filter, s.redaction)
  const requested = s.inFlight
    ? { ...inFlightPlan(options.selfPid), spare: options.spare, attach: s.attach }
    : planFilter(planned, registry, options)
  const plan = s.ceilings === undefined ? requested : { ...requested, ceilings: { mostCalls: s.ceilings.calls } }
  const bufferBytes = s.buffer ?? smallerBuffer(s.ceilings?.memory, reportProblem)
  const { redaction, ceilings } = s
  const request = { plan, filter: planned, filtered: q.filter !== undefined, bufferBytes, ceilings, redaction }
  const machine = attach(command, () => Machine.attach({ ...request, names: naming(s, q), report: reportProblem }))
  const { source, kernel } = machine
  if (s.inFlight && kernel.lacks.has('calls in flight')) {
    void source.close()
    throw noInFlight()
  }
  reportLimitations(machine, s)
  return {
    ...(command === undefined ? ofMachine(source) : ofCommand(source, command)),
    source,
    machine,
    lacks: kernel.lacks,
    looksAtPrograms: plan.stacks?.user === true,
    filtersByNames: q.filter?.fieldsUsed.some(isFromRuntime) ?? false,
  }
}

/** Whether the value of a field comes from container runtimes; ids come from cgroup names. */
const isFromRuntime = (field: string): boolean =>
  !/^container\.(id|full_id)$/.test(field) && needsOf(registry, [field]).has('container')

/** Reports what the capture cannot show, and with -v where its programs run. */
function reportLimitations(machine: Machine, s: Settings): void {
  for (const { text, detail } of machine.notices(s.command !== undefined))
    for (const line of [`ksys: ${text}`, ...(s.verbose ? systemLines(detail) : [])]) printMessage(line)
  if (s.verbose) printMessage(`ksys: ${attachmentSentence(machine.kernel.attachment)}`)
}

function reportProblem(message: string): void {
  printMessage(`ksys: ${message}`)
}

/** How to resolve container names; undefined: the query does not need them, and no events are stored for later use. */
function naming(s: Settings, q: Query): MachineRequest['names'] {
  const fields = [...(q.filter?.fieldsUsed ?? []), ...q.printed]
  const scoped = s.redaction?.namespace !== undefined
  const needed = q.containers === true || scoped || needsOf(registry, fields).has('container')
  const stored = s.write !== undefined || q.kept === true
  if (!s.containerMetadata || !(needed || stored)) return undefined
  const all = stored || q.containers === true || scoped || s.chisels.length > 0
  return {
    cri: s.cri,
    docker: s.dockerHost,
    env: process.env,
    hold: true,
    patient: q.atStart,
    patience: q.namesWithin,
    scope: all ? undefined : metadataFor(fields),
  }
}

/** The container metadata that these fields need. Account names also occur in event arguments. */
function metadataFor(fields: readonly string[]): { nameAlone: boolean; accounts: boolean } {
  const names = fields.map((field) => registry.find(field).name)
  const details = names.some(
    (name, i) => !isNameField(name) && needsOf(registry, [fields[i] as string]).has('container'),
  )
  return { nameAlone: !details, accounts: details || names.some((name) => /^evt\.(args?|info)$/.test(name)) }
}

/** Kills the command, which is still stopped, if the capture cannot start. */
function attach<T>(command: StoppedCommand | undefined, open: () => T): T {
  try {
    return open()
  } catch (e) {
    if (command) kill(command, 'SIGKILL')
    throw e
  }
}

function noInFlight(): LiveError {
  return new LiveError(
    'EKERNEL',
    `this kernel (${release()}) cannot list calls in progress; capture instead (ksys -w FILE) and look at the latencies`,
  )
}

function ofMachine(source: CaptureSource): CaptureControl {
  return {
    start: () => {},
    interrupt: () => source.stop(),
    abandon: () => {},
    exitCode: async () => EXIT.ok,
  }
}

function ofCommand(source: CaptureSource, command: StoppedCommand): CaptureControl {
  let started = false
  command.exit.then(() => source.stop())
  return {
    start: () => {
      command.resume()
      started = true
    },
    interrupt: (signal) => {
      // the terminal sends SIGINT to the command, too
      if (signal !== 'SIGINT' || !process.stdin.isTTY) kill(command, signal)
    },
    abandon: () => {
      if (!started) kill(command, 'SIGKILL')
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
  } catch (e) {
    // ESRCH: it has already ended
    if (systemCode(e) !== 'ESRCH') printMessage(`ksys: cannot forward ${signal} to the command: ${reason(e)}`)
  }
}
