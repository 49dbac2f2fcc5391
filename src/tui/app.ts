// The UI as a whole: connects terminal, worker and reducer. Only this file deals with clock, input and output together.
import type { Worker } from 'node:worker_threads'
import type { Runner } from '../actions/client.js'
import type { Offer } from '../actions/offer.js'
import { loadComponents } from './components/load.js'
import type { Mounted } from './components/mount.js'
import { Theme } from './components/theme.js'
import type { Input } from './input/input.js'
import type { Effect, Step, UiState } from './model/model.js'
import { commandText, requery } from './model/query.js'
import type { Settings } from './settings/settings.js'
import { closeWorker } from './start-worker.js'
import { type StartOptions, startState } from './state/start.js'
import { type Action, update } from './state/update.js'
import { colorDepth, isLight, type ThemeChoice } from './terminal/color.js'
import { Terminal } from './terminal/terminal.js'
import { clean } from './terminal/width.js'
import type { Refusal, Report } from './worker/messages.js'
import { RowReceiver, type SentReport } from './worker/sent-rows.js'

export interface UiOptions extends StartOptions {
  /** started by startWorker() with the same file and refresh */
  readonly worker: Worker
  /** colours for a dark or light background, or none */
  readonly theme: ThemeChoice
  /** runs actions; undefined: actions cannot be run */
  readonly runners: Runners | undefined
  /** saves settings; returns why it cannot. Absent: nothing is saved */
  readonly save: ((s: Settings) => string | undefined) | undefined
}

/** Runners of built-in actions and of the user's own, and the account that each runs as. */
export interface Runners {
  readonly as: NonNullable<UiState['runsAs']>
  readonly ours: Pick<Runner, 'run'>
  readonly own: Pick<Runner, 'run'> | undefined
}

/** How the UI ended. */
export interface UiEnd {
  readonly exitCode: number
  /** why it could not continue */
  readonly message: string | undefined
  /** set if a capture could not be started */
  readonly refusal?: Refusal | undefined
}

/** Runs the UI on the process's terminal until the user quits. */
export function runUi(options: UiOptions): Promise<UiEnd> {
  return new Ui(options).run()
}

class Ui {
  private state: UiState
  private theme: Theme
  private readonly terminal = new Terminal(process.stdin, process.stdout)
  private readonly worker: Worker
  /** undefined until loaded */
  private components: typeof import('./components/mount.js') | undefined
  private mounted: Mounted | undefined
  private end: (e: UiEnd) => void = () => {}
  private crash: (e: unknown) => void = () => {}
  private cpu = process.cpuUsage()
  private cpuAt = performance.now()
  private ended = false
  /** a frame is due */
  private drawing = false
  /** the worker has ended */
  private workerExited = false

  /** an action's program uses the terminal */
  private lent = false

  constructor(private readonly options: UiOptions) {
    this.state = startState(options, this.terminal.columns, this.terminal.rows, options.runners?.as)
    this.worker = options.worker
    this.theme = themeOf(options.theme)
  }

  run(): Promise<UiEnd> {
    return new Promise((resolve, reject) => {
      this.end = (e) => void this.close().then(() => resolve(e))
      this.crash = (e) => void this.close().then(() => reject(e))
      const receiver = new RowReceiver()
      this.worker.on('message', (r: SentReport) => this.report(receiver.unpack(r)))
      const failed = (text: string) => this.report({ kind: 'failed', text, exitCode: 1 })
      this.worker.once('exit', () => {
        this.workerExited = true
        if (this.state.failed === undefined) failed('the capture worker exited unexpectedly')
      })
      this.worker.on('error', (e) => failed(`the capture worker failed: ${e.message}`))
      process.once('uncaughtException', this.crash)
      process.once('unhandledRejection', this.crash)
      for (const s of SIGNALS) process.on(s, this.signalled)
      this.apply(requery(this.state))
      this.terminal.open({ input: (i) => this.input(i), redraw: () => this.redraw() })
      loadComponents().then((components) => {
        this.components = components
        this.redraw()
      }, this.crash)
    })
  }

