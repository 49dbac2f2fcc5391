// A folder of export files, one for each host and hour, in subfolders whose names query engines read as columns.
import { join } from 'node:path'
import type { Export } from '../../export/format.js'
import { type FieldContext, stateOf } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import type { CaptureRun } from '../../run/capture-run.js'
import { closeAfter, exporterFactory, OpenExport } from '../../run/write/open-export.js'
import { unwritable, type Waiting } from '../../source/files.js'
import { makeFolders } from '../../source/output-folders.js'
import { OutputTree, PRIVATE_FOLDER } from '../../source/output-tree.js'
import { systemCode, WriteError } from '../../source/reason.js'
import type { RowsFile } from '../chisels/sink.js'
import { type Exported, formatOf, type PartitionKey } from '../options/exported.js'
import type { Settings } from '../options/settings.js'
import type { Query } from '../query/query.js'
import { exportSpec } from './export-file.js'
import type { FileSink } from './file-sink.js'
import { abandonedIn, FinishedParts } from './finished-parts.js'
import { PartitionNames } from './partition-names.js'
import { printMessage } from './report.js'
import type { ExportTarget } from './target.js'

/** Approximate maximum of events in memory for all files; above it, the file with the most events writes them. */
const MAX_HELD = 1 << 17
/** Events between checks of this maximum. */
const CHECK_EVENTS = 1 << 12
/** Bytes of a file that are written at a time. */
const CHUNK = 256 * 1024
/** Live: s after its hour during which a file waits for late events, and ms between checks for files to complete. */
const LATE = 60
const CHECK_EVERY = 1000
/** Maximum of open files: above it, the least recently used is completed; later events for it go to a new file. */
const MAX_OPEN = 64

interface PartitionFile {
  /** its subfolder */
  readonly folder: string
  /** s since the epoch at which its hour ends */
  readonly hourEnd: number
  /** times of its events, in s since the epoch and ns within the second */
  firstSec: number
  firstNs: number
  lastSec: number
  lastNs: number
  readonly made: Export
  /** context of the capture that `made` was last started with */
  ctx: FieldContext | undefined
  /** undefined until something is written */
  opened: OpenExport | undefined
}

export class PartitionedFiles implements ExportTarget {
  readonly awaited = 0
  private readonly names: PartitionNames
  private make: (() => Export) | undefined
  private tree: OutputTree | undefined
  /** by folder, the least recently used first */
  private readonly files = new Map<string, PartitionFile>()
  /** files to complete */
  private readonly ended: PartitionFile[] = []
  private finished: FinishedParts | undefined
  private waiting: Waiting = {}
  /** files are completed after their hour, while the run continues */
  private readonly endsHours: boolean
  private checkedAt = 0
  private current: PartitionFile | undefined
  private untilCheck = CHECK_EVENTS

  constructor(
    private readonly exported: Exported,
    private readonly s: Settings,
    private readonly q: Query,
    /** ms since the epoch */
    private readonly now: () => number = Date.now,
  ) {
    const keys = exported.partition as readonly PartitionKey[]
    this.names = new PartitionNames(keys)
    this.endsHours = keys.includes('hour') && (s.read.length === 0 || s.follow)
  }

  get path(): string {
    return this.exported.path
  }

  async sink(run: CaptureRun, waiting: Waiting): Promise<FileSink> {
    this.make ??= await exporterFactory(exportSpec(this.exported, this.s, this.q))
    this.waiting = waiting
    if (this.tree === undefined) await this.openTree()
    return new PartitionSink(this, run.ctx)
  }

  rows(): Promise<RowsFile> {
    throw new Error(`${this.exported.format} has no rows of chisels`)
  }

  endAfter(run: Promise<number>): Promise<number> {
    return closeAfter(run, () => this.close())
  }

  /** Adds the event under the cursor. */
  show(e: Event, ctx: FieldContext): void {
    if (this.names.moved(stateOf(ctx, e).info, e.time) || this.current === undefined) this.current = this.enter()
    const file = this.current
    if (file.ctx !== ctx) {
      file.ctx = ctx
      file.made.start(ctx)
    }
    file.made.show(e)
    this.extend(file)
    if (--this.untilCheck === 0) this.limitHeld()
  }

  /** whether something must be written before the next event */
  get full(): boolean {
    return this.ended.length > 0 || (this.current?.made.out.length ?? 0) >= CHUNK
  }

  async flush(): Promise<void> {
    if (this.endsHours) this.endHours()
    await this.endAll(this.ended.splice(0))
    for (const file of this.files.values()) if (file.made.out.length >= CHUNK) await (await this.open(file)).flush()
  }

  private async close(): Promise<void> {
    const all = [...this.ended.splice(0), ...this.files.values()]
    this.files.clear()
    try {
      await this.endAll(all)
    } finally {
      await this.tree?.close()
      this.tree = undefined
    }
    const note = this.finished?.note()
    if (note !== undefined) printMessage(`ksys: ${this.path}: ${note}`)
  }

