// Random filters and events, with few fields and values so that they often match.

import { type Check, type Expr, joined, type Literal, negated, type Span } from '../../src/filter/ast.js'
import { eventDef } from '../../src/filter/events.js'
import fc from '../helpers/properties.js'
import { codeOf, type Made, START } from '../unit/filter/world.js'

/** Positions do not matter here. */
export const NOWHERE: Span = { pos: 0, len: 0 }

const TYPES = ['open', 'openat', 'close', 'read', 'getuid', 'execve', 'connect', 'switch', 'procexit', 'exit_group']
const NAMES = ['cat', 'ls', 'sh', '']
const TEXTS = ['/etc', '/etc/passwd', '/', 'c', '']
const NUMBERS = [-1, 0, 1, 2, 7]

export const literal = (text: string, quoted: boolean): Literal => ({ kind: 'literal', text, quoted, span: NOWHERE })
const written = (text: string): Literal => literal(text, text === '')

const list = (values: readonly string[]) =>
  fc.subarray([...values]).map((vs) => ({ kind: 'list' as const, items: vs.map(written), span: NOWHERE }))

interface Choice {
  readonly field: string
  readonly arg?: string
  readonly ops: readonly string[]
  readonly sets: readonly string[]
  readonly values: readonly string[]
}
const ORDER = ['<', '<=', '>', '>=']
const numeric = (field: string, values = NUMBERS.map(String)): Choice => ({
  field,
  ops: ['=', '==', '!=', ...ORDER],
  sets: ['in', 'intersects'],
  values,
})
const textual = (field: string, values: readonly string[]): Choice => ({
  field,
  ops: ['=', '==', '!=', 'contains', 'startswith', 'endswith'],
  sets: ['in', 'intersects'],
  values,
})
const CHOICES: readonly Choice[] = [
  textual('evt.type', TYPES),
  textual('evt.dir', ['<', '>']),
  textual('evt.category', ['file', 'net', 'process', 'user']),
  textual('proc.name', [...NAMES, 'longer-than-15-bytes']),
  textual('fd.name', TEXTS),
  textual('fd.type', ['ipv4', 'unix', 'file', 'pipe']),
  textual('fd.typechar', ['4', '6', 'u', 'f', 'p', 'o']),
  textual('fd.l4proto', ['tcp', 'udp', '<NA>']),
  { field: 'fd.name_changed', ops: ['=', '!='], sets: ['in'], values: ['true', 'false'] },
  { ...textual('evt.arg', TEXTS), arg: 'name' },
  textual('evt.res', ['SUCCESS', 'ENOENT']),
  textual('user.name', ['root', 'bob', 'eve']),
  numeric('proc.pid'),
  numeric('thread.tid'),
  numeric('user.uid', ['0', '1', '2', '7']),
  numeric('evt.rawres'),
  numeric('evt.num', ['0', '1', '2', '7']),
  numeric('fd.num'),
  { field: 'evt.failed', ops: ['=', '!='], sets: ['in'], values: ['true', 'false'] },
  { field: 'evt.rawtime', ops: ['=', '!=', ...ORDER], sets: ['in'], values: [0, 1, 2, 7].map(absolute) },
  { field: 'fd.port', ops: ['=', '!=', ...ORDER], sets: ['in', 'intersects'], values: ['0', '1', '2', '7'] },
  { field: 'fd.types', ops: [], sets: ['in', 'intersects'], values: ['file', 'pipe', 'ipv4'] },
]

function absolute(ns: number): string {
  return String(BigInt(START.startSec) * 1000000000n + BigInt(START.startNsec) + BigInt(ns))
}

const check: fc.Arbitrary<Check> = fc.constantFrom(...CHOICES).chain((c) => {
  const left = { kind: 'field' as const, name: c.field, arg: c.arg, span: NOWHERE }
  const base = { kind: 'check' as const, left, opSpan: NOWHERE, span: NOWHERE, modifier: undefined }
  const one = fc.constantFrom(...c.values).map(written)
  const options: fc.Arbitrary<Check>[] = [
    fc.record({ op: fc.constantFrom(...c.sets), right: list(c.values) }).map((x) => ({ ...base, ...x })),
    fc.constant({ ...base, op: 'exists', right: undefined }),
  ]
  if (c.ops.length > 0) {
    const ops = fc.constantFrom(...c.ops)
    options.push(fc.record({ op: ops, right: one }).map((x) => ({ ...base, ...x })))
    options.push(
      fc
        .record({ op: ops, right: list(c.values), modifier: fc.constantFrom('oneof', 'anyof', 'allof') })
        .map((x) => ({ ...base, ...x })),
    )
  }
  return fc.oneof(...options)
})

