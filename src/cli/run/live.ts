// A live capture of this machine, or of a command and its descendants.
import { constants, release } from 'node:os'
import { registry } from '../../fields/index.js'
import { isOfName, needsOf, planFilter } from '../../filter/index.js'
import { smallerBuffer } from '../../run/ceilings.js'
import { Machine, type MachineRequest } from '../../run/machine.js'
import { keepSmall } from '../../run/memory.js'
import { plannedFilter } from '../../run/planned-filter.js'
import { users } from '../../source/accounts.js'
import { LiveError } from '../../source/live-error.js'
import { missing } from '../../source/missing.js'
import { reason, systemCode } from '../../source/reason.js'
import type { CaptureSource } from '../../source/source.js'
import { type StoppedCommand, spawnStopped } from '../../source/spawn.js'
import { EXIT } from '../errors/exit.js'
import { systemLines } from '../errors/unavailable.js'
import type { Settings } from '../options/parse.js'
import { planOptions } from '../query/capture-plan.js'
import type { Query } from '../query/query.js'
import { inFlightPlan } from './in-flight.js'
import { tell } from './report.js'

export interface Live {
  readonly source: CaptureSource
  /** names of the features that it does without (source/features.ts) */
  readonly lacks: ReadonlySet<string>
  /** the memory maps of programs are looked at while it runs */
  readonly looksAtPrograms: boolean
  /** the filter tests what runtimes tell of containers: what it passes depends on when they do */
  readonly filtersByNames: boolean
  readonly machine: Machine
  /** Lets the command run, when there is one; to be called once everything is ready for its events. */
  begin(): void
  /** What a signal does: it ends the capture, or goes to the command first. */
  interrupt(signal: NodeJS.Signals): void
  /** The capture failed: a command that has not begun is ended. */
  abandon(): void
  /** The exit code of the run: the command's when there is one, which is waited for. */
  exitCode(): Promise<number>
}

/** What differs between captures of the machine and of a command. */
type Own = Omit<Live, 'source' | 'lacks' | 'looksAtPrograms' | 'filtersByNames' | 'machine'>

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
  const planned = plannedFilter(q.filter, s.redaction)
  const asked = s.inFlight
    ? { ...inFlightPlan(options.selfPid), spare: options.spare }
    : planFilter(planned, registry, options)
  const plan = s.ceilings === undefined ? asked : { ...asked, ceilings: { mostCalls: s.ceilings.calls } }
  const bufferBytes = s.buffer ?? smallerBuffer(s.ceilings?.memory, complain)
  const { redaction, ceilings } = s
  const request = { plan, filter: planned, filtered: q.filter !== undefined, bufferBytes, ceilings, redaction }
  const machine = attach(command, () => Machine.attach({ ...request, names: naming(s, q), tell: complain }))
  const { source, kernel } = machine
  if (s.inFlight && kernel.lacks.has('calls in flight')) {
    void source.close()
    throw cannotTell()
  }
  tellTroubles(machine, s)
  return {
    ...(command === undefined ? ofMachine(source) : ofCommand(source, command)),
    source,
    machine,
    lacks: kernel.lacks,
    looksAtPrograms: plan.stacks?.user === true,
    filtersByNames: q.filter?.fieldsUsed.some(isTold) ?? false,
  }
}

/** Whether runtimes tell what a field has; ids are in the names of cgroups. */
const isTold = (field: string): boolean =>
  !/^container\.(id|full_id)$/.test(field) && needsOf(registry, [field]).has('container')

/** Tells what the capture cannot show. */
function tellTroubles(machine: Machine, s: Settings): void {
  for (const { text, detail } of machine.notices(s.command !== undefined))
    for (const line of [`ksys: ${text}`, ...(s.verbose ? systemLines(detail) : [])]) tell(line)
}

function complain(sentence: string): void {
  tell(`ksys: ${sentence}`)
}

/** How containers are named, where something asks for their names, or keeps events for those who will. */
function naming(s: Settings, q: Query): MachineRequest['names'] {
  const fields = [...(q.filter?.fieldsUsed ?? []), ...q.printed]
  const scoped = s.redaction?.namespace !== undefined
  const asked = q.containers === true || scoped || needsOf(registry, fields).has('container')
  const kept = s.write !== undefined || q.kept === true
  if (!s.containerMetadata || !(asked || kept)) return undefined
  const all = kept || q.containers === true || scoped || s.chisels.length > 0
  return {
    cri: s.cri,
    docker: s.dockerHost,
    env: process.env,
    hold: true,
    patient: q.atStart,
    patience: q.namesWithin,
    asked: all ? undefined : askedOf(fields),
  }
}

/** What these fields show of containers. Names of accounts are in arguments, too. */
function askedOf(fields: readonly string[]): { nameAlone: boolean; accounts: boolean } {
  const names = fields.map((field) => registry.find(field).name)
  const details = names.some((name, i) => !isOfName(name) && needsOf(registry, [fields[i] as string]).has('container'))
  return { nameAlone: !details, accounts: details || names.some((name) => /^evt\.(args?|info)$/.test(name)) }
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

function ofMachine(source: CaptureSource): Own {
  return {
    begin: () => {},
    interrupt: () => source.stop(),
    abandon: () => {},
    exitCode: async () => EXIT.ok,
  }
}

function ofCommand(source: CaptureSource, command: StoppedCommand): Own {
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
  } catch (e) {
    // else it has ended already
    if (systemCode(e) !== 'ESRCH') tell(`ksys: ${signal} cannot be passed on to the command: ${reason(e)}`)
  }
}