  /** Extends the time range of a file to the current event. */
  private extend(file: PartitionFile): void {
    const { sec, ns } = this.names
    if (sec > file.lastSec || (sec === file.lastSec && ns > file.lastNs)) {
      file.lastSec = sec
      file.lastNs = ns
    }
    if (sec < file.firstSec || (sec === file.firstSec && ns < file.firstNs)) {
      file.firstSec = sec
      file.firstNs = ns
    }
  }

  /** Marks the files whose hour has ended for completion. */
  private endHours(): void {
    const now = this.now()
    if (Math.abs(now - this.checkedAt) < CHECK_EVERY) return
    this.checkedAt = now
    for (const [folder, file] of this.files) {
      if (now / 1000 < file.hourEnd + LATE) continue
      this.files.delete(folder)
      this.ended.push(file)
      if (file === this.current) this.current = undefined
    }
  }

  /** The file for the current event. */
  private enter(): PartitionFile {
    const { folder } = this.names
    const known = this.files.get(folder)
    this.files.delete(folder)
    const file = known ?? this.start(folder)
    this.files.set(folder, file)
    if (this.files.size > MAX_OPEN) {
      const [oldest, least] = this.files.entries().next().value as [string, PartitionFile]
      this.files.delete(oldest)
      this.ended.push(least)
    }
    return file
  }

  private start(folder: string): PartitionFile {
    const { sec, ns, hourEnd } = this.names
    const times = { firstSec: sec, firstNs: ns, lastSec: sec, lastNs: ns }
    return { folder, hourEnd, ...times, made: this.make!(), ctx: undefined, opened: undefined }
  }

  /** If all files together hold too many events in memory, makes the one with the most write them. */
  private limitHeld(): void {
    this.untilCheck = CHECK_EVENTS
    const held = [...this.files.values()].map((file) => ({ file, events: file.made.held ?? 0 }))
    if (held.reduce((sum, { events }) => sum + events, 0) < MAX_HELD) return
    held.sort((a, b) => b.events - a.events)[0]?.file.made.release?.()
  }

  private async open(file: PartitionFile): Promise<OpenExport> {
    const { exported, s, q, waiting, finished, names } = this
    const span = () => ({
      folder: file.folder,
      first: names.stamp(file.firstSec, file.firstNs),
      last: names.stamp(file.lastSec, file.lastNs),
    })
    file.opened ??= await OpenExport.open(join(exported.path, file.folder), exportSpec(exported, s, q), waiting, {
      exporter: file.made,
      opener: (_path, _waiting, belonging) => (finished as FinishedParts).start(file.folder, span, belonging ?? {}),
    })
    return file.opened
  }

  /** Opens the folder, and reports incomplete files of killed runs. Throws WriteError. */
  private async openTree(): Promise<void> {
    const { path } = this
    this.tree = await openTree(path)
    const [extension] = formatOf(this.exported).extensions
    this.finished = new FinishedParts(this.tree, path, extension as string)
    const abandoned = await abandonedIn(path, this.exported.partition?.length ?? 0)
    if (abandoned.length > 0)
      printMessage(
        `ksys: ${path} has ${abandoned.length === 1 ? 'an incomplete file' : `${abandoned.length} incomplete files`} of killed runs (${abandoned[0]}): such a file cannot be read; remove it`,
      )
  }

  /** Completes files, even after one fails. Rejects with the first error. */
  private async endAll(files: readonly PartitionFile[]): Promise<void> {
    let failed: unknown
    for (const file of files)
      await this.end(file).catch((e: unknown) => {
        failed ??= e
      })
    if (failed !== undefined) throw failed
  }

  private async end(file: PartitionFile): Promise<void> {
    file.made.end()
    const opened = await this.open(file)
    for (const note of await opened.close()) printMessage(`ksys: ${opened.file.path}: ${note}`)
  }
}

/** The sink for the events of one source. */
class PartitionSink implements FileSink {
  readonly awaited = 0

  constructor(
    private readonly files: PartitionedFiles,
    private readonly ctx: FieldContext,
  ) {}

  show(e: Event): void {
    this.files.show(e, this.ctx)
  }

  get full(): boolean {
    return this.files.full
  }

  flush(): Promise<void> {
    return this.files.flush()
  }

  async end(): Promise<void> {
    await this.files.flush()
  }
}

/** Opens the folder, and creates it if it is missing. Throws WriteError. */
async function openTree(path: string): Promise<OutputTree> {
  try {
    await makeFolders(path, PRIVATE_FOLDER)
    return await OutputTree.open(path, true)
  } catch (e) {
    const file = systemCode(e) === 'ENOTDIR'
    throw new WriteError(
      file ? `cannot write ${path}: it is a file, but --partition writes a folder` : unwritable(path, e),
      e,
    )
  }
}