export const expr: fc.Arbitrary<Expr> = fc.letrec<{ expr: Expr }>((tie) => ({
  expr: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    check,
    fc.array(tie('expr'), { minLength: 1, maxLength: 4 }).map((items) => joined('and', items)),
    fc.array(tie('expr'), { minLength: 1, maxLength: 4 }).map((items) => joined('or', items)),
    tie('expr').map((e) => negated(e)),
  ),
})).expr

/** The values of a descriptor of some type; undefined: it is not known. */
function descriptor(type: string | undefined, protocol: string, isNamed: boolean) {
  if (type === undefined) return { 'fd.typechar': 'o' }
  return {
    'fd.type': type,
    'fd.typechar': type === 'ipv4' ? '4' : type.charAt(0),
    'fd.l4proto': type === 'ipv4' ? protocol : '<NA>',
    // reading and writing never give a file a name
    'fd.name_changed': isNamed && (type === 'ipv4' || type === 'unix'),
  }
}

const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })

/** A consistent event: values that its type excludes are absent, its result agrees with evt.failed. */
export const event: fc.Arbitrary<Made> = fc
  .record({
    type: fc.constantFrom(...TYPES),
    enter: fc.boolean(),
    time: fc.constantFrom(0, 1, 2, 7, 8),
    name: maybe(NAMES),
    path: maybe(TEXTS),
    pid: fc.constantFrom(...NUMBERS),
    tid: fc.constantFrom(...NUMBERS),
    user: fc.constantFrom([0, 'root'], [1, 'bob'], [7, undefined], [undefined, undefined]),
    result: fc.constantFrom(-2, -1, 0, 7),
    num: fc.constantFrom(1, 2, 7, 8),
    ports: maybe([[], [1], [1, 7], [2, 2]]),
    kind: maybe(['unix', 'file', 'pipe']),
    protocol: fc.constantFrom('tcp', 'udp', '<NA>'),
    isNamed: fc.boolean(),
    kinds: maybe([[], ['file'], ['pipe', 'ipv4']]),
    category: fc.constantFrom('file', 'net', 'ipc', 'unknown'),
  })
  .map((r): Made => {
    const code = codeOf(r.type, r.enter)
    const def = eventDef(code) as NonNullable<ReturnType<typeof eventDef>>
    const isExit = (code & 1) === 1 && def.noReturn !== true
    const hasFd = def.params.some((p) => /^(fd|fd32|fspath|fsrelpath|sockaddr|socktuple)$/.test(p.type))
    return {
      type: r.type,
      enter: r.enter,
      time: r.time,
      'evt.rawtime': BigInt(absolute(r.time)),
      'evt.num': r.num,
      'evt.category': r.category,
      'evt.failed': isExit && r.result < 0,
      'evt.rawres': isExit ? r.result : undefined,
      'evt.res': isExit ? (r.result < 0 ? 'ENOENT' : 'SUCCESS') : undefined,
      'evt.arg[name]': def.params.some((p) => p.name === 'name') ? r.path : undefined,
      'proc.name': r.name,
      'proc.pid': r.pid,
      'thread.tid': r.tid,
      'user.uid': r.user[0],
      'user.name': r.user[1],
      // a call that failed to open something has no descriptor
      'fd.num': hasFd ? (isExit && r.result < 0 && def.opens !== undefined ? -1 : r.tid) : undefined,
      'fd.name': hasFd ? r.path : undefined,
      'fd.port': hasFd ? r.ports : undefined,
      'fd.types': r.kinds,
      ...(hasFd && descriptor(r.ports?.length ? 'ipv4' : r.kind, r.protocol, r.isNamed)),
    }
  })
