// The server that a run sends events to. When a file is read, ksys waits for the server, and fails if it rejects the records. A live
// capture continues, and reports how many records were not delivered.
import type { Export, ExportFormat } from '../../export/format.js'
import type { FieldContext } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import type { CaptureRun } from '../../run/capture-run.js'
import type { Waiting } from '../../source/files.js'
import { Sender } from '../../web/sender.js'
import { parseTarget, type Target, withPath } from '../../web/target.js'
import { shownUrl } from '../../web/url.js'
import { WebError } from '../../web/web-error.js'
import type { RowsFile } from '../chisels/sink.js'
import { CliError, EXIT } from '../errors/exit.js'
import { type Exported, formatOf } from '../options/exported.js'
import type { Settings } from '../options/settings.js'
import type { Query } from '../query/query.js'
import { VERSION } from '../version.js'
import type { FileSink } from './file-sink.js'
import { otlpPoster } from './otlp-poster.js'
import { number, printMessage } from './report.js'
import type { ExportTarget } from './target.js'

/** live: ms after which collected records are sent, however few; ms to wait for deliveries at the end */
const OFTEN = 1000
const PATIENCE = 5000
/** ms between checks whether the queue has capacity */
const CHECK_EVERY = 100

/** Throws CliError (usage) if the URL or the options after it are invalid. */
export function exportServer(exported: Exported, s: Settings, q: Query): ExportTarget {
  try {
    const format = formatOf(exported)
    const target = withPath(parseTarget(exported.path), format.server?.path ?? '')
    const packed = exported.packed ? { compress: true } : {}
    return new ExportServer(format, { ...target, ...packed }, s, q)
  } catch (e) {
    throw e instanceof WebError ? new CliError(EXIT.usage, e.message) : e
  }
}

class ExportServer implements ExportTarget {
  readonly awaited = 0
  readonly path: string
  readonly live: boolean
  private readonly sender: Sender
  private made: Export | undefined
  /** whether a signal has arrived */
  private stopped: () => boolean = () => false

  constructor(
    private readonly format: ExportFormat,
    target: Target,
    s: Settings,
    private readonly q: Query,
  ) {
    this.path = shownUrl(target.url)
    this.live = s.read.length === 0
    this.sender = new Sender({
      poster: otlpPoster(target),
      refused: (response) => this.made?.refused?.(response),
      warn: (reason) => s.quiet || printMessage(`ksys: ${this.path} accepted the records with a warning: ${reason}`),
      complain: (reason) => s.quiet || printMessage(`ksys: ${this.path} does not accept records at present: ${reason}`),
    })
  }

  async sink({ ctx }: CaptureRun, waiting: Waiting): Promise<FileSink> {
    const made = this.made ?? (await this.format.load())({ line: this.q.format, program: `ksys ${VERSION}` })
    this.made = made
    this.stopped = () => waiting.stopped?.() === true
    return new ServerSink(this, made, ctx)
  }

  rows(): Promise<RowsFile> {
    throw new Error(`${this.format.name} has no rows`)
  }

  /** Queues the complete requests. all: also incomplete ones. Rejects with CliError (output) if the records of a file are rejected. */
  async send(made: Export, all: boolean): Promise<void> {
    for (const { records, body } of made.take?.(all) ?? []) {
      if (!this.live) await this.capacity()
      this.sender.offer(body, records)
    }
  }

  async endAfter(run: Promise<number>): Promise<number> {
    const code = await run.catch(async (e: unknown) => {
      await this.sender.close(0)
      throw e
    })
    // when reading a file, wait unless there is a signal
    if (!this.live) while (this.sender.busy && this.sender.failed === 0 && !this.stopped()) await later(CHECK_EVERY)
    await this.sender.close(this.live || this.stopped() ? PATIENCE : 0)
    const lost = this.lost()
    if (lost === undefined) return code
    if (!this.live || this.sender.sent === 0) throw new CliError(EXIT.output, lost)
    printMessage(`ksys: ${lost}`)
    return code
  }

  /** Waits until the queue has capacity. */
  private async capacity(): Promise<void> {
    const { sender } = this
    while (sender.full && sender.failed === 0 && !this.stopped())
      await Promise.race([sender.room(), later(CHECK_EVERY)])
    if (sender.failed > 0) throw new CliError(EXIT.output, this.lost() ?? '')
  }

  /** A message about undelivered records; undefined: all were delivered. */
  private lost(): string | undefined {
    const { failed, dropped, reason } = this.sender
    if (failed + dropped === 0) return undefined
    const parts = [
      failed > 0 && `${number(failed)} ${failed === 1 ? 'record was' : 'records were'} not delivered: ${reason}`,
      dropped > 0 &&
        `${number(dropped)} ${dropped === 1 ? 'record was' : 'records were'} dropped because the queue was full`,
    ]
    return `${this.path}: ${parts.filter((part) => part !== false).join('; ')}`
  }
}

/** The sink for the events of one source. */
class ServerSink implements FileSink {
  readonly awaited = 0
  private since = performance.now()
  private ended = false

  constructor(
    private readonly server: ExportServer,
    private readonly made: Export,
    private readonly ctx: FieldContext,
  ) {}

  begin(): void {
    this.made.start(this.ctx)
  }

  show(e: Event): void {
    this.made.show(e)
  }

  get full(): boolean {
    return (this.made.gathered ?? 0) > 0
  }

  async flush(): Promise<void> {
    const now = performance.now()
    const all = this.server.live && now - this.since >= OFTEN
    if (all) this.since = now
    await this.server.send(this.made, all)
  }

  /** A run that fails may call it again. */
  async end(): Promise<void> {
    if (this.ended) return
    this.ended = true
    this.made.end()
    await this.server.send(this.made, true)
  }
}

function later(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms))
}
