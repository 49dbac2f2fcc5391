// A .scap file as a source of events: finds the blocks, reads what stands before the events, and fills batches.
import { BATCH_ARENA, EventBatch } from '../model/batch.js'
import type { GroupInfo, Snapshot, UserInfo } from '../model/snapshot.js'
import { decodeText } from '../model/text.js'
import type { CaptureInfo, CaptureSource, CaptureStats, Damage } from '../source/source.js'
import {
  type BlockType,
  BYTE_ORDER_MAGIC,
  blockType,
  FRAME,
  FRAME_HEAD,
  FRAME_TAIL,
  Kind,
  MAJOR_VERSION,
} from './blocks.js'
import { Converter, TABLES } from './convert.js'
import { ScapError } from './error.js'
import { Input } from './input.js'
import { Metadata } from './metadata.js'
import { kernelOpenFlags } from './open-flags.js'
import { Outcome, Walker } from './walk.js'
import { BLOCK_LIMIT, Window } from './window.js'

/** Damages that are kept with their place; further ones are only counted in the last one's text. */
const DAMAGE_LIMIT = 100
const USER_ADDED = 354
const GROUP_ADDED = 358
const SECTION_BODY = 16

export interface ScapOptions {
  /** enter events get rows of their own, and exit events show only what they recorded */
  enter?: boolean | undefined
  /** a descriptor that was opened before, and what was read of it */
  opened?: { readonly fd: number; readonly first: Uint8Array } | undefined
}

export class ScapSource implements CaptureSource {
  readonly tables = TABLES
  readonly damage: Damage[] = []
  /** events with codes, and blocks with types, that are not known (yet) */
  readonly unknown = { events: 0, blocks: 0 }
  info!: CaptureInfo
  private readonly batch = new EventBatch()
  private readonly converter: Converter
  private readonly window: Window
  private readonly walker: Walker
  private meta = new Metadata(kernelOpenFlags)
  private first: Snapshot | undefined
  private delivered = 0
  private finished = false

  private constructor(
    private readonly path: string,
    private readonly input: Input,
    enter: boolean,
  ) {
    this.converter = new Converter(enter)
    this.window = new Window(input, {
      carry: (a, b) => this.walker.pending.carry(a, b),
      size: () => this.walker.pending.bytes,
    })
    this.walker = new Walker(this.window, this.converter, enter)
    this.batch.native = false
    this.batch.form = new Uint16Array(this.batch.capacity)
    this.batch.forms = this.converter.forms
  }

  /** Opens a file ('-': standard input) and reads it up to its first event. Throws ScapError when it is no .scap file. */
  static async open(path: string, options: ScapOptions = {}): Promise<ScapSource> {
    const input = await Input.open(path, options.opened)
    const source = new ScapSource(path, input, options.enter === true)
    try {
      await source.begin()
    } catch (e) {
      await input.close()
      throw e
    }
    return source
  }

  private get name(): string {
    return this.path === '-' ? 'standard input' : this.path
  }

  /** Reads the first section's metadata and the user and group lists that newer files hold as events. */
  private async begin(): Promise<void> {
    const w = this.window
    if (!(await w.need(FRAME + SECTION_BODY)) || blockType(w.view.getUint32(w.at, true)).kind !== Kind.Section) {
      const why = w.left === 0 ? 'it is empty' : (this.input.problem ?? 'it does not begin with a section header')
      throw new ScapError(`${this.name} is no .scap capture: ${why}`)
    }
    const magic = w.view.getUint32(w.at + FRAME_HEAD, true)
    if (magic !== BYTE_ORDER_MAGIC)
      throw new ScapError(`${this.name} cannot be read: it was written by a machine with another byte order`)
    const major = w.view.getUint16(w.at + FRAME_HEAD + 4, true)
    if (major > MAJOR_VERSION)
      throw new ScapError(`${this.name} has format version ${major}, newer than this ksys knows (${MAJOR_VERSION})`)
    await this.metadata()
    await this.peekStart()
    this.first = this.meta.snapshot()
    const start = this.walker.start
    const boot = this.meta.bootNs
    this.info = {
      kind: 'scap',
      hostname: this.meta.hostname,
      kernel: '',
      arch: 'x64',
      cpus: this.meta.cpus,
      startSec: Number(start / 1_000_000_000n),
      startNsec: Number(start % 1_000_000_000n),
      startBoot: boot > 0n && boot <= start ? Number(start - boot) : 0,
      addresses: this.meta.addresses,
    }
  }

  /** Takes metadata blocks up to the next event block or the end. */
  private async metadata(): Promise<void> {
    for (;;) {
      const type = await this.block()
      if (type === undefined || type.kind === Kind.Event) return
      const w = this.window
      const length = w.view.getUint32(w.at + 4, true)
      if (type.kind === Kind.Unknown) this.unknown.blocks++
      else if (type.kind !== Kind.Section) {
        const wrong = this.meta.block(type, w.bytes, w.at + FRAME_HEAD, w.at + length - FRAME_TAIL)
        if (wrong !== undefined) this.report(wrong)
      }
      w.at += length
    }
  }

