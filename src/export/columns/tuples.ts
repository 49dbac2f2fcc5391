// Finds the tuple of a row: by its thread, its descriptor, or its type of call. Most rows have the tuple of the row before.
import { type FieldContext, type Getter, stateOf } from '../../fields/field.js'
import { fdKind } from '../../fields/io.js'
import { mayOpenPath } from '../../fields/paths.js'
import type { RowForm } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import type { Fd } from '../../model/fd.js'
import { fdName } from '../../state/fd-name.js'
import { isSocket } from '../../state/socket-sides.js'
import type { Per } from './columns.js'
import { columnsPer, fieldOf } from './schema.js'
import { Tuples } from './tuple-column.js'

/** Cached in a descriptor: its tuple. */
class DescribedFd {
  constructor(
    /** the row group of the tuple */
    readonly group: object,
    readonly tuple: number,
    /** of a socket: AddressNames.answers at that time, and the process, on which the names of its addresses depend */
    readonly answers: number | undefined,
    readonly pid: number,
  ) {}
}

/** Cached in a thread: its tuple, and State.generation at that time. */
class DescribedThread {
  constructor(
    readonly group: object,
    readonly tuple: number,
    readonly generation: number,
  ) {}
}

abstract class Lookup {
  readonly tuples: Tuples
  /** identifies the row group */
  protected group: object = {}
  protected ctx!: FieldContext

  constructor(private readonly per: Per) {
    this.tuples = new Tuples(columnsPer(per))
  }

  /** Starts another capture. */
  start(ctx: FieldContext): void {
    this.ctx = ctx
    this.tuples.useGetters(columnsPer(this.per).map((c): Getter => fieldOf(c.field).make(ctx, undefined)))
    this.clear()
  }

  /** Adds a row for the event under the cursor. */
  push(e: Event): void {
    this.tuples.push(this.find(e))
  }

  clear(): void {
    this.tuples.clear()
    this.group = {}
  }

  protected abstract find(e: Event): number
}

export class ThreadLookup extends Lookup {
  constructor() {
    super('thread')
  }

  protected find(e: Event): number {
    const t = e.thread
    if (t === undefined) return this.tuples.add(e)
    const { generation } = stateOf(this.ctx, e)
    const known = t.described
    if (known instanceof DescribedThread && known.group === this.group && known.generation === generation)
      return known.tuple
    const tuple = this.tuples.add(e)
    t.described = new DescribedThread(this.group, tuple, generation)
    return tuple
  }
}

export class DescriptorLookup extends Lookup {
  /** the tuple of events without a descriptor */
  private none = -1
  /** tuples of descriptors other than sockets, by type and name, which determine all values */
  private readonly byName = new Map<string, Map<string, number>>()

  constructor() {
    super('descriptor')
  }

  override clear(): void {
    super.clear()
    this.none = -1
    this.byName.clear()
  }

  protected find(e: Event): number {
    const { fd } = e
    // values that depend on the call too, such as a requested path
    if (e.def.socket === 'connects' || (fd === undefined && mayOpenPath(e.def))) return this.tuples.add(e)
    if (fd === undefined) {
      if (this.none < 0) this.none = this.tuples.add(e)
      return this.none
    }
    const known = fd.described
    const answers = isSocket(fd) ? stateOf(this.ctx, e).addressNames?.answers : undefined
    if (known instanceof DescribedFd && known.group === this.group && known.answers === answers)
      if (!answers || known.pid === e.pid) return known.tuple
    const tuple = isSocket(fd) ? this.tuples.add(e) : this.named(fd, e)
    fd.described = new DescribedFd(this.group, tuple, answers, e.pid)
    return tuple
  }

  private named(fd: Fd, e: Event): number {
    let names = this.byName.get(fd.type)
    if (names === undefined) {
      names = new Map()
      this.byName.set(fd.type, names)
    }
    const name = fdName(fd)
    let tuple = names.get(name)
    if (tuple === undefined) {
      tuple = this.tuples.add(e)
      names.set(name, tuple)
    }
    return tuple
  }
}

/** Limit of errors with cached tuples: the kernel's range of errors. */
const ERRORS = 4096
const KINDS = 4

/** The kind of descriptor that evt.category depends on, as a number below KINDS. */
function kindNumber(e: Event): number {
  switch (fdKind(e)) {
    case 'file':
      return 0
    case 'net':
      return 1
    case 'ipc':
      return 2
    case 'unknown':
      return 3
  }
}

export class CallLookup extends Lookup {
  private readonly byForm = new Map<RowForm | undefined, Map<number, number>>()
  private form: RowForm | undefined
  private known = new Map<number, number>()
  /** key and tuple of the event before */
  private lastKey = -1
  private last = -1

  constructor() {
    super('call')
  }

  override clear(): void {
    super.clear()
    this.byForm.clear()
    this.form = undefined
    this.lastKey = -1
    this.known = new Map()
    this.byForm.set(undefined, this.known)
  }

  protected find(e: Event): number {
    const { form, ret } = e
    if (form !== this.form) this.useForm(form)
    if (ret < 0 && (ret <= -ERRORS || ret !== Math.floor(ret))) return this.tuples.add(e)
    // ERRORS: no result
    const outcome = ret >= 0 ? 0 : ret < 0 ? -ret : ERRORS
    const key = ((e.batch.type[e.row] as number) * KINDS + kindNumber(e)) * (ERRORS + 1) + outcome
    if (key === this.lastKey) return this.last
    let tuple = this.known.get(key)
    if (tuple === undefined) {
      tuple = this.tuples.add(e)
      this.known.set(key, tuple)
    }
    this.lastKey = key
    this.last = tuple
    return tuple
  }

  private useForm(form: RowForm | undefined): void {
    let known = this.byForm.get(form)
    if (known === undefined) {
      known = new Map()
      this.byForm.set(form, known)
    }
    this.form = form
    this.known = known
    this.lastKey = -1
  }
}
