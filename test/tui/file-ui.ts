// The UI over a file, without a terminal and without a worker thread: input goes to the reducer, its queries to the worker's
// session, and the results back. The screen is what the components draw.

import { loadRules } from '../../src/rules/load/load.js'
import { File } from '../../src/tui/worker/file.js'
import type { Report } from '../../src/tui/worker/messages.js'
import { Session } from '../../src/tui/worker/session.js'
import { Ui, views } from '../unit/tui/ui.js'

export class FileUi {
  readonly ui: Ui
  private readonly session: Session
  private readonly running: Promise<void>
  private sent = 0
  private heard = () => {}

  private constructor(
    file: string,
    private readonly label: string,
    rulesText: string | undefined,
  ) {
    const runtimes = { enabled: false, cri: [], docker: [] }
    const { rules = [] } = rulesText === undefined ? {} : loadRules([{ name: 'rules.yaml', text: rulesText }])
    const given = rulesText === undefined ? {} : { rules: { all: rules, masked: true } }
    const start = { file, refresh: 1000, runtimes, buffer: undefined, selfPid: process.pid, version: '0', ...given }
    this.ui = new Ui({ file: label, source: undefined })
    this.session = new Session(
      start,
      views,
      (r) => this.hear(r),
      (own) => new File(own, file),
    )
    this.running = this.session.run()
    this.send()
  }

  /** With the processes of a file, read to its end. label: the name of the file on the screen; rules: YAML of the rules */
  static begin(file: string, label: string, rules?: string): Promise<FileUi> {
    return new FileUi(file, label, rules).answered()
  }

  /** Without a selected view, as at the start, in a terminal of this size. */
  forget(width: number, height: number): void {
    const { meter, source, number, inside } = this.ui.state
    this.ui.state = { ...new Ui({ file: this.label, width, height }).state, meter, source, number, inside }
  }

  /** The terminal has this size from now on. */
  async resize(width: number, height: number): Promise<this> {
    this.ui.do({ kind: 'resize', width, height })
    return this.answered()
  }

  /** Opens a view as `-v` does; fulfilled when it is complete. */
  async open(id: string): Promise<this> {
    this.ui.open(id)
    return this.answered()
  }

  /** Types bytes as a terminal sends them; fulfilled when all of their results have arrived. */
  async type(bytes: string): Promise<this> {
    this.ui.type(bytes)
    return this.answered()
  }

  /** The lines of the screen. */
  text(): string {
    return this.ui.text()
  }

  async close(): Promise<void> {
    this.session.take({ kind: 'close' })
    await this.running
  }

  private async answered(): Promise<this> {
    this.send()
    while (!this.isAnswered) {
      const report = new Promise<void>((resolve) => {
        this.heard = resolve
      })
      // rejects if the file cannot be read
      await Promise.race([report, this.running])
    }
    return this
  }

  private get isAnswered(): boolean {
    const { result, refused, meter, overlay } = this.ui.state
    if (overlay?.kind === 'detail') return overlay.detail !== undefined
    return refused !== undefined || (result !== undefined && result.progress === undefined && meter !== undefined)
  }

  private hear(r: Report): void {
    this.ui.do({ kind: 'report', report: r.kind === 'source' ? { ...r, label: this.label } : r })
    this.send()
    this.heard()
  }

  private send(): void {
    for (let e = this.ui.effects[this.sent]; e !== undefined; e = this.ui.effects[this.sent]) {
      this.sent++
      if (e.kind === 'send') this.session.take(e.request)
    }
  }
}
