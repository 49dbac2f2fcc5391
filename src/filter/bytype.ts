// What the event type alone decides about a test: certainly false, certainly true, or undecided.
import { readsData, writesData } from '../fields/io.js'
import { CODE_LIMIT } from '../schema/codes.js'
import { EVENTS } from '../schema/events/index.js'
import type { EventDef, ParamDef } from '../schema/types.js'
import { valueTest } from './decide.js'
import { eventDef } from './events.js'
import type { Value } from './operators.js'
import type { FieldUse } from './registry.js'
import type { FieldNode, TestNode } from './typed.js'

export const FALSE = 0
export const TRUE = 1
export const UNKNOWN = 2
export type Truth = typeof FALSE | typeof TRUE | typeof UNKNOWN

const ABSENT: readonly Value[] = [undefined]
/** for calls on two descriptors, which can be viewed from either side */
const EITHER: readonly Value[] = [true, false]
const IO_CATEGORIES: readonly Value[] = ['file', 'net', 'ipc', 'unknown']
/** Fields that depend on the event type only, apart from the category of I/O calls. */
const TYPE_FIELDS = new Set([
  'evt.type',
  'syscall.type',
  'evt.type.is',
  'evt.category',
  'evt.dir',
  'evt.is_io',
  'evt.is_io_read',
  'evt.is_io_write',
  'evt.is_wait',
])

/** Types of parameters that are, or resolve to, a descriptor. */
const FD_TYPES: ReadonlySet<string> = new Set(['fd', 'fd32', 'fdlist', 'fspath', 'fsrelpath', 'socktuple', 'sockaddr'])

/** Other fields that the type may decide, besides those of descriptors. */
const OTHER_FIELDS = new Set(['evt.failed', 'evt.buffer', 'evt.arg', 'evt.rawarg'])

let paramNames: Set<string> | undefined
const withFd = new Map<EventDef, boolean>()

/** Whether the field is (nearly) a function of the event's type. */
export function isTypeField(node: FieldNode): boolean {
  return TYPE_FIELDS.has(node.use.name)
}

/** All values that a field can have in events with that code; undefined if any value is possible. */
function candidates(use: FieldUse, code: number, def: EventDef): readonly Value[] | undefined {
  switch (use.name) {
    case 'evt.type':
      return [def.name]
    case 'syscall.type':
      return isExit(code) || eventDef(code + 1)?.name === def.name ? [def.name] : [def.name, undefined]
    case 'evt.type.is':
      return [isType(use.arg ?? '', code, def) ? 1 : 0]
    case 'evt.dir':
      return [isExit(code) ? '<' : '>']
    case 'evt.category':
      return categories(def)
    case 'evt.is_io':
      return [readsData(def) || writesData(def)]
    case 'evt.is_io_read':
      return def.transfer === undefined ? [readsData(def)] : EITHER
    case 'evt.is_io_write':
      return def.transfer === undefined ? [writesData(def)] : EITHER
    case 'evt.is_wait':
      return [def.waits === true]
    case 'evt.failed':
      return isExit(code) && def.noReturn !== true ? undefined : [false]
    default:
      return lacks(use, def) ? ABSENT : undefined
  }
}

function isExit(code: number): boolean {
  return (code & 1) === 1
}

/** Whether evt.type.is[arg] is 1: arg is the event's name or its code. */
function isType(arg: string, code: number, def: EventDef): boolean {
  return def.name === arg || (/^\d+$/.test(arg) && Number(arg) === code)
}

/** The possible values of evt.category: for I/O calls it depends on the descriptor. */
function categories({ category }: EventDef): readonly Value[] {
  if (category.startsWith('io_')) return IO_CATEGORIES
  return [category === 'ipc' ? 'IPC' : category]
}

