// Builds redacted batches. A batch without affected rows is passed on unchanged; others are copied, so that no old bytes remain between
// the new values.
import { batchBytes, EventBatch, FIRST_DATA, rowEnd } from '../model/batch.js'
import { Event } from '../model/event.js'
import { fillsArgs, fillsEnv, TRUNCATED } from '../model/truncation.js'
import { ABI } from '../schema/abi.js'
import type { RowLayout } from '../schema/layout.js'
import type { EventDef } from '../schema/types.js'
import type { ContainerEditor } from './container.js'
import type { ProcessRows } from './process-files.js'
import type { Redaction } from './redaction.js'
import { type Change, type Changes, type Command, IPV4, RowChanges } from './row-changes.js'
import type { Rules } from './rules.js'

/** Maximum length of a variable parameter, and of a row, in the trace format. */
const LONGEST = 65_000
/** Maximum bytes of data that continue after the parameters of a row. */
const LONGEST_DATA = 2 * ABI.KSYS_MAX_DATA

export class RowEditor {
  private target: EventBatch | undefined
  private at = 0
  /** the redacted data after the row's parameters; undefined: unchanged */
  private newData: Uint8Array | undefined
  /** the cursor, for changes that depend on other parameters of a row */
  private readonly event: Event
  private readonly changes: RowChanges

  /** defs and layouts: of the capture's rows. */
  constructor(
    private readonly redaction: Redaction,
    rules: Rules,
    containers: ContainerEditor,
    defs: readonly (EventDef | undefined)[],
    layouts: readonly (RowLayout | undefined)[],
  ) {
    this.event = new Event(defs, layouts)
    this.changes = new RowChanges(redaction, rules, containers, defs, layouts, this.event)
  }

  /**
   * The redacted batch: the same one, or a copy that is valid until the next call. files: the rows that read private /proc files;
   * undefined: there are none, or they do not matter.
   */
  redact(batch: EventBatch, files?: ProcessRows): EventBatch {
    const { type, count } = batch
    this.changes.files = files
    let row = 0
    while (row < count && this.changes.of(type[row] as number) === null) row++
    return row === count ? batch : this.copy(batch)
  }

  private copy(from: EventBatch): EventBatch {
    const { count } = from
    const to = this.reusableBatch(from)
    for (const column of COLUMNS) to[column].set(from[column].subarray(0, count) as never)
    to.count = count
    to.native = from.native
    to.arch = from.arch
    to.form = from.form
    to.forms = from.forms
    to.resync = from.resync
    this.at = 0
    for (let i = 0; i < count; i++) {
      // reserve() may have replaced the target by a larger one
      ;(this.target as EventBatch).argOff[i] = this.at
      const changes = this.changes.of(from.type[i] as number)
      const rowStart = from.argOff[i] as number
      const end = rowEnd(from, i)
      if (changes === null) this.append(from.arena, rowStart, end)
      else this.row(from, i, changes, rowStart, end)
    }
    const target = this.target as EventBatch
    target.argOff[count] = this.at
    return target
  }

  private row(
    from: EventBatch,
    i: number,
    { fixed, addresses, vars, command }: Changes,
    rowStart: number,
    end: number,
  ): void {
    const absent = from.absent[i] as number
    const start = this.at
    this.event.moveTo(from, i)
    let at = Math.min(rowStart + fixed, end)
    this.append(from.arena, rowStart, at)
    let dropped = 0
    this.newData = undefined
    const data = this.event.rest()
    const more = data.to - data.from
    for (const a of addresses)
      if ((absent & (1 << a.p)) === 0 && rowStart + a.at + IPV4 <= end && !this.address(start + a.at, a.change))
        dropped |= 1 << a.p
    for (const v of vars) {
      if (at + 2 > end) break
      const length = (from.arena[at] as number) | ((from.arena[at + 1] as number) << 8)
      const next = Math.min(at + 2 + length, end)
      if (v === undefined || length === 0 || (absent & (1 << v.p)) !== 0) this.append(from.arena, at, next)
      else if (
        !this.appendChanged(from.arena, at, next, v.change, LONGEST - (this.at - start) - (end - more - next), more)
      )
        dropped |= 1 << v.p
      at = next
    }
    if (command !== undefined) this.markTruncated(command, dropped)
    this.appendRest(from.arena, at, end)
    if (dropped !== 0) (this.target as EventBatch).absent[i] = absent | dropped
  }

