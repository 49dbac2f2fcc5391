// Redacts rows of batches. A batch without affected rows is passed on unchanged; others are copied, so that no old bytes remain between
// the new values.
import { ipv4Text, ipv6Text } from '../model/address.js'
import { batchBytes, EventBatch, FIRST_DATA, rowEnd } from '../model/batch.js'
import { Event } from '../model/event.js'
import { decodeText, encodeText } from '../model/text.js'
import { splitList } from '../model/text-list.js'
import { fillsArgs, fillsEnv, TRUNCATED } from '../model/truncation.js'
import { ABI } from '../schema/abi.js'
import type { RowLayout } from '../schema/layout.js'
import type { EventDef } from '../schema/types.js'
import { addressField, type EndpointEditors, sockaddr, taggedData, tuple } from './addresses.js'
import type { ContainerEditor } from './container.js'
import { type Editor, firstWord } from './editor.js'
import { type Parameter, parameterOf } from './parameters.js'
import type { ProcessRows } from './process-files.js'
import { omits, type Redaction, tracksProcFiles } from './redaction.js'
import type { Rules } from './rules.js'
import { TARGET } from './targets.js'

/** Maximum length of a variable parameter, and of a row, in the trace format. */
const LONGEST = 65_000
/** Maximum bytes of data that continue after the parameters of a row. */
const LONGEST_DATA = 2 * ABI.KSYS_MAX_DATA

/** Redacts a value of the row under the cursor: returns the new bytes, the same object if unchanged, or undefined if dropped. */
type Change = (bytes: Uint8Array) => Uint8Array | undefined

/** How the rows of an event are changed. */
interface Changes {
  /** length of the fixed part, and the addresses in it */
  readonly fixed: number
  readonly addresses: readonly { readonly at: number; readonly p: number; readonly change: Change }[]
  /** variable parameters up to the last that may change; undefined: unchanged */
  readonly vars: readonly ({ readonly p: number; readonly change: Change } | undefined)[]
  /** undefined: rows contain neither a command line nor an environment */
  readonly command: Command | undefined
}

/** Parameters that describe how a program was started; -1 if there is none. */
interface Command {
  readonly exe: number
  readonly args: number
  readonly env: number
}

export class RowEditor {
  private readonly changes: (Changes | null | undefined)[] = []
  private target: EventBatch | undefined
  private at = 0
  /** the redacted data after the row's parameters; undefined: unchanged */
  private newData: Uint8Array | undefined
  /** the cursor, for changes that depend on other parameters of a row */
  private readonly event: Event
  private files: ProcessRows | undefined

  /** defs and layouts: of the capture's rows. */
  constructor(
    private readonly redaction: Redaction,
    private readonly rules: Rules,
    private readonly containers: ContainerEditor,
    private readonly defs: readonly (EventDef | undefined)[],
    private readonly layouts: readonly (RowLayout | undefined)[],
  ) {
    this.event = new Event(defs, layouts)
  }