  /**
   * Brings the next block into the window whole and returns its type; undefined at the end of the input or of what makes
   * sense of it, which is reported.
   */
  private async block(): Promise<BlockType | undefined> {
    const w = this.window
    for (;;) {
      if (!(await w.need(FRAME_HEAD))) return this.over()
      const code = w.view.getUint32(w.at, true)
      const length = w.view.getUint32(w.at + 4, true)
      const type = blockType(code)
      if (length < FRAME || length > BLOCK_LIMIT || (length & 3) !== 0) {
        if (!(await this.resync(`a block says that it is ${length} bytes long`))) return undefined
        continue
      }
      if (w.left >= length || (await w.need(length))) {
        if (type.kind === Kind.Interfaces && type.sized) this.stretch(length)
        else if (w.view.getUint32(w.at + length - FRAME_TAIL, true) !== length) {
          if (!(await this.resync('the two lengths of a block differ'))) return undefined
          continue
        }
        return type
      }
      return this.over()
    }
  }

  /** The end of the input: a clean one, or one in the middle of something. */
  private over(): undefined {
    const w = this.window
    if (this.input.problem !== undefined) this.report(this.input.problem)
    else if (w.left > 0) this.report('the file ends in the middle of a block')
    w.at = w.end
    return undefined
  }

  /**
   * Interface lists that an old sysdig rewrote say that they are shorter than they are: the true end is where the length
   * is repeated and a known block follows.
   */
  private stretch(length: number): void {
    const w = this.window
    if (w.view.getUint32(w.at + length - FRAME_TAIL, true) === length) return
    for (let n = length + 4; n <= length + 4 * 256 && w.left >= n + 4; n += 4)
      if (
        w.view.getUint32(w.at + n - FRAME_TAIL, true) === length &&
        blockType(w.view.getUint32(w.at + n, true)).kind !== Kind.Unknown
      ) {
        w.view.setUint32(w.at + 4, n, true)
        return
      }
  }

  /** After damage: goes to the next place that looks like a whole event block. */
  private async resync(what: string): Promise<boolean> {
    this.report(what)
    const w = this.window
    w.at += 4
    for (;;) {
      while (w.left >= FRAME_HEAD) {
        const length = w.view.getUint32(w.at + 4, true)
        if (length >= FRAME && length <= EVENT_LIMIT && (length & 3) === 0) {
          const kind = blockType(w.view.getUint32(w.at, true)).kind
          if (kind !== Kind.Unknown) {
            if (w.left < length && !(await w.need(length))) {
              w.at += 4
              continue
            }
            if (w.view.getUint32(w.at + length - FRAME_TAIL, true) === length) return true
          }
        }
        w.at += 4
      }
      if (!(await w.need(FRAME_HEAD))) {
        if (this.input.problem !== undefined) this.report(this.input.problem)
        w.at = w.end
        return false
      }
    }
  }

  /**
   * Decides which time counts as the start (that of the first event that has one), and takes the users and groups that
   * newer files hold as their first events.
   */
  private async peekStart(): Promise<void> {
    const w = this.window
    const { users, groups } = this.meta
    let ahead = 0
    while (ahead < PEEK_BYTES && (await w.need(ahead + FRAME_HEAD))) {
      const at = w.at + ahead
      const length = w.view.getUint32(at + 4, true)
      const type = blockType(w.view.getUint32(at, true))
      if (type.kind !== Kind.Event || length < FRAME + EVENT_HEAD || length > EVENT_LIMIT) break
      if (!(await w.need(ahead + length))) break
      const head = w.at + ahead + FRAME_HEAD + 2 + (type.flagged ? 4 : 0)
      const low = w.view.getUint32(head, true)
      const high = w.view.getUint32(head + 4, true)
      if (!this.walker.started && (low !== 0 || high !== 0)) this.walker.setStart(high, low)
      const code = w.view.getUint16(head + 20, true)
      if (code !== USER_ADDED && code !== GROUP_ADDED && this.walker.started) break
      if (type.counted) account(w.bytes, w.view, head, w.at + ahead + length - FRAME_TAIL, code, users, groups)
      ahead += length
    }
  }

  async snapshot(): Promise<Snapshot> {
    const s = this.first ?? { threads: [], users: [], groups: [] }
    this.first = undefined
    this.processes(s)
    return s
  }

  private processes(s: Snapshot): void {
    for (const t of s.threads) this.walker.processes.set(t.tid, t.pid)
  }

  async next(): Promise<EventBatch | undefined> {
    if (this.finished) return undefined
    if (this.first !== undefined) this.processes(this.first)
    const batch = this.batch
    batch.count = 0
    batch.argOff[0] = 0
    batch.renewed = undefined
    const w = this.window
    for (;;) {
      if (this.fill(batch)) break
      const type = await this.block()
      if (type === undefined) {
        this.finished = true
        break
      }
      if (type.kind === Kind.Event) {
        const length = w.view.getUint32(w.at + 4, true)
        const outcome = this.take(batch, type, w.at, length)
        if (outcome === Outcome.Full) {
          if (batch.count > 0) break
          this.report('an event is too large')
        } else if (outcome === Outcome.Damaged) this.report(this.walker.wrong)
        w.at += length
      } else if (type.kind === Kind.Unknown) {
        this.unknown.blocks++
        w.at += w.view.getUint32(w.at + 4, true)
      } else if (batch.count > 0) break
      else await this.section(batch)
    }
    this.unknown.events = this.walker.unknown
    this.delivered += batch.count
    return batch.count === 0 && this.finished && batch.renewed === undefined ? undefined : batch
  }

