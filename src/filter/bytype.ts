// What the type of an event alone says about a test: certainly false, certainly true, or not decided by it.
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
/** of calls on two descriptors, which are looked at from either side */
const EITHER: readonly Value[] = [true, false]
const IO_CATEGORIES: readonly Value[] = ['file', 'net', 'ipc', 'unknown']
/** Fields that depend on nothing else than the type, but for input and output's category. */
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

/** Types of parameters that are, or lead to, a descriptor. */
const OF_FDS: ReadonlySet<string> = new Set(['fd', 'fd32', 'fdlist', 'fspath', 'fsrelpath', 'socktuple', 'sockaddr'])

/** Others about which the type may decide, beside those of descriptors. */
const OF_SOME_TYPES = new Set(['evt.failed', 'evt.buffer', 'evt.arg', 'evt.rawarg'])

let paramNames: Set<string> | undefined
const withFd = new Map<EventDef, boolean>()

/** Whether the field is (nearly) a function of the event's type. */
export function isTypeField(node: FieldNode): boolean {
  return TYPE_FIELDS.has(node.use.name)
}

/** All values that a field can have in events of that code; undefined when anything is possible. */
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

/** What evt.category can be: of input and output it depends on the descriptor. */
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

/** Whether an event of that type can have a descriptor: cautious, since it also counts what only names a path. */
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
  for (const p of def.params) if (OF_FDS.has(p.type)) return true
  return false
}

/** What truthByType() makes of tests about which no type decides. */
export const UNDECIDED = (): Truth => UNKNOWN

/** Whether there are types that decide about tests of a field. */
function mayDecide({ name }: FieldUse): boolean {
  if (TYPE_FIELDS.has(name) || OF_SOME_TYPES.has(name)) return true
  return name.startsWith('fd.') && name !== 'fd.types'
}

/** Makes the function that says what an event code decides about a test. */
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
    let t = known[code] ?? NOT_ASKED
    if (t === NOT_ASKED) {
      t = truth(code)
      known[code] = t
    }
    return t as Truth
  }
}

const NOT_ASKED = 255
/** Answers by code: several planners ask the same. */
const answers = new WeakMap<TestNode, Uint8Array>()

function truthsOf(test: TestNode): Uint8Array {
  let known = answers.get(test)
  if (known === undefined) {
    known = new Uint8Array(CODE_LIMIT).fill(NOT_ASKED)
    answers.set(test, known)
  }
  return known
}

/** Tells types of events apart by what they decide of tests. */
export class TypeKeys {
  private readonly truths = new Map<TestNode, (code: number) => Truth>()
  private readonly telling: readonly ((code: number) => Truth)[]

  constructor(tests: Iterable<TestNode>) {
    const telling = new Map<unknown, (code: number) => Truth>()
    for (const test of tests) {
      const truth = truthByType(test)
      if (truth === UNDECIDED) continue
      this.truths.set(test, truth)
      telling.set(alike(test), truth)
    }
    this.telling = [...telling.values()]
  }

  /** Codes with the same key decide the same of all tests. */
  key(code: number): string {
    let key = ''
    for (const truth of this.telling) key += truth(code)
    return key
  }

  /** What a code decides of one of the tests. */
  truth(test: TestNode, code: number): Truth {
    return this.truths.get(test)?.(code) ?? UNKNOWN
  }
}

/** What tests have in common about which the same types decide, though not the same: whether events of a type have the field. */
function alike(test: TestNode): unknown {
  const { name, arg } = (test.left as FieldNode).use
  if (TYPE_FIELDS.has(name)) return test
  return name.startsWith('fd.') ? 'fd' : `${name}[${arg}]`
}
