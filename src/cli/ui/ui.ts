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
import { isScreen } from '../../tui/terminal/color.js'
import type { WorkerStart } from '../../tui/worker/messages.js'
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/help.js'
import { ceilingsOf } from '../options/ceilings.js'
import type { OptionsOf } from '../options/option-types.js'
import { overFiles } from '../options/over-files.js'
import { uiRetention } from '../options/recording.js'
import { redactionOf } from '../options/redaction.js'
import { mistakesIn } from '../options/refusals.js'
import { stacksOf } from '../options/stacks.js'
import { UNNEEDED, unneededIn, withoutProbe } from '../options/sysdig.js'
import { type OptionDef, RUN_OPTIONS } from '../options/table.js'
import { UI, UI_OPTIONS } from '../options/ui.js'
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

type UiOptions = OptionsOf<typeof UI_OPTIONS>

/** The options of the capture, without those of the screen. */
type CapturedOptions = Omit<
  UiOptions,
  | ('help' | 'read' | 'view' | 'tree' | 'print' | 'theme' | 'plain' | 'lines' | 'showData' | 'refresh')
  | ('actions' | 'config')
>

/** Opens the UI; returns the exit code. */
export async function ui(argv: readonly string[], out: Output): Promise<number> {
  const { options, words, capturing, unneeded } = parsed(argv)
  const { help, read = [], view, tree, print, theme, plain, lines, showData, refresh: every, ...more } = options
  const { actions, config, ...captured } = more
  const { rules: rulesFiles = [], snaplen, verbose } = captured
  if (help) return printUiHelp(out)
  if (read.length > 1) throw new CliError(EXIT.usage, 'the UI shows only one file: use -r once')
  if (plain) refuseWithPlain(theme, actions)
  else needTerminal(lines, rulesFiles)
  for (const sentence of [...unneededIn(unneeded), ...overFiles(UI_OPTIONS, options)]) printMessage(`ksys: ${sentence}`)
  const [file] = read
  if (file !== undefined) refuseStream(file)
  const { settings, note, save } = savedSettings(config !== false)
  const refresh = every ?? settings.refresh ?? REFRESH
  const masked = (snaplen ?? 0) === 0 && !showData
  const start = await workerStart(captured, { file, refresh, masked, printsOnly: plain === true })
  // before the worker: the capture drops privileges that they need
  const runners = actions ? await (await import('./actions.js')).startRunners() : undefined
  // before the worker, too: from the start of the capture on a signal must end it in order
  const printing = plain && plainOf(lines, out)
  const worker = startWorker(start)
  try {
    const { openUi } = await import('./open.js')
    return await openUi({
      id: view,
      filter: words.join(' ').trim(),
      verbose: verbose === true,
      options: {
        file,
        refresh,
        rulesFiles,
        captureArguments: capturing,
        tree: tree === true,
        wanted: wantedOf(print, file),
        worker,
        theme: theme ?? settings.theme ?? 'auto',
        settings,
        masked,
        save,
        note: note ?? runners?.note,
        runners: runners?.runners,
      },
      own: runners?.own,
      plain: printing,
    })
  } finally {
    await worker.terminate()
    runners?.close()
  }
}

/** How the worker starts. Throws CliError for options that cannot be used together, for rules and for files of a redaction. */
async function workerStart(
  o: CapturedOptions,
  { masked, ...ui }: Pick<WorkerStart, 'file' | 'refresh' | 'printsOnly'> & { readonly masked: boolean },
): Promise<WorkerStart> {
  const { rules = [], last, snaplen, stacks, buffer, maxCpu, maxCalls, verbose, ...others } = o
  const { cri = [], dockerHost: docker = [], containerMetadata, ...privacy } = others
  const { file } = ui
  const redaction = redactionOf({ ...privacy, containerMetadata })
  return {
    ...ui,
    runtimes: { enabled: containerMetadata !== false, cri, docker },
    buffer,
    keep: file === undefined ? retained({ last, snaplen, noBuffers: redaction?.noBuffers === true }) : undefined,
    ceilings: ceilingsOf({ maxCpu, maxCalls, buffer }),
    stacks: stacksOf(stacks),
    redaction,
    ...(await rulesOf(rules, { snaplen, verbose: verbose === true, file, masked })),
    selfPid: process.pid,
    version: VERSION,
  }
}