  /** Appends a changed parameter; more: number of data bytes after the row's parameters. false: dropped. */
  private appendChanged(
    bytes: Uint8Array,
    at: number,
    next: number,
    change: Change,
    space: number,
    more: number,
  ): boolean {
    if (more <= 0 || next - at - 2 !== FIRST_DATA) return this.variable(bytes, at, next, change, space)
    const changed = change(this.event.data(at + 2))
    const data = changed === undefined || changed.length > LONGEST_DATA ? undefined : changed
    this.value((data ?? EMPTY).subarray(0, FIRST_DATA))
    this.newData = (data ?? EMPTY).subarray(FIRST_DATA)
    return data !== undefined
  }

  /** Marks a truncated command line or environment: after redaction its length no longer shows this. */
  private markTruncated({ exe, args, env }: Command, dropped: number): void {
    const { event } = this
    const { noArgs, noEnv } = this.redaction
    const isLeft = (p: number, left: boolean) => p >= 0 && !left && (dropped & (1 << p)) === 0
    const before = event.truncation
    let bits = 0
    if (isLeft(args, noArgs)) {
      bits |= before & TRUNCATED.ARGS
      if (fillsArgs(event.text(exe) ?? '', event.list(args) ?? [])) bits |= TRUNCATED.ARGS
    }
    if (isLeft(env, noEnv)) {
      bits |= before & TRUNCATED.ENV
      if (fillsEnv(event.list(env) ?? [])) bits |= TRUNCATED.ENV
    }
    if (bits !== before) this.newData = bits === 0 ? EMPTY : Uint8Array.of(bits)
  }

  /** Appends the rest of the row under the cursor from `at` on. */
  private appendRest(arena: Uint8Array, at: number, end: number): void {
    const { newData } = this
    if (newData === undefined) {
      this.append(arena, at, end)
      return
    }
    const old = this.event.rest()
    this.append(arena, at, old.from)
    this.append(newData, 0, newData.length)
    this.append(arena, old.to, end)
  }

  /** Changes an address that was already appended; false: dropped. */
  private address(at: number, change: Change): boolean {
    const { arena } = this.target as EventBatch
    const redacted = change(arena.slice(at, at + IPV4))
    if (redacted === undefined) arena.fill(0, at, at + IPV4)
    else arena.set(redacted, at)
    return redacted !== undefined
  }

  /** Appends a changed variable parameter if it has at most `space` bytes; false: dropped. */
  private variable(bytes: Uint8Array, from: number, to: number, change: Change, space: number): boolean {
    const value = bytes.subarray(from + 2, to)
    const redacted = change(value)
    if (redacted === value) this.append(bytes, from, to)
    else if (redacted === undefined || redacted.length > space) {
      this.append(NO_BYTES, 0, 2)
      return false
    } else this.value(redacted)
    return true
  }

  private value(bytes: Uint8Array): void {
    this.reserve(2 + bytes.length)
    const { arena } = this.target as EventBatch
    arena[this.at] = bytes.length & 255
    arena[this.at + 1] = bytes.length >> 8
    arena.set(bytes, this.at + 2)
    this.at += 2 + bytes.length
  }

  private append(bytes: Uint8Array, from: number, to: number): void {
    if (to <= from) return
    this.reserve(to - from)
    const { arena } = this.target as EventBatch
    // set() costs more than copying a short row byte by byte
    if (to - from < SHORT) for (let i = from, at = this.at; i < to; i++, at++) arena[at] = bytes[i] as number
    else arena.set(bytes.subarray(from, to), this.at)
    this.at += to - from
  }

  /** Ensures space for more bytes of arguments. */
  private reserve(more: number): void {
    const target = this.target as EventBatch
    if (this.at + more <= target.arenaBytes) return
    const bigger = emptyBatch(target.capacity, Math.max(2 * target.arenaBytes, this.at + more))
    for (const column of [...COLUMNS, 'argOff'] as const) bigger[column].set(target[column] as never)
    bigger.arena.set(target.arena.subarray(0, this.at))
    for (const key of ['count', 'native', 'arch', 'form', 'forms', 'resync'] as const)
      Object.assign(bigger, { [key]: target[key] })
    this.target = bigger
  }

  /** The reused target batch, with capacity for the rows of this batch. */
  private reusableBatch({ capacity, arenaBytes }: EventBatch): EventBatch {
    const { target } = this
    if (target !== undefined && target.capacity >= capacity && target.arenaBytes >= arenaBytes) return target
    this.target = emptyBatch(capacity, arenaBytes)
    return this.target
  }
}

const COLUMNS = ['num', 'time', 'latency', 'ret', 'tid', 'pid', 'absent', 'type', 'flags', 'cpu'] as const
const NO_BYTES = new Uint8Array(2)
const EMPTY = new Uint8Array(0)
const SHORT = 48

function emptyBatch(capacity: number, arenaBytes: number): EventBatch {
  return new EventBatch(new ArrayBuffer(batchBytes(capacity, arenaBytes)), capacity, arenaBytes)
}
