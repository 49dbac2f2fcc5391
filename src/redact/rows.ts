// Rows of batches without what is not to be told. A batch in which nothing is goes on as it is; of others a copy is made, so
// that nothing of the old values lies between the new ones.
import { ipv4Text, ipv6Text } from '../model/address.js'
import { batchBytes, EventBatch, FIRST_DATA, rowEnd } from '../model/batch.js'
import { Event } from '../model/event.js'
import { decodeText, encodeText } from '../model/text.js'
import { splitList } from '../model/text-list.js'
import { fillsArgs, fillsEnv, TRUNCATED } from '../model/truncation.js'
import { ABI } from '../schema/abi.js'
import type { RowLayout } from '../schema/layout.js'
import type { EventDef } from '../schema/types.js'
import { behindFirst, type EndEditors, placed, sockaddr, tuple } from './addresses.js'
import type { ContainerEditor } from './container.js'
import type { Editor } from './editor.js'
import { firstWord } from './first-word.js'
import { type Parameter, parameterOf } from './parameters.js'
import type { ProcessRows } from './process-files.js'
import { followsFiles, leavesOut, type Redaction } from './redaction.js'
import type { Rules } from './rules.js'
import { TARGET } from './targets.js'

/** Longest variable parameter, and longest row that the format of traces has room for beside others. */
const LONGEST = 65_000
/** Most bytes of data that go on behind their row. */
const LONGEST_DATA = 2 * ABI.KSYS_MAX_DATA

/** What is done to a value of the row under the cursor: its bytes as they may be told, the same object if they may stay; undefined: nothing of it. */
type Change = (bytes: Uint8Array) => Uint8Array | undefined

/** What is done to the rows of an event. */
interface Changes {
  /** bytes of the fixed part, and the addresses in it */
  readonly fixed: number
  readonly addresses: readonly { readonly at: number; readonly p: number; readonly change: Change }[]
  /** variable parameters up to the last that may change: undefined ones stay */
  readonly vars: readonly ({ readonly p: number; readonly change: Change } | undefined)[]
  /** undefined: rows tell neither of a command line nor of an environment */
  readonly command: Command | undefined
}

/** Parameters that tell how a program was begun, -1 where there is none. */
interface Command {
  readonly exe: number
  readonly args: number
  readonly env: number
}

export class RowEditor {
  private readonly changes: (Changes | null | undefined)[] = []
  private made: EventBatch | undefined
  private at = 0
  /** what of the row's data now lies behind its parameters; undefined: what did before */
  private rest: Uint8Array | undefined
  /** the cursor, for what depends on other parameters of a row */
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
   * The batch as it may be told: itself, or another one that is valid until the next call. files: the rows that read files which
   * tell of processes; undefined: there are none, or they need not be known.
   */
  over(batch: EventBatch, files?: ProcessRows): EventBatch {
    const { type, count } = batch
    this.files = files
    let row = 0
    while (row < count && this.of(type[row] as number) === null) row++
    return row === count ? batch : this.copy(batch)
  }

  private copy(from: EventBatch): EventBatch {
    const { count } = from
    const to = this.room(from)
    for (const column of COLUMNS) to[column].set(from[column].subarray(0, count) as never)
    to.count = count
    to.native = from.native
    to.arch = from.arch
    to.form = from.form
    to.forms = from.forms
    to.resync = from.resync
    this.at = 0
    for (let i = 0; i < count; i++) {
      // what it is filled into may have been replaced by something bigger
      ;(this.made as EventBatch).argOff[i] = this.at
      const changes = this.of(from.type[i] as number)
      const begin = from.argOff[i] as number
      const end = rowEnd(from, i)
      if (changes === null) this.append(from.arena, begin, end)
      else this.row(from, i, changes, begin, end)
    }
    const made = this.made as EventBatch
    made.argOff[count] = this.at
    return made
  }

  private row(
    from: EventBatch,
    i: number,
    { fixed, addresses, vars, command }: Changes,
    begin: number,
    end: number,
  ): void {
    const absent = from.absent[i] as number
    const start = this.at
    this.event.moveTo(from, i)
    let at = Math.min(begin + fixed, end)
    this.append(from.arena, begin, at)
    let gone = 0
    this.rest = undefined
    const behind = this.event.rest()
    const more = behind.to - behind.from
    for (const a of addresses)
      if ((absent & (1 << a.p)) === 0 && begin + a.at + IPV4 <= end && !this.address(start + a.at, a.change))
        gone |= 1 << a.p
    for (const v of vars) {
      if (at + 2 > end) break
      const length = (from.arena[at] as number) | ((from.arena[at + 1] as number) << 8)
      const next = Math.min(at + 2 + length, end)
      if (v === undefined || length === 0 || (absent & (1 << v.p)) !== 0) this.append(from.arena, at, next)
      else if (!this.changed(from.arena, at, next, v.change, LONGEST - (this.at - start) - (end - more - next), more))
        gone |= 1 << v.p
      at = next
    }
    if (command !== undefined) this.markTruncated(command, gone)
    this.behind(from.arena, at, end)
    if (gone !== 0) (this.made as EventBatch).absent[i] = absent | gone
  }