/** The rules to evaluate, and the bytes of data that are captured of each call, live: rules may need some. */
async function rulesOf(
  rulesFiles: readonly string[],
  {
    snaplen,
    verbose,
    file,
    masked,
  }: { snaplen: number | undefined; verbose: boolean; file: string | undefined; masked: boolean },
): Promise<Pick<WorkerStart, 'rules' | 'snaplen'>> {
  if (rulesFiles.length === 0) return { snaplen }
  const { rulesFor } = await import('./rules.js')
  const { given, snaplen: least } = await rulesFor(rulesFiles, masked, verbose)
  return { rules: given, snaplen: snaplen ?? (file === undefined ? least : undefined) }
}

/** The columns that are shown even if they are empty. */
function wantedOf(print: UiOptions['print'], file: string | undefined): Opened['options']['wanted'] {
  return {
    containers: print !== undefined,
    pods: print?.startsWith('k') === true,
    hosts: file !== undefined && isMerged(file),
  }
}

/** The saved settings, messages about them, and how to save them; used: without --no-config. */
function savedSettings(used: boolean): Pick<Opened['options'], 'settings' | 'save'> & { note?: string | undefined } {
  const file = used ? SettingsFile.of(process.env) : undefined
  if (file === undefined) return { settings: NONE, save: undefined }
  return { ...file.read(), save: (s) => file.write(s) }
}

function refuseWithPlain(theme: UiOptions['theme'], actions: UiOptions['actions']): void {
  if (actions) throw new CliError(EXIT.usage, '--actions cannot be used with --plain, which reads no keys')
  if (theme !== undefined)
    throw new CliError(EXIT.usage, '--theme cannot be used with --plain, which prints no colours')
}

/** How --plain prints, until a signal arrives. */
function plainOf(lines: number | undefined, out: Output): Opened['plain'] {
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
function parsed(argv: readonly string[]): Parsed<UiOptions> & { capturing: readonly string[] } {
  const taken = new Set(UI.options.map((u: OptionDef) => u.short))
  const unneeded = UNNEEDED.filter((u) => u.short === undefined || !taken.has(u.short))
  const capturing: string[] = []
  const each = (def: OptionDef, value: string | undefined) => {
    if (affectsCapture(def)) capturing.push(`--${def.long}`, ...(value === undefined ? [] : [value]))
  }
  const parsing = { ...mistakesIn(UI.word, UI.refuses), unneeded, each }
  return { ...parseWords(UI.options, argv.map(withoutProbe), parsing), capturing }
}

/** Throws CliError if there is no terminal to show the UI on. */
function needTerminal(lines: number | undefined, rulesFiles: readonly string[]): void {
  if (lines !== undefined) throw new CliError(EXIT.usage, '--lines requires --plain')
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new CliError(
      EXIT.usage,
      'the UI needs a terminal for input and output; without one --plain prints a view as text',
    )
  if (rulesFiles.includes('-'))
    throw new CliError(EXIT.usage, '--rules cannot read standard input (-), which is the keyboard')
  if (!isScreen(process.env))
    throw new CliError(
      EXIT.usage,
      `the UI needs a terminal that can show a full screen, and TERM is '${process.env.TERM ?? ''}'; without one --plain prints a view as text`,
    )
}

/** How much of a live capture is retained; undefined: nothing. */
function retained({
  last,
  snaplen = 0,
  noBuffers,
}: Pick<UiOptions, 'last' | 'snaplen'> & { readonly noBuffers: boolean }): MemoryBounds | undefined {
  const keep = uiRetention(last, OwnMemory.find()?.limit ?? totalmem())
  if (snaplen > 0 && (keep === undefined || noBuffers))
    throw new CliError(
      EXIT.usage,
      `-s records data, but ${keep === undefined ? '--last 0 retains nothing' : '--no-buffers omits it'}`,
    )
  return keep
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

async function printUiHelp(out: Output): Promise<number> {
  const { loadViews } = await import('../../views/index.js')
  const views = await loadViews()
  const widest = Math.max(...views.map((v) => v.id.length))
  return printHelp(UI, out, ['', 'Views:', ...views.map((v) => `  ${v.id.padEnd(widest)}  ${v.name}`)])
}
