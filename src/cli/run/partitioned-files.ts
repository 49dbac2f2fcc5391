// A folder of files for other tools: one for each host and hour, whose folders have names that engines take for columns.
import { join } from 'node:path'
import type { Export } from '../../export/format.js'
import { type FieldContext, stateOf } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import type { CaptureRun } from '../../run/capture-run.js'
import { closeAfter, makerOf, OpenExport } from '../../run/write/open-export.js'
import { unwritable, type Waiting } from '../../source/files.js'
import { declareNeeds } from '../../source/later-needs.js'
import { makeFolders } from '../../source/output-folders.js'
import { OutputTree, PRIVATE_FOLDER } from '../../source/output-tree.js'
import { systemCode, WriteError } from '../../source/reason.js'
import type { RowsFile } from '../chisels/sink.js'
import { type Exported, formatOf, type PartitionKey } from '../options/exported.js'
import type { Settings } from '../options/parse.js'
import type { Query } from '../query/query.js'
import { exportSpec } from './export-file.js'
import type { FileSink } from './file-sink.js'
import { abandonedIn, FinishedParts } from './finished-parts.js'
import { PartitionNames } from './partition-names.js'
import { tell } from './report.js'
import type { ExportTarget } from './target.js'

/** Events in the memory of all files together, about; of more, the file that has most of them writes its own. */
const MOST_HELD = 1 << 17
/** Events between two looks at that. */
const LOOK = 1 << 12
/** Bytes of a file that are written at once. */
const CHUNK = 256 * 1024
/** s after its hour that a live file waits for late events, and ms between two looks for such files. */
const LATE = 60
const OFTEN = 1000
/** Files that are open: of more, the one that was used least lately is ended, and what comes for it later is another one. */
const MOST_OPEN = 64

interface Part {
  /** its folder, in the folder that is written */
  readonly folder: string
  /** s since the epoch at which its hour is over */
  readonly hourEnd: number
  /** times of its events, in s since the epoch and ns within the second */
  firstSec: number
  firstNs: number
  lastSec: number
  lastNs: number
  readonly made: Export
  /** of the capture that it was told of last */
  ctx: FieldContext | undefined
  /** undefined while nothing was written */
  opened: OpenExport | undefined
}

export class PartitionedFiles implements ExportTarget {
  readonly awaited = 0
  private readonly names: PartitionNames
  private make: (() => Export) | undefined
  private tree: OutputTree | undefined
  /** by folder, the one that was used least lately first */
  private readonly parts = new Map<string, Part>()
  /** those that are to be ended */
  private readonly over: Part[] = []
  private finished: FinishedParts | undefined
  private waiting: Waiting = {}
  /** files whose hour is over are completed while the run goes on */
  private readonly endsHours: boolean
  private lookedAt = 0
  private current: Part | undefined
  private untilLook = LOOK

  constructor(
    private readonly exported: Exported,
    private readonly s: Settings,
    private readonly q: Query,
    /** ms since the epoch */
    private readonly now: () => number = Date.now,
  ) {
    declareNeeds({ asStarted: 'folders of --partition are made as hosts and hours come' })
    const keys = exported.partition as readonly PartitionKey[]
    this.names = new PartitionNames(keys)
    this.endsHours = keys.includes('hour') && (s.read.length === 0 || s.follow)
  }

  get path(): string {
    return this.exported.path
  }

  async sink(run: CaptureRun, waiting: Waiting): Promise<FileSink> {
    this.make ??= await makerOf(exportSpec(this.exported, this.s, this.q))
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
    const part = this.current
    if (part.ctx !== ctx) {
      part.ctx = ctx
      part.made.begin(ctx)
    }
    part.made.show(e)
    this.spread(part)
    if (--this.untilLook === 0) this.look()
  }

  /** whether something is to be written before the next event */
  get full(): boolean {
    return this.over.length > 0 || (this.current?.made.out.length ?? 0) >= CHUNK
  }

  async flush(): Promise<void> {
    if (this.endsHours) this.leaveHours()
    await this.endAll(this.over.splice(0))
    for (const part of this.parts.values()) if (part.made.out.length >= CHUNK) await (await this.open(part)).flush()
  }

  private async close(): Promise<void> {
    const all = [...this.over.splice(0), ...this.parts.values()]
    this.parts.clear()
    try {
      await this.endAll(all)
    } finally {
      await this.tree?.close()
      this.tree = undefined
    }
    const note = this.finished?.note()
    if (note !== undefined) tell(`ksys: ${this.path}: ${note}`)
  }