  /** A new section in the middle: what existed is told anew. */
  private async section(batch: EventBatch): Promise<void> {
    this.meta = new Metadata(kernelOpenFlags)
    this.walker.reset()
    await this.metadata()
    const s = this.meta.snapshot()
    for (const a of this.meta.addresses) if (!this.info.addresses.includes(a)) this.info.addresses.push(a)
    this.processes(s)
    batch.renewed = s
  }

  /** Takes the event blocks that lie in the window, without waiting for more; true when the batch is full. */
  private fill(batch: EventBatch): boolean {
    const w = this.window
    const { view, end } = w
    let at = w.at
    let full = false
    while (end - at >= FRAME_HEAD) {
      const length = view.getUint32(at + 4, true)
      if (length < FRAME || length > end - at || (length & 3) !== 0) break
      const type = eventType(view.getUint32(at, true))
      if (type === undefined || view.getUint32(at + length - FRAME_TAIL, true) !== length) break
      const outcome = this.take(batch, type, at, length)
      if (outcome === Outcome.Full) {
        full = batch.count > 0
        break
      }
      w.at = at
      if (outcome === Outcome.Damaged) this.report(this.walker.wrong)
      at += length
    }
    w.at = at
    return full
  }

  private take(batch: EventBatch, type: BlockType, at: number, length: number): Outcome {
    const end = at + length - FRAME_TAIL
    const flagged = type.flagged === true
    const head = at + FRAME_HEAD + 2 + (flagged ? 4 : 0)
    if (head > end) {
      this.walker.wrong = 'an event block is too short'
      return Outcome.Damaged
    }
    const flags = flagged ? this.window.view.getUint32(at + FRAME_HEAD + 2, true) : 0
    return this.walker.event(batch, at + FRAME_HEAD, head, end, type.counted === true, flags)
  }

  private report(what: string): void {
    const { damage } = this
    if (damage.length < DAMAGE_LIMIT) damage.push({ file: this.name, offset: this.window.offset, what })
    else (damage[DAMAGE_LIMIT - 1] as Damage).what = 'and more damage after this'
  }

  stats(): CaptureStats {
    return { events: this.delivered, lost: 0, late: 0 }
  }

  progress(): number | undefined {
    return this.input.total > 0 ? Math.min(1, this.input.consumed / this.input.total) : undefined
  }

  stop(): void {
    this.finished = true
  }

  async close(): Promise<void> {
    this.finished = true
    await this.input.close()
  }
}

/** Event blocks are no larger. */
const EVENT_LIMIT = BATCH_ARENA
const EVENT_HEAD = 2 + 22
/** Users and groups are looked for in so much of the first events. */
const PEEK_BYTES = 1 << 20

const byCode = new Map<number, BlockType | undefined>()
let lastCode = -1
let lastType: BlockType | undefined

/** The block's type when it holds an event; remembers the last one, since they rarely change. */
function eventType(code: number): BlockType | undefined {
  if (code === lastCode) return lastType
  if (!byCode.has(code) && byCode.size < 64) {
    const type = blockType(code)
    byCode.set(code, type.kind === Kind.Event ? type : undefined)
  }
  lastType = byCode.get(code)
  lastCode = code
  return lastType
}

/** Takes a user or group from the event at `head`; those of containers are left out. */
function account(
  bytes: Uint8Array,
  view: DataView,
  head: number,
  end: number,
  code: number,
  users: UserInfo[],
  groups: GroupInfo[],
): void {
  const n = view.getUint32(head + 22, true)
  if (n !== (code === USER_ADDED ? 6 : 3) || head + 26 + 2 * n > end) return
  const values: (number | string)[] = []
  let at = head + 26 + 2 * n
  for (let i = 0; i < n; i++) {
    const length = view.getUint16(head + 26 + 2 * i, true)
    if (at + length > end) return
    const isNumber = i < (code === USER_ADDED ? 2 : 1)
    if (isNumber && length !== 4) return
    const text = length > 0 && bytes[at + length - 1] === 0 ? length - 1 : length
    values.push(isNumber ? view.getUint32(at, true) : decodeText(bytes, at, at + text))
    at += length
  }
  if (values[n - 1] !== '') return
  if (code === USER_ADDED) {
    const [uid, gid, name, home, shell] = values as [number, number, string, string, string]
    if (!users.some((u) => u.uid === uid)) users.push({ uid, gid, name, home, shell })
  } else {
    const [gid, name] = values as [number, string]
    if (!groups.some((g) => g.gid === gid)) groups.push({ gid, name })
  }
}