  /** Appends the changed parameter in these bytes; more: bytes of data that lie behind the row's parameters. false: it is left out. */
  private changed(bytes: Uint8Array, at: number, next: number, change: Change, room: number, more: number): boolean {
    if (more <= 0 || next - at - 2 !== FIRST_DATA) return this.variable(bytes, at, next, change, room)
    const whole = change(this.event.data(at + 2))
    const told = whole === undefined || whole.length > LONGEST_DATA ? undefined : whole
    this.value((told ?? EMPTY).subarray(0, FIRST_DATA))
    this.rest = (told ?? EMPTY).subarray(FIRST_DATA)
    return told !== undefined
  }

  /** Marks what was cut of a command line or environment: lengths, as they are now, need not tell it. */
  private markTruncated({ exe, args, env }: Command, gone: number): void {
    const { event } = this
    const { noArgs, noEnv } = this.redaction
    const isLeft = (p: number, left: boolean) => p >= 0 && !left && (gone & (1 << p)) === 0
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
    if (bits !== before) this.rest = bits === 0 ? EMPTY : Uint8Array.of(bits)
  }

  /** Appends what is left of the row under the cursor from `at` on. */
  private behind(arena: Uint8Array, at: number, end: number): void {
    const { rest } = this
    if (rest === undefined) {
      this.append(arena, at, end)
      return
    }
    const old = this.event.rest()
    this.append(arena, at, old.from)
    this.append(rest, 0, rest.length)
    this.append(arena, old.to, end)
  }

  /** Changes an address in what was appended; false: it is left out. */
  private address(at: number, change: Change): boolean {
    const { arena } = this.made as EventBatch
    const told = change(arena.slice(at, at + IPV4))
    if (told === undefined) arena.fill(0, at, at + IPV4)
    else arena.set(told, at)
    return told !== undefined
  }

  /** Appends the variable parameter in these bytes, changed, if it has no more than `room` then; false: it is left out. */
  private variable(bytes: Uint8Array, from: number, to: number, change: Change, room: number): boolean {
    const value = bytes.subarray(from + 2, to)
    const told = change(value)
    if (told === value) this.append(bytes, from, to)
    else if (told === undefined || told.length > room) {
      this.append(NO_BYTES, 0, 2)
      return false
    } else this.value(told)
    return true
  }

  private value(bytes: Uint8Array): void {
    this.reserve(2 + bytes.length)
    const { arena } = this.made as EventBatch
    arena[this.at] = bytes.length & 255
    arena[this.at + 1] = bytes.length >> 8
    arena.set(bytes, this.at + 2)
    this.at += 2 + bytes.length
  }

  private append(bytes: Uint8Array, from: number, to: number): void {
    if (to <= from) return
    this.reserve(to - from)
    const { arena } = this.made as EventBatch
    // a call for each short row costs more than its bytes
    if (to - from < SHORT) for (let i = from, at = this.at; i < to; i++, at++) arena[at] = bytes[i] as number
    else arena.set(bytes.subarray(from, to), this.at)
    this.at += to - from
  }

  /** Makes room for more bytes of arguments. */
  private reserve(more: number): void {
    const made = this.made as EventBatch
    if (this.at + more <= made.arenaBytes) return
    const bigger = emptyBatch(made.capacity, Math.max(2 * made.arenaBytes, this.at + more))
    for (const column of [...COLUMNS, 'argOff'] as const) bigger[column].set(made[column] as never)
    bigger.arena.set(made.arena.subarray(0, this.at))
    for (const key of ['count', 'native', 'arch', 'form', 'forms', 'resync'] as const)
      Object.assign(bigger, { [key]: made[key] })
    this.made = bigger
  }

  /** The batch that is filled again and again, with room for that one's rows. */
  private room({ capacity, arenaBytes }: EventBatch): EventBatch {
    const { made } = this
    if (made !== undefined && made.capacity >= capacity && made.arenaBytes >= arenaBytes) return made
    this.made = emptyBatch(capacity, arenaBytes)
    return this.made
  }