  /** The times of the part reach to that of the event at hand. */
  private spread(part: Part): void {
    const { sec, ns } = this.names
    if (sec > part.lastSec || (sec === part.lastSec && ns > part.lastNs)) {
      part.lastSec = sec
      part.lastNs = ns
    }
    if (sec < part.firstSec || (sec === part.firstSec && ns < part.firstNs)) {
      part.firstSec = sec
      part.firstNs = ns
    }
  }

  /** Has the files ended whose hour is over. */
  private leaveHours(): void {
    const now = this.now()
    if (Math.abs(now - this.lookedAt) < OFTEN) return
    this.lookedAt = now
    for (const [folder, part] of this.parts) {
      if (now / 1000 < part.hourEnd + LATE) continue
      this.parts.delete(folder)
      this.over.push(part)
      if (part === this.current) this.current = undefined
    }
  }

  /** The part of the folder that the event at hand belongs to. */
  private enter(): Part {
    const { folder } = this.names
    const known = this.parts.get(folder)
    this.parts.delete(folder)
    const part = known ?? this.begin(folder)
    this.parts.set(folder, part)
    if (this.parts.size > MOST_OPEN) {
      const [oldest, least] = this.parts.entries().next().value as [string, Part]
      this.parts.delete(oldest)
      this.over.push(least)
    }
    return part
  }

  private begin(folder: string): Part {
    const { sec, ns, hourEnd } = this.names
    const times = { firstSec: sec, firstNs: ns, lastSec: sec, lastNs: ns }
    return { folder, hourEnd, ...times, made: this.make!(), ctx: undefined, opened: undefined }
  }

  /** Has the file that holds most events write them, where all together hold too many. */
  private look(): void {
    this.untilLook = LOOK
    const held = [...this.parts.values()].map((part) => ({ part, events: part.made.held ?? 0 }))
    if (held.reduce((sum, { events }) => sum + events, 0) < MOST_HELD) return
    held.sort((a, b) => b.events - a.events)[0]?.part.made.release?.()
  }

  private async open(part: Part): Promise<OpenExport> {
    const { exported, s, q, waiting, finished, names } = this
    const span = () => ({
      folder: part.folder,
      first: names.stamp(part.firstSec, part.firstNs),
      last: names.stamp(part.lastSec, part.lastNs),
    })
    part.opened ??= await OpenExport.open(join(exported.path, part.folder), exportSpec(exported, s, q), waiting, {
      made: part.made,
      opener: (_path, _waiting, belonging) => (finished as FinishedParts).begin(part.folder, span, belonging ?? {}),
    })
    return part.opened
  }

  /** Opens the folder, and tells what is left in it of runs that were killed. Throws WriteError. */
  private async openTree(): Promise<void> {
    const { path } = this
    this.tree = await openTree(path)
    const [ending] = formatOf(this.exported).extensions
    this.finished = new FinishedParts(this.tree, path, ending as string)
    const left = await abandonedIn(path, this.exported.partition?.length ?? 0)
    if (left.length > 0)
      tell(
        `ksys: ${path} has ${left.length === 1 ? 'a file' : `${left.length} files`} of runs that were killed (${left[0]}): such a file cannot be read; remove it`,
      )
  }

  /** Ends files, also behind one that fails. Rejects with the error of the first that did. */
  private async endAll(parts: readonly Part[]): Promise<void> {
    let failed: unknown
    for (const part of parts)
      await this.end(part).catch((e: unknown) => {
        failed ??= e
      })
    if (failed !== undefined) throw failed
  }

  private async end(part: Part): Promise<void> {
    part.made.end()
    const opened = await this.open(part)
    for (const note of await opened.close()) tell(`ksys: ${opened.file.path}: ${note}`)
  }
}

/** Takes the events of one source. */
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

/** Opens the folder, and makes it where it is missing. Throws WriteError. */
async function openTree(path: string): Promise<OutputTree> {
  try {
    await makeFolders(path, PRIVATE_FOLDER)
    return await OutputTree.open(path)
  } catch (e) {
    const file = systemCode(e) === 'ENOTDIR'
    throw new WriteError(
      file ? `${path} cannot be written: it is a file, and --partition makes a folder` : unwritable(path, e),
      e,
    )
  }
}
