// `ksys ui`: words of the command line to the terminal UI. Its worker is started before all else is loaded: both take as long.

import { statSync } from 'node:fs'
import { totalmem } from 'node:os'
import { isMerged } from '../../merged/kind.js'
import { OwnMemory } from '../../source/own-memory.js'
import type { MemoryBounds } from '../../trace/memory-trace.js'
import { SettingsFile } from '../../tui/settings/file.js'
import { NONE } from '../../tui/settings/settings.js'
import { startWorker } from '../../tui/start-worker.js'
import { isScreen, type ThemeChoice } from '../../tui/terminal/color.js'
import type { WorkerStart } from '../../tui/worker/messages.js'
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/subcommand.js'
import { ceilingsOf } from '../options/ceilings.js'
import { type Raw, unneededIn } from '../options/parse.js'
import { keptByUi, type Last } from '../options/recording.js'
import { redactionOf } from '../options/redaction.js'
import { mistakesIn } from '../options/refusals.js'
import { stacksOf, type Which } from '../options/stacks.js'
import { UI } from '../options/subcommands.js'
import { UNNEEDED, withoutProbe } from '../options/sysdig.js'
import { type OptionDef, RUN_OPTIONS } from '../options/table.js'
import { UI_OPTIONS } from '../options/ui.js'
import { type Parsed, parseWords } from '../options/words.js'
import type { Output } from '../output/stdout.js'
import { tell } from '../run/report.js'
import { onSignals } from '../run/signals.js'
import { VERSION } from '../version.js'
import type { Opened } from './open.js'

const REFRESH = 1000
/** cells of a printed line where no terminal says */
const WIDTH = 80

/** Whether an option says what is captured and kept; all else that makes a screen is known by the state of the UI. */
function saysWhatIsKept({ long }: OptionDef): boolean {
  const scope = RUN_OPTIONS.find((o) => o.long === long)?.scope
  return long === 'last' || scope === 'privacy' || scope === 'ceilings' || scope === 'live'
}

interface UiWords {
  read?: string[]
  view?: string
  tree?: true
  refresh?: number
  print?: string
  theme?: ThemeChoice
  buffer?: number
  snaplen?: number
  stacks?: Which
  last?: readonly (Last | undefined)[]
  cri?: string[]
  dockerHost?: string[]
  containerMetadata?: boolean
  config?: boolean
  plain?: true
  lines?: number
  showData?: true
  buffers?: boolean
  actions?: true
  rules?: string[]
  verbose?: true
  help?: true
}

/** Opens the UI; returns the exit code. */
export async function ui(argv: readonly string[], out: Output): Promise<number> {
  const { options, words, capturing } = parsed(argv)
  const o: UiWords = options
  if (o.help) return help(out)
  if ((o.read?.length ?? 0) > 1) throw new CliError(EXIT.usage, 'the UI shows one file: use -r once')
  if (o.plain) refuseWithPlain(o)
  else needTerminal(o)
  for (const sentence of unneededIn(options)) tell(`ksys: ${sentence}`)
  const file = o.read?.[0]
  if (file !== undefined) refuseStream(file)
  const keep = keepOf(file, o)
  const { settings, note, save } = settingsOf(o)
  const refresh = o.refresh ?? settings.refresh ?? REFRESH
  const runtimes = { enabled: o.containerMetadata !== false, cri: o.cri ?? [], docker: o.dockerHost ?? [] }
  const redaction = redactionOf(options)
  const masked = (o.snaplen ?? 0) === 0 && !o.showData
  const asked = await askedOf(o, file, masked)
  // before the worker: a capture gives up what they need
  const actions = o.actions ? await (await import('./actions.js')).beginRunners() : undefined
  const worker = startWorker({
    file,
    refresh,
    runtimes,
    buffer: o.buffer,
    keep,
    ceilings: ceilingsOf(options),
    stacks: stacksOf(o.stacks),
    redaction,
    ...asked,
    selfPid: process.pid,
    printsOnly: o.plain === true,
    version: VERSION,
  })
  try {
    const { openUi } = await import('./open.js')
    return await openUi({
      id: o.view,
      filter: words.join(' ').trim(),
      verbose: o.verbose === true,
      options: {
        file,
        refresh,
        rulesFiles: o.rules ?? [],
        capturing,
        tree: o.tree === true,
        wanted: wantedOf(o, file),
        worker,
        theme: o.theme ?? settings.theme ?? 'auto',
        settings,
        masked,
        save,
        note: note ?? actions?.note,
        runners: actions?.runners,
      },
      own: actions?.own,
      plain: o.plain && plainOf(o, out),
    })
  } finally {
    await worker.terminate()
    actions?.close()
  }
}

/** The rules that events are asked, and how many bytes of data are captured of each call, live: rules may look at some. */
async function askedOf(
  { rules, snaplen, verbose }: UiWords,
  file: string | undefined,
  masked: boolean,
): Promise<Pick<WorkerStart, 'rules' | 'snaplen'>> {
  if (rules === undefined) return { snaplen }
  const { rulesFor } = await import('./rules.js')
  const { given, snaplen: least } = await rulesFor(rules, masked, verbose === true)
  return { rules: given, snaplen: snaplen ?? (file === undefined ? least : undefined) }
}