  /**
   * The redacted batch: the same one, or a copy that is valid until the next call. files: the rows that read private /proc files;
   * undefined: there are none, or they do not matter.
   */
  redact(batch: EventBatch, files?: ProcessRows): EventBatch {
    const { type, count } = batch
    this.files = files
    let row = 0
    while (row < count && this.changesFor(type[row] as number) === null) row++
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
      const changes = this.changesFor(from.type[i] as number)
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

  /** The changes for rows of a type; null: none. */
  private changesFor(code: number): Changes | null {
    const known = this.changes[code]
    if (known !== undefined) return known
    const changes = this.changesOf(this.defs[code], this.layouts[code])
    this.changes[code] = changes
    return changes
  }

  private changesOf(def: EventDef | undefined, layout: RowLayout | undefined): Changes | null {
    if (def === undefined || layout === undefined) return null
    const addresses: Changes['addresses'][number][] = []
    const vars: Changes['vars'][number][] = []
    def.params.forEach((_, p) => {
      const change = this.changeOf(def, p)
      const offset = layout.offset[p] as number
      if (offset <= -2) vars[-2 - offset] = change && { p, change }
      else if (change !== undefined) addresses.push({ at: offset, p, change })
    })
    while (vars.length > 0 && vars.at(-1) === undefined) vars.pop()
    return vars.length + addresses.length === 0
      ? null
      : { fixed: layout.fixed, addresses, vars, command: commandOf(def) }
  }

  private ends(argument: string): EndpointEditors {
    return {
      address: this.rules.editor(TARGET.ADDRESS, argument),
      path: this.rules.editor(TARGET.PATH, argument),
    }
  }

  /** The change of a parameter; undefined: none. */
  private changeOf(def: EventDef, p: number): Change | undefined {
    const is = parameterOf(def, p)
    if (is === undefined) return undefined
    const { omittedBy } = is
    if (omittedBy !== undefined && omits(this.redaction, omittedBy.by)) {
      const { when } = omittedBy
      if (when === undefined) return () => undefined
      const edit = this.editOf(def, p, is)
      return (bytes) => (when(this.event, bytes) ? undefined : edit === undefined ? bytes : edit(bytes))
    }
    const edit = this.editOf(def, p, is)
    if (is.ofFile !== true || !tracksProcFiles(this.redaction)) return edit
    return (bytes) => (this.files?.has(this.event.row) ? undefined : edit === undefined ? bytes : edit(bytes))
  }

  /** The change by rules, and by --no-env and --no-args in texts that also contain other data; undefined: none. */
  private editOf(def: EventDef, p: number, is: Parameter): Change | undefined {
    const { noEnv, noArgs } = this.redaction
    const name = def.params[p]?.name as string
    const editor = this.rules.editor(is.targets, name)
    if ((is.targets & TARGET.EXE) !== 0 && noArgs)
      return textChange((exe) => {
        const word = firstWord(exe)
        return editor === undefined ? word : editor.text(word)
      })
    if (is.form === 'container') {
      const { rules } = this.redaction
      return noEnv || noArgs || rules.length > 0 ? textChange((json) => this.containers.text(json)) : undefined
    }
    if (is.form === 'sockaddr' || is.form === 'tuple') return endpointChange(is.form, this.ends(name))
    return editor && changeBy(editor, is)
  }
}

const COLUMNS = ['num', 'time', 'latency', 'ret', 'tid', 'pid', 'absent', 'type', 'flags', 'cpu'] as const
const NO_BYTES = new Uint8Array(2)
const EMPTY = new Uint8Array(0)
const SHORT = 48
/** bytes of addresses */
const IPV4 = 4
const IPV6 = 16

function commandOf(def: EventDef): Command | undefined {
  const find = (form: 'args' | 'env') => def.params.findIndex((_, p) => parameterOf(def, p)?.form === form)
  const [args, env] = [find('args'), find('env')]
  const exe = def.params.findIndex(({ name }) => name === 'exe')
  return exe < 0 ? undefined : { exe, args, env }
}

function emptyBatch(capacity: number, arenaBytes: number): EventBatch {
  return new EventBatch(new ArrayBuffer(batchBytes(capacity, arenaBytes)), capacity, arenaBytes)
}

function changeBy(editor: Editor, { form }: Parameter): Change {
  switch (form) {
    case 'text':
      return textChange((v) => editor.text(v))
    case 'id':
      return textChange((v) => editor.pieces(v))
    case 'path':
      return textChange((v) => editor.path(v))
    case 'args':
    case 'env':
      return listChange((v) => editor.list(v, form))
    case 'cgroups':
      return listChange((v) => v.flatMap((item) => editor.cgroup(item) ?? []))
    case 'cgroup':
      return textChange((v) => editor.cgroupPath(v))
    case 'data':
      return (bytes) => editor.bytes(bytes, false)
    case 'dyn':
      return (bytes) => taggedData(bytes, editor)
    case 'ip':
      return (bytes) => {
        if (bytes.length !== IPV4 && bytes.length !== IPV6) return undefined
        const redacted = editor.address(bytes.length === IPV4 ? ipv4Text(bytes, 0) : ipv6Text(bytes, 0))
        return redacted === undefined ? undefined : addressField(redacted, bytes.length)
      }
    default:
      return (bytes) => editor.bytes(bytes, true)
  }
}

function endpointChange(form: 'sockaddr' | 'tuple', editors: EndpointEditors): Change | undefined {
  if (editors.address === undefined && editors.path === undefined) return undefined
  return (bytes) => (form === 'sockaddr' ? sockaddr(bytes, editors) : tuple(bytes, editors))
}

function textChange(edit: (text: string) => string | undefined): Change {
  return (bytes) => {
    const text = decodeText(bytes, 0, bytes.length)
    const redacted = edit(text)
    return redacted === text ? bytes : redacted === undefined ? undefined : encodeText(redacted)
  }
}

/** Edits a list, which ends with a NUL unless it was truncated. */
function listChange(edit: (items: readonly string[]) => readonly string[] | undefined): Change {
  return (bytes) => {
    const text = decodeText(bytes, 0, bytes.length)
    const items = splitList(text)
    const redacted = edit(items)
    if (redacted === undefined) return undefined
    const joined = redacted.join('\0') + (redacted.length > 0 && text.endsWith('\0') ? '\0' : '')
    return joined === text ? bytes : encodeText(joined)
  }
}
