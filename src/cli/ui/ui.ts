// `ksys ui`: starts the terminal UI from the command line. Its worker is started before the other modules are loaded: both take equally
// long.

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
import { printHelp } from '../help/help.js'
import { ceilingsOf } from '../options/ceilings.js'
import { type Raw, unneededIn } from '../options/parse.js'
import { type Last, uiRetention } from '../options/recording.js'
import { redactionOf } from '../options/redaction.js'
import { mistakesIn } from '../options/refusals.js'
import { stacksOf, type Which } from '../options/stacks.js'
import { UI } from '../options/subcommands.js'
import { UNNEEDED, withoutProbe } from '../options/sysdig.js'
import { type OptionDef, RUN_OPTIONS } from '../options/table.js'
import { UI_OPTIONS } from '../options/ui.js'
import { type Parsed, parseWords } from '../options/words.js'
import type { Output } from '../output/stdout.js'
import { printMessage } from '../run/report.js'
import { onSignals } from '../run/signals.js'
import { VERSION } from '../version.js'
import type { Opened } from './open.js'

const REFRESH = 1000
/** default width of printed lines */
const WIDTH = 80

/** Whether an option determines what is captured and retained; all other options are part of the state of the UI. */
function affectsCapture({ long }: OptionDef): boolean {
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
  if ((o.read?.length ?? 0) > 1) throw new CliError(EXIT.usage, 'the UI shows only one file: use -r once')
  if (o.plain) refuseWithPlain(o)
  else needTerminal(o)
  for (const sentence of unneededIn(options)) printMessage(`ksys: ${sentence}`)
  const file = o.read?.[0]
  if (file !== undefined) refuseStream(file)
  const { settings, note, save } = settingsOf(o)
  const refresh = o.refresh ?? settings.refresh ?? REFRESH
  const masked = (o.snaplen ?? 0) === 0 && !o.showData
  const start = await workerStart(options, { file, refresh, masked })
  // before the worker: the capture drops privileges that they need
  const actions = o.actions ? await (await import('./actions.js')).startRunners() : undefined
  const worker = startWorker(start)
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
        captureArguments: capturing,
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

/** How the worker starts. Throws CliError for options that cannot be used together, for rules and for files of a redaction. */
async function workerStart(
  o: UiWords & Raw,
  { file, refresh, masked }: { readonly file: string | undefined; readonly refresh: number; readonly masked: boolean },
): Promise<WorkerStart> {
  return {
    file,
    refresh,
    runtimes: { enabled: o.containerMetadata !== false, cri: o.cri ?? [], docker: o.dockerHost ?? [] },
    buffer: o.buffer,
    keep: keepOf(file, o),
    ceilings: ceilingsOf(o),
    stacks: stacksOf(o.stacks),
    redaction: redactionOf(o),
    ...(await rulesOf(o, file, masked)),
    selfPid: process.pid,
    printsOnly: o.plain === true,
    version: VERSION,
  }
}

/** The rules to evaluate, and the bytes of data that are captured of each call, live: rules may need some. */
async function rulesOf(
  { rules, snaplen, verbose }: UiWords,
  file: string | undefined,
  masked: boolean,
): Promise<Pick<WorkerStart, 'rules' | 'snaplen'>> {
  if (rules === undefined) return { snaplen }
  const { rulesFor } = await import('./rules.js')
  const { given, snaplen: least } = await rulesFor(rules, masked, verbose === true)
  return { rules: given, snaplen: snaplen ?? (file === undefined ? least : undefined) }
}

/** The columns that are shown even if they are empty. */
function wantedOf({ print }: UiWords, file: string | undefined): Opened['options']['wanted'] {
  return {
    containers: print !== undefined,
    pods: print?.startsWith('k') === true,
    hosts: file !== undefined && isMerged(file),
  }
}

/** The saved settings, messages about them, and how to save them. */
function settingsOf({ config }: UiWords): Pick<Opened['options'], 'settings' | 'save'> & { note?: string | undefined } {
  const file = config === false ? undefined : SettingsFile.of(process.env)
  if (file === undefined) return { settings: NONE, save: undefined }
  return { ...file.read(), save: (s) => file.write(s) }
}

function refuseWithPlain({ theme, actions }: UiWords): void {
  if (actions) throw new CliError(EXIT.usage, '--actions cannot be used with --plain, which reads no keys')
  if (theme !== undefined)
    throw new CliError(EXIT.usage, '--theme cannot be used with --plain, which prints no colours')
}

/** How --plain prints, until a signal arrives. */
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
    printMessage: (text) => printMessage(`ksys: ${text}`),
    ended,
  }
}

/** The options, and the arguments that determine what is captured. Throws CliError for unknown options. */
function parsed(argv: readonly string[]): Parsed<UiWords & Raw> & { capturing: readonly string[] } {
  const taken = new Set(UI_OPTIONS.map((u) => u.short))
  const table = [...UI_OPTIONS, ...UNNEEDED.filter((u) => u.short === undefined || !taken.has(u.short))]
  const capturing: string[] = []
  const each = (def: OptionDef, value: string | undefined) => {
    if (affectsCapture(def)) capturing.push(`--${def.long}`, ...(value === undefined ? [] : [value]))
  }
  const mistakes = mistakesIn(UI.word, UI.refuses)
  return { ...parseWords<UiWords & Raw>(table, argv.map(withoutProbe), mistakes, each), capturing }
}

/** Throws CliError if there is no terminal to show the UI on. */
function needTerminal({ lines, rules }: UiWords): void {
  if (lines !== undefined) throw new CliError(EXIT.usage, '--lines requires --plain')
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new CliError(
      EXIT.usage,
      'the UI needs a terminal for input and output; without one --plain prints a view as text',
    )
  if (rules?.includes('-'))
    throw new CliError(EXIT.usage, '--rules cannot read standard input (-), which is the keyboard')
  if (!isScreen(process.env))
    throw new CliError(
      EXIT.usage,
      `the UI needs a terminal that can show a full screen, and TERM is '${process.env.TERM ?? ''}'; without one --plain prints a view as text`,
    )
}

/** How much of a live capture is retained; undefined for a file. */
function keepOf(file: string | undefined, { last, snaplen, stacks, buffers }: UiWords): MemoryBounds | undefined {
  if (file === undefined) {
    const keep = uiRetention(last, OwnMemory.find()?.limit ?? totalmem())
    if (snaplen !== undefined && snaplen > 0 && (keep === undefined || buffers === false))
      throw new CliError(
        EXIT.usage,
        `-s records data, but ${keep === undefined ? '--last 0 retains nothing' : '--no-buffers omits it'}`,
      )
    return keep
  }
  if (snaplen !== undefined)
    throw new CliError(EXIT.usage, '-s requires a live capture: a file contains the data that was recorded with it')
  if (stacks !== undefined)
    throw new CliError(
      EXIT.usage,
      '--stacks requires a live capture: a file contains the stacks that were recorded with it',
    )
  if (last !== undefined)
    throw new CliError(EXIT.usage, '--last requires a live capture: it sets how much of it is retained')
  return undefined
}

/** Refuses a file that can be read only once: each query reads it from the start. */
function refuseStream(file: string): void {
  let stream = file === '-'
  try {
    const stat = statSync(file)
    stream ||= stat.isFIFO() || stat.isSocket() || stat.isCharacterDevice()
  } catch {
    // opening it reports the error
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
