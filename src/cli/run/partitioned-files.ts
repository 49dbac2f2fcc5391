// A folder of files for other tools: one for each host and hour, whose folders have names that engines take for columns.
import { join } from 'node:path'
import type { Export } from '../../export/format.js'
import type { FieldContext } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import { unwritable, type Waiting } from '../../source/files.js'
import { declareLater } from '../../source/later.js'
import { makeFolders } from '../../source/output-folders.js'
import { OutputTree, PRIVATE_FOLDER } from '../../source/output-tree.js'
import { systemCode } from '../../source/reason.js'
import { WriteError } from '../../source/write-error.js'
import type { RowsFile } from '../chisels/sink.js'
import { type Exported, formatOf, type PartitionKey } from '../options/exported.js'
import type { Settings } from '../options/parse.js'
import type { Query } from '../query/query.js'
import type { FileSink, Kept } from './file-sink.js'
import { closeAfter, makerOf, OpenExport } from './open-export.js'
import { PartitionNames } from './partition-names.js'
import type { ExportTarget } from './target.js'

/** Events in the memory of all files together, about; of more, the file that has most of them writes its own. */
const MOST_HELD = 1 << 17
/** Events between two looks at that. */
const LOOK = 1 << 12
/** Bytes of a file that are written at once. */
const CHUNK = 256 * 1024
/** Files that are open: of more, the one that was used least lately is ended, and what comes for it later is another one. */
const MOST_OPEN = 64

interface Part {
  /** its path in the folder */
  readonly inside: string
  readonly made: Export
  /** of the capture that it was told of last */
  ctx: FieldContext | undefined
  /** undefined while nothing was written */
  opened: OpenExport | undefined
}

export class PartitionedFiles implements ExportTarget {
  readonly blocked = false
  private readonly names: PartitionNames
  private make: (() => Export) | undefined
  private tree: OutputTree | undefined
  /** by folder, the one that was used least lately first */
  private readonly parts = new Map<string, Part>()
  /** those that are to be ended */
  private readonly over: Part[] = []
  private readonly paths = new Set<string>()
  private waiting: Waiting = {}
  private current: Part | undefined
  private untilLook = LOOK

  constructor(
    private readonly exported: Exported,
    private readonly s: Settings,
    private readonly q: Query,
  ) {
    declareLater({ asStarted: 'folders of --partition are made as hosts and hours come' })
    this.names = new PartitionNames(exported.partition as readonly PartitionKey[])
  }

  get path(): string {
    return this.exported.path
  }

  async sink(kept: Kept, waiting: Waiting): Promise<FileSink> {
    this.make ??= await makerOf(this.exported, this.q)
    this.waiting = waiting
    this.tree ??= await openTree(this.exported.path)
    return new PartitionSink(this, kept.ctx)
  }

  rows(): Promise<RowsFile> {
    throw new Error(`${this.exported.format} has no rows of chisels`)
  }

  endAfter(run: Promise<number>): Promise<number> {
    return closeAfter(run, () => this.close())
  }

  /** Adds the event under the cursor. */
  show(e: Event, ctx: FieldContext): void {
    if (this.names.moved(ctx, e.time) || this.current === undefined) this.current = this.enter()
    const part = this.current
    if (part.ctx !== ctx) {
      part.ctx = ctx
      part.made.begin(ctx)
    }
    part.made.show(e)
    if (--this.untilLook === 0) this.look()
  }

  /** whether something is to be written before the next event */
  get full(): boolean {
    return this.over.length > 0 || (this.current?.made.out.length ?? 0) >= CHUNK
  }

  async flush(): Promise<void> {
    for (const part of this.over.splice(0)) await this.end(part)
    for (const part of this.parts.values()) if (part.made.out.length >= CHUNK) await (await this.open(part)).flush()
  }

  private async close(): Promise<void> {
    const all = [...this.over.splice(0), ...this.parts.values()]
    this.parts.clear()
    for (const part of all) await this.end(part)
    await this.tree?.close()
    this.tree = undefined
  }

  /** The part of the folder that the event at hand belongs to. */
  private enter(): Part {
    const { folder } = this.names
    const known = this.parts.get(folder)
    this.parts.delete(folder)
    const part = known ?? { inside: this.pathIn(folder), made: this.make!(), ctx: undefined, opened: undefined }
    this.parts.set(folder, part)
    if (this.parts.size > MOST_OPEN) {
      const [oldest, least] = this.parts.entries().next().value as [string, Part]
      this.parts.delete(oldest)
      this.over.push(least)
    }
    return part
  }

  /** A file with the time of its first event: when the same capture is written once more, it takes the place of what was there. */
  private pathIn(folder: string): string {
    const base = join(folder, this.names.file())
    const [ending] = formatOf(this.exported).extensions
    for (let n = 1; ; n++) {
      const path = `${base}${n === 1 ? '' : `-${n}`}.${ending}`
      if (this.paths.has(path)) continue
      this.paths.add(path)
      return path
    }
  }

  /** Has the file that holds most events write them, where all together hold too many. */
  private look(): void {
    this.untilLook = LOOK
    const held = [...this.parts.values()].map((part) => ({ part, events: part.made.held ?? 0 }))
    if (held.reduce((sum, { events }) => sum + events, 0) < MOST_HELD) return
    held.sort((a, b) => b.events - a.events)[0]?.part.made.release?.()
  }

  private async open(part: Part): Promise<OpenExport> {
    const { exported, s, q, waiting, tree } = this
    part.opened ??= await OpenExport.open(join(exported.path, part.inside), exported, s, q, waiting, {
      made: part.made,
      opener: (_path, how, belonging) => (tree as OutputTree).openToReplace(part.inside, how, belonging),
    })
    return part.opened
  }

  private async end(part: Part): Promise<void> {
    part.made.end()
    await (await this.open(part)).close()
  }
}

/** Takes the events of one source. */
class PartitionSink implements FileSink {
  readonly blocked = false

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