  /** What is done to rows of a type; null: nothing. */
  private of(code: number): Changes | null {
    const known = this.changes[code]
    if (known !== undefined) return known
    const made = this.changesOf(this.defs[code], this.layouts[code])
    this.changes[code] = made
    return made
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

  private ends(argument: string): EndEditors {
    return {
      address: this.rules.editor(TARGET.ADDRESS, argument),
      path: this.rules.editor(TARGET.PATH, argument),
    }
  }

  /** What is done to a parameter; undefined: nothing. */
  private changeOf(def: EventDef, p: number): Change | undefined {
    const is = parameterOf(def, p)
    if (is === undefined) return undefined
    const { leftOut } = is
    if (leftOut !== undefined && leavesOut(this.redaction, leftOut.by)) {
      const { when } = leftOut
      if (when === undefined) return () => undefined
      const edit = this.editOf(def, p, is)
      return (bytes) => (when(this.event, bytes) ? undefined : edit === undefined ? bytes : edit(bytes))
    }
    const edit = this.editOf(def, p, is)
    if (is.ofFile !== true || !followsFiles(this.redaction)) return edit
    return (bytes) => (this.files?.has(this.event.row) ? undefined : edit === undefined ? bytes : edit(bytes))
  }

  /** What rules do to a parameter, and --no-env and --no-args to texts that have more than those; undefined: nothing. */
  private editOf(def: EventDef, p: number, is: Parameter): Change | undefined {
    const { noEnv, noArgs } = this.redaction
    const name = def.params[p]?.name as string
    const editor = this.rules.editor(is.targets, name)
    if ((is.targets & TARGET.EXE) !== 0 && noArgs)
      return ofText((exe) => {
        const word = firstWord(exe)
        return editor === undefined ? word : editor.text(word)
      })
    if (is.form === 'container') {
      const { rules } = this.redaction
      return noEnv || noArgs || rules.length > 0 ? ofText((json) => this.containers.text(json)) : undefined
    }
    if (is.form === 'sockaddr' || is.form === 'tuple') return ofEnds(is.form, this.ends(name))
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
  const of = (form: 'args' | 'env') => def.params.findIndex((_, p) => parameterOf(def, p)?.form === form)
  const [args, env] = [of('args'), of('env')]
  const exe = def.params.findIndex(({ name }) => name === 'exe')
  return exe < 0 ? undefined : { exe, args, env }
}

function emptyBatch(capacity: number, arenaBytes: number): EventBatch {
  return new EventBatch(new ArrayBuffer(batchBytes(capacity, arenaBytes)), capacity, arenaBytes)
}

function changeBy(editor: Editor, { form }: Parameter): Change {
  switch (form) {
    case 'text':
      return ofText((v) => editor.text(v))
    case 'id':
      return ofText((v) => editor.pieces(v))
    case 'path':
      return ofText((v) => editor.path(v))
    case 'args':
    case 'env':
      return ofList((v) => editor.list(v, form))
    case 'cgroups':
      return ofList((v) => v.flatMap((item) => editor.cgroup(item) ?? []))
    case 'cgroup':
      return ofText((v) => editor.cgroupPath(v))
    case 'data':
      return (bytes) => editor.bytes(bytes, false)
    case 'dyn':
      return (bytes) => behindFirst(bytes, editor)
    case 'ip':
      return (bytes) => {
        if (bytes.length !== IPV4 && bytes.length !== IPV6) return undefined
        const told = editor.address(bytes.length === IPV4 ? ipv4Text(bytes, 0) : ipv6Text(bytes, 0))
        return told === undefined ? undefined : placed(told, bytes.length)
      }
    default:
      return (bytes) => editor.bytes(bytes, true)
  }
}

function ofEnds(form: 'sockaddr' | 'tuple', editors: EndEditors): Change | undefined {
  if (editors.address === undefined && editors.path === undefined) return undefined
  return (bytes) => (form === 'sockaddr' ? sockaddr(bytes, editors) : tuple(bytes, editors))
}

function ofText(edit: (text: string) => string | undefined): Change {
  return (bytes) => {
    const text = decodeText(bytes, 0, bytes.length)
    const told = edit(text)
    return told === text ? bytes : told === undefined ? undefined : encodeText(told)
  }
}

/** The list ends with a NUL, unless it was cut. */
function ofList(edit: (items: readonly string[]) => readonly string[] | undefined): Change {
  return (bytes) => {
    const text = decodeText(bytes, 0, bytes.length)
    const items = splitList(text)
    const told = edit(items)
    if (told === undefined) return undefined
    const joined = told.join('\0') + (told.length > 0 && text.endsWith('\0') ? '\0' : '')
    return joined === text ? bytes : encodeText(joined)
  }
}
