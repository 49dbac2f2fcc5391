// The export file that a run writes: the events of all inputs go to one file, or the rows of a chisel do.
import type { CaptureRun } from '../../run/capture-run.js'
import { CHUNK, ExportSink } from '../../run/write/export-sink.js'
import { closeAfter, type ExportSpec, OpenExport } from '../../run/write/open-export.js'
import type { Waiting } from '../../source/files.js'
import type { RowsFile } from '../chisels/sink.js'
import { type Exported, formatOf } from '../options/exported.js'
import type { Settings } from '../options/settings.js'
import type { Query } from '../query/query.js'
import { VERSION } from '../version.js'
import type { FileSink } from './file-sink.js'
import { printMessage } from './report.js'
import type { ExportTarget } from './target.js'

/** How a run writes its export files. */
export function exportSpec(exported: Exported, { belonging }: Settings, { format: line }: Query): ExportSpec {
  return { format: formatOf(exported), line, program: `ksys ${VERSION}`, packed: exported.packed, belonging }
}

export class ExportFile implements ExportTarget {
  private opened: OpenExport | undefined

  /** Opens nothing yet. */
  constructor(
    private readonly exported: Exported,
    private readonly s: Settings,
    private readonly q: Query,
  ) {}

  get path(): string {
    return this.exported.path
  }

  get awaited(): number {
    const file = this.opened?.file
    return file === undefined ? 1 : file.awaited
  }

  async sink(run: CaptureRun, waiting: Waiting): Promise<FileSink> {
    const { exporter } = await this.open(waiting)
    const isAwaited = run.isLive && formatOf(this.exported).stream === true
    return new ExportSink(this, exporter, run, {
      filter: this.q.filter,
      bufferBytes: this.s.unbuffered ? 1 : CHUNK,
      isAwaited,
    })
  }

  async rows(waiting: Waiting): Promise<RowsFile> {
    const { exporter } = await this.open(waiting)
    return { add: (value) => exporter.value?.(value), flush: () => this.flush() }
  }

  async flush(): Promise<void> {
    await this.opened?.flush()
  }

  endAfter(run: Promise<number>): Promise<number> {
    return closeAfter(
      run,
      async () => this.printNotes(await this.opened?.close()),
      async () => this.printNotes(await this.opened?.closeFailed()),
    )
  }

  private async open(waiting: Waiting): Promise<OpenExport> {
    const { exported, s, q } = this
    this.opened ??= await OpenExport.open(exported.path, exportSpec(exported, s, q), waiting)
    return this.opened
  }

  private printNotes(notes: readonly string[] = []): void {
    for (const note of notes) printMessage(`ksys: ${this.path}: ${note}`)
  }
}