/** Which columns are shown, whether there is something for them or not. */
function wantedOf({ print }: UiWords, file: string | undefined): Opened['options']['wanted'] {
  return {
    containers: print !== undefined,
    pods: print?.startsWith('k') === true,
    hosts: file !== undefined && isMerged(file),
  }
}

/** What the person chose before, what is to be told of that, and how it is kept. */
function settingsOf({ config }: UiWords): Pick<Opened['options'], 'settings' | 'save'> & { note?: string | undefined } {
  const file = config === false ? undefined : SettingsFile.of(process.env)
  if (file === undefined) return { settings: NONE, save: undefined }
  return { ...file.read(), save: (s) => file.write(s) }
}

function refuseWithPlain({ theme, actions }: UiWords): void {
  if (actions) throw new CliError(EXIT.usage, '--plain asks for no keys: leave out --actions')
  if (theme !== undefined) throw new CliError(EXIT.usage, '--plain prints without colours: leave out --theme')
}

/** How it is printed, until a signal comes. */
function plainOf({ lines }: UiWords, out: Output): Opened['plain'] {
  const ended = new Promise<void>((resolve) => {
    onSignals(
      () => resolve(),
      () => out.waiting,
    )
  })
  return {
    width: process.stdout.columns ?? WIDTH,
    lines,
    write: (text) => out.text(text),
    tell: (text) => tell(`ksys: ${text}`),
    ended,
  }
}

/** The options, and the words of those that say what is captured. Throws CliError for words that it does not know. */
function parsed(argv: readonly string[]): Parsed<UiWords & Raw> & { capturing: readonly string[] } {
  const taken = new Set(UI_OPTIONS.map((u) => u.short))
  const table = [...UI_OPTIONS, ...UNNEEDED.filter((u) => u.short === undefined || !taken.has(u.short))]
  const capturing: string[] = []
  const each = (def: OptionDef, value: string | undefined) => {
    if (saysWhatIsKept(def)) capturing.push(`--${def.long}`, ...(value === undefined ? [] : [value]))
  }
  const mistakes = mistakesIn(UI.word, UI.refuses)
  return { ...parseWords<UiWords & Raw>(table, argv.map(withoutProbe), mistakes, each), capturing }
}

/** Throws CliError where there is no terminal that the UI could be shown on. */
function needTerminal({ lines, rules }: UiWords): void {
  if (lines !== undefined)
    throw new CliError(EXIT.usage, '--lines says how many rows --plain prints: the screen has its own')
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new CliError(
      EXIT.usage,
      'the UI needs a terminal for input and output; without one --plain prints a view as text',
    )
  if (rules?.includes('-'))
    throw new CliError(EXIT.usage, '--rules names a file: standard input (-) is the keyboard here')
  if (!isScreen(process.env))
    throw new CliError(
      EXIT.usage,
      `the UI needs a terminal that can show a full screen, and TERM is '${process.env.TERM ?? ''}'; without one --plain prints a view as text`,
    )
}

/** How much is kept of what happens; a file is there as a whole. */
function keepOf(file: string | undefined, { last, snaplen, stacks, buffers }: UiWords): MemoryBounds | undefined {
  if (file === undefined) {
    const keep = keptByUi(last, OwnMemory.find()?.limit ?? totalmem())
    if (snaplen !== undefined && snaplen > 0 && (keep === undefined || buffers === false))
      throw new CliError(
        EXIT.usage,
        `-s keeps data, and ${keep === undefined ? '--last 0 keeps nothing' : '--no-buffers keeps them out'}`,
      )
    return keep
  }
  if (snaplen !== undefined) throw new CliError(EXIT.usage, 'a file has the data that it has: -s is about this machine')
  if (stacks !== undefined)
    throw new CliError(EXIT.usage, 'a file has the stacks that it was written with: --stacks is about this machine')
  if (last !== undefined)
    throw new CliError(
      EXIT.usage,
      'a file is there as a whole: --last says how much is kept of what happens on this machine',
    )
  return undefined
}

/** Each query reads the file from its beginning. */
function refuseStream(file: string): void {
  let stream = file === '-'
  try {
    const found = statSync(file)
    stream ||= found.isFIFO() || found.isSocket() || found.isCharacterDevice()
  } catch {
    // whoever opens it says why it cannot be
  }
  if (stream)
    throw new CliError(
      EXIT.usage,
      `the UI reads a file more than once, and ${file} can be read only once: save it first`,
    )
}

async function help(out: Output): Promise<number> {
  const { loadViews } = await import('../../views/index.js')
  const views = await loadViews()
  const widest = Math.max(...views.map((v) => v.id.length))
  return printHelp(UI, out, ['', 'Views:', ...views.map((v) => `  ${v.id.padEnd(widest)}  ${v.name}`)])
}