  /** Restores the terminal at once; resolves when the worker has exited. */
  private async close(): Promise<void> {
    if (this.ended) return
    this.ended = true
    this.terminal.close()
    this.mounted?.unmount()
    for (const s of SIGNALS) process.removeListener(s, this.signalled)
    if (!this.workerExited) await closeWorker(this.worker)
  }

  private readonly signalled = (signal: NodeJS.Signals): void => {
    // Ctrl-C is meant for the program that uses the terminal
    if (this.lent && signal === 'SIGINT') return
    void this.close().then(() => process.kill(process.pid, signal))
  }

  private input(input: Input): void {
    this.act({ kind: 'input', input, at: performance.now() })
  }

  private report(report: Report): void {
    if (this.ended) return
    if (report.kind === 'failed' && this.state.result === undefined) {
      this.end({ exitCode: report.exitCode, message: report.text, refusal: report.refusal })
      return
    }
    this.act({ kind: 'report', report, ...(report.kind === 'meter' ? { own: this.ownCpu() } : {}) })
  }

  private act(action: Action): void {
    this.apply(update(this.state, action))
  }

  private apply({ state, effects }: Step): void {
    const changed = state !== this.state
    this.state = state
    this.terminal.setMouse(state.mouse && !(state.overlay !== undefined && 'top' in state.overlay))
    for (const e of effects) this.effect(e)
    if (changed) this.draw()
  }

  /** Draws once for all changes of one turn of the event loop: a frame costs more than a report. */
  private draw(): void {
    if (this.drawing) return
    this.drawing = true
    setImmediate(() => {
      this.drawing = false
      if (!this.ended && !this.lent) this.mounted?.show(this.state, this.theme)
    })
  }

  private effect(e: Effect): void {
    if (e.kind === 'send') this.worker.postMessage(e.request)
    else if (e.kind === 'copy') this.terminal.copy(e.text)
    else if (e.kind === 'run') void this.perform(e.offer)
    else if (e.kind === 'theme') {
      this.theme = themeOf(e.theme)
      this.redraw()
    } else if (e.kind === 'save') this.save(e.settings)
    else if (e.kind === 'quit') this.end({ exitCode: 0, message: undefined })
    else if (e.kind === 'suspend') this.terminal.suspend()
    else this.redraw()
  }

  /** Runs an action in the terminal, or in the background if it needs none; its outcome is shown in the bottom line. */
  private async perform({ action, argv, values }: Offer): Promise<void> {
    const runner = 'own' in action ? this.options.runners?.own : this.options.runners?.ours
    if (runner === undefined || argv === undefined) return
    const command = commandText(argv)
    const run = async () => (await runner.run({ action: action.id, values })).text
    const showNote = (text: string) => this.act({ kind: 'ran', text })
    if (action.quiet === true || action.signal !== undefined) {
      showNote(`runs: ${command}`)
      showNote(await run())
      return
    }
    let message = ''
    this.lent = true
    await this.terminal.lend(`$ ${command}`, async () => {
      message = await run()
      return clean(message)
    })
    this.lent = false
    showNote(message)
  }

  private save(settings: Settings): void {
    const why = this.options.save?.(settings)
    if (why !== undefined) this.report({ kind: 'note', text: why })
  }

  /** Redraws everything: the size or the colours changed, or another program used the terminal. */
  private redraw(): void {
    if (this.ended || this.components === undefined) return
    const { columns, rows } = this.terminal
    this.state = update(this.state, { kind: 'resize', width: columns, height: rows }).state
    this.terminal.clear()
    if (this.mounted !== undefined) this.mounted.show(this.state, this.theme)
    else this.mounted = this.components.mount(this.state, this.theme, this.terminal.screen, this.crash)
  }

  /** Percent of a CPU that ksys has used since the last call. */
  private ownCpu(): number {
    const now = performance.now()
    const { user, system } = process.cpuUsage(this.cpu)
    const percent = (user + system) / 10 / Math.max(1, now - this.cpuAt)
    this.cpu = process.cpuUsage()
    this.cpuAt = now
    return percent
  }
}

function themeOf(choice: ThemeChoice): Theme {
  return new Theme(colorDepth(process.env, choice), choice === 'light' || (choice === 'auto' && isLight(process.env)))
}

const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const