/** Whether events of that type never have the field. */
function lacks(use: FieldUse, def: EventDef): boolean {
  switch (use.name) {
    case 'evt.buffer':
      return !def.params.some((p) => p.type === 'bytebuf')
    case 'evt.arg':
    case 'evt.rawarg':
      return !hasArgument(def, use.arg ?? '')
    case 'fd.types':
      return false
    default:
      return use.name.startsWith('fd.') && !touchesFd(def)
  }
}

function hasArgument(def: EventDef, arg: string): boolean {
  if (/^\d+$/.test(arg)) return Number(arg) < def.params.length
  if (def.params.some((p) => p.name === arg)) return true
  paramNames ??= new Set(EVENTS.flatMap((d) => d?.params.map((p: ParamDef) => p.name) ?? []))
  return !paramNames.has(arg)
}

/** Whether an event of that type can have a descriptor. Conservative: parameters that only contain a path count too. */
function touchesFd(def: EventDef): boolean {
  let touches = withFd.get(def)
  if (touches === undefined) {
    touches = mayHaveFd(def)
    withFd.set(def, touches)
  }
  return touches
}

function mayHaveFd(def: EventDef): boolean {
  if (def.fd !== undefined || def.fdEffect !== undefined) return true
  for (const p of def.params) if (FD_TYPES.has(p.type)) return true
  return false
}

/** The result of truthByType() for tests that no type decides. */
const UNDECIDED = (): Truth => UNKNOWN

/** Whether some event type decides tests of the field. */
function mayDecide({ name }: FieldUse): boolean {
  if (TYPE_FIELDS.has(name) || OTHER_FIELDS.has(name)) return true
  return name.startsWith('fd.') && name !== 'fd.types'
}

/** Returns the function that maps an event code to what it decides about the test. */
export function truthByType(test: TestNode): (code: number) => Truth {
  const { left } = test
  if (left.kind !== 'field' || test.right !== undefined) return UNDECIDED
  if (!mayDecide(left.use)) return UNDECIDED
  let decide: ReturnType<typeof valueTest> | undefined
  const truth = (code: number): Truth => {
    const def = eventDef(code)
    const values = def && candidates(left.use, code, def)
    if (values === undefined) return UNKNOWN
    decide ??= valueTest(test, 0)
    const first = decide(values[0])
    for (let i = 1; i < values.length; i++) if (decide(values[i]) !== first) return UNKNOWN
    return first ? TRUE : FALSE
  }
  const known = truthsOf(test)
  return (code) => {
    let t = known[code] ?? NOT_EVALUATED
    if (t === NOT_EVALUATED) {
      t = truth(code)
      known[code] = t
    }
    return t as Truth
  }
}

const NOT_EVALUATED = 255
/** Results by code, cached because several planners evaluate the same tests. */
const results = new WeakMap<TestNode, Uint8Array>()

function truthsOf(test: TestNode): Uint8Array {
  let known = results.get(test)
  if (known === undefined) {
    known = new Uint8Array(CODE_LIMIT).fill(NOT_EVALUATED)
    results.set(test, known)
  }
  return known
}

/** Groups event types by what they decide about a set of tests. */
export class TypeKeys {
  private readonly deciding: readonly ((code: number) => Truth)[]

  constructor(tests: Iterable<TestNode>) {
    const deciding = new Map<unknown, (code: number) => Truth>()
    for (const test of tests) {
      const truth = truthByType(test)
      if (truth === UNDECIDED) continue
      deciding.set(groupOf(test), truth)
    }
    this.deciding = [...deciding.values()]
  }

  /** Codes with the same key decide the same for all tests. */
  key(code: number): string {
    let key = ''
    for (const truth of this.deciding) key += truth(code)
    return key
  }
}

/**
 * Tests with equal groups are decided by the same types, though not always to the same result: such types lack the
 * field.
 */
function groupOf(test: TestNode): unknown {
  const { name, arg } = (test.left as FieldNode).use
  if (TYPE_FIELDS.has(name)) return test
  return name.startsWith('fd.') ? 'fd' : `${name}[${arg}]`
}
