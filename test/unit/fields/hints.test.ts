// The declarations of fields besides type and description, checked with all fields and several captures: a wrong hint is found here, not
// by the user whose filter reads too little; a missing one only costs time, and is found if the captures show it.
import { readdirSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import type { FieldContext, FieldDef, FieldValue } from '../../../src/fields/field.js'
import { registry } from '../../../src/fields/index.js'
import { type EventBatch, NO_LATENCY } from '../../../src/model/batch.js'
import type { Event } from '../../../src/model/event.js'
import { redacted } from '../../../src/redact/source.js'
import { CaptureRun } from '../../../src/run/capture-run.js'
import { openTrace } from '../../../src/run/file-kinds.js'
import type { CaptureSource } from '../../../src/source/source.js'
import { WrappedSource } from '../../../src/source/wrapped.js'
import { root } from '../../helpers/ksys.js'

const TRACES = readdirSync(`${root}captures`)
  .filter((f) => f.endsWith('.ksys'))
  .map((f) => `${root}captures/${f}`)
const CAPTURES = [...TRACES, ...['sample', 'mix'].map((name) => `${root}test/golden/captures/${name}.scap.gz`)]

type Named = readonly [name: string, def: FieldDef]
const all = registry.names().map((name): Named => [name, registry.get(name) as FieldDef])
/** Fields that can be evaluated without an argument. */
const fields = all.filter(([, def]) => def.removed === undefined && def.arg?.need !== 'required')
const named = (like: (def: FieldDef, name: string) => boolean) =>
  fields.filter(([name, def]) => like(def, name)).map(([name]) => name)

/** What a value may depend on, for each event. */
interface Facts {
  /** its position among the events of its file */
  readonly nth: number
  readonly tid: number
  readonly comm: string | undefined
  readonly cpu: number
  readonly pid: number
  readonly uid: number | undefined
  readonly type: number
  readonly ret: bigint | number
  readonly latency: number | undefined
  readonly num: number
  readonly time: number
  readonly fdNum: number
  readonly fdType: string | undefined
  readonly isSocket: boolean
  readonly hasFd: boolean
  readonly hasContainer: boolean
}

class Values {
  readonly facts: Facts[] = []
  /** by field, for each event */
  readonly of = new Map<string, unknown[]>()
  /** by field, the parts of an event or of its context that its getters have read */
  readonly reads = new Map<string, Set<string>>()

  at(name: string): readonly unknown[] {
    return this.of.get(name) as unknown[]
  }

  hasSome(name: string): boolean {
    return this.at(name).some((value) => value !== undefined)
  }
}

/** What the state adds to an event, besides its columns. */
const READ = ['thread', 'fd', 'otherFd', 'fdNum', 'otherNum'] as const
/** What reads arguments: if columns are sufficient, the kernel does not copy them. */
const ARGUMENTS = ['number', 'numberOf', 'big', 'text', 'list', 'bytes', 'data', 'rest', 'varAt'] as const
let noted: Set<string> | undefined

/** Records which of these properties of the cursor are read. */
function watch(e: Event): void {
  for (const key of READ) {
    let value: unknown = e[key]
    Object.defineProperty(e, key, {
      get: () => {
        noted?.add(key)
        return value
      },
      set: (v) => {
        value = v
      },
    })
  }
}

/** Records whether arguments are read by these methods of the cursor. */
function watchArguments(e: Event): void {
  for (const key of ARGUMENTS) {
    const method = e[key] as (...args: never[]) => unknown
    Object.defineProperty(e, key, {
      value: (...args: never[]) => {
        noted?.add(`${key}()`)
        return method.apply(e, args)
      },
    })
  }
}

/** A context that records which of its parts are read. */
const watched = (ctx: FieldContext): FieldContext =>
  new Proxy(ctx, {
    get: (target, key) => {
      if (typeof key === 'string') noted?.add(key)
      return Reflect.get(target, key)
    },
  })

function comparable(value: FieldValue | undefined): unknown {
  return value instanceof Uint8Array ? Buffer.from(value) : Array.isArray(value) ? [...value] : value
}

interface Evaluation {
  readonly stateless?: boolean
  readonly wrap?: (source: CaptureSource) => CaptureSource
  /** of each field, only some events are evaluated */
  readonly every?: number
}

/** Evaluates the fields of all events. */
async function evaluate({ stateless = false, wrap = (s) => s, every = 1 }: Evaluation) {
  const values = new Values()
  for (const [name] of fields) {
    values.of.set(name, [])
    values.reads.set(name, new Set())
  }
  for (const file of CAPTURES) {
    const run = new CaptureRun(wrap(await openTrace(file)))
    const getters = fields.map(([name, def]) => {
      noted = values.reads.get(name)
      const get = def.make(watched(run.ctx), undefined)
      noted = undefined
      return [values.reads.get(name) as Set<string>, values.of.get(name) as unknown[], get] as const
    })
    const cursors = new WeakSet<Event>()
    await run.begin()
    let nth = 0
    const show = (e: Event) => {
      if (nth++ % every !== 0) return
      if (!cursors.has(e)) {
        watch(e)
        watchArguments(e)
      }
      cursors.add(e)
      values.facts.push(factsOf(e, nth - 1))
      for (const [reads, of, get] of getters) {
        noted = reads
        of.push(comparable(get(e)))
      }
      noted = undefined
    }
    await run.run({ predicate: undefined, stateless, sinks: [{ show }] })
    await run.close()
  }
  return values
}

function factsOf(e: Event, nth: number): Facts {
  const { thread, fd } = e
  return {
    nth,
    tid: e.tid,
    comm: thread?.comm,
    cpu: e.cpu,
    pid: e.pid,
    uid: thread?.uid,
    type: e.type,
    ret: e.exactRet(),
    latency: e.latency,
    num: e.num,
    time: e.time,
    fdNum: e.fdNum,
    fdType: fd?.type,
    isSocket: fd !== undefined && /^(ipv|unix|netlink|packet)/.test(fd.type),
    hasFd: fd !== undefined,
    hasContainer: (thread?.container ?? undefined) !== undefined,
  }
}

const text = (value: unknown) =>
  Buffer.isBuffer(value) ? value.toString('latin1') : Array.isArray(value) ? value.join('\0') : value

/** Whether events with the same `key` have the same value. */
function isFunctionOf(values: readonly unknown[], keys: readonly unknown[]): boolean {
  const known = new Map<unknown, unknown>()
  return values.every((value, i) => {
    const key = keys[i]
    if (!known.has(key)) known.set(key, text(value))
    return known.get(key) === text(value)
  })
}
const same = (a: readonly unknown[], b: readonly unknown[]) => a.every((value, i) => text(value) === text(b[i]))

let full: Values
beforeAll(async () => {
  full = await evaluate({})
}, 120_000)

const NOTHING = { undeclared: [], unchanged: [] }

/** In tables of threads it is also evaluated at samples, if it is the time in the program itself. */
const SAMPLED = ['thread.spent.in']
/** What is known of a connection is what was captured of it, as the documentation of the fields says. */
const isOfConnection = (name: string) => name.startsWith('http.')

/** Where whole captures are compared, a sample of the events is enough. */
const SOME = 4
let some: Promise<Values> | undefined
const sampled = () => (some ??= evaluate({ every: SOME }))
const differing = (a: Values, b: Values) => named((_, name) => !same(a.at(name), b.at(name)))

/** Those of `names` that do not hold. */
const failing = (names: readonly string[], holds: (name: string) => boolean) => names.filter((name) => !holds(name))

const JS_TYPES: Partial<Record<FieldDef['type'], string>> = {
  bool: 'boolean',
  string: 'string',
  fspath: 'string',
  ipaddr: 'string',
}

/** How a value differs from its declaration; undefined: it does not. */
function mismatch(value: unknown, def: FieldDef): string | undefined {
  const isList = Array.isArray(value)
  if (isList !== (def.list === true || def.multi !== undefined)) return isList ? 'a list' : 'no list'
  const one = isList ? value[0] : value
  if (one === undefined || def.type === 'dynamic') return undefined
  const type = Buffer.isBuffer(one) ? 'bytebuf' : typeof one
  const expected = JS_TYPES[def.type]
  if (expected !== undefined) return type === expected ? undefined : type
  if (def.epoch === true) return type === 'bigint' ? undefined : `epoch as ${type}`
  return type === 'bigint' && def.exact !== true && def.type !== 'abstime' ? type : undefined
}

test('a value has the declared type', () => {
  const wrong = fields.flatMap(([name, def]) => {
    const found = new Set(full.at(name).map((value) => (value === undefined ? undefined : mismatch(value, def))))
    found.delete(undefined)
    return found.size === 0 ? [] : [`${name} (${def.type}): ${[...found]}`]
  })
  expect(wrong).toEqual([])
})

describe('the dependencies of a value', () => {
  const beyondColumns = (name: string) =>
    [...(full.reads.get(name) ?? [])].filter((key) => READ.includes(key as never) || key.endsWith('()'))

  test('a field that reads a thread, a descriptor or an argument does not declare that columns are sufficient', () => {
    const claiming = named((def) => def.rowOnly !== undefined)
    expect(claiming.filter((name) => beyondColumns(name).length > 0).map((n) => `${n}: ${beyondColumns(n)}`)).toEqual(
      [],
    )
  })

  test('a field that reads columns alone declares it', () => {
    const silent = named((def, name) => def.rowOnly === undefined && full.hasSome(name))
    expect(silent.filter((name) => full.reads.get(name)?.size === 0)).toEqual(SAMPLED)
  })

  test('a value from columns alone is the same if threads and descriptors are not followed', async () => {
    const changed = differing(await sampled(), await evaluate({ stateless: true, every: SOME }))
    expect(named((def, name) => def.rowOnly !== undefined && changed.includes(name))).toEqual([])
  }, 120_000)

  test('a value declared to be the same for all calls of a type with the same result is', () => {
    const keys = full.facts.map(({ type, ret }) => `${type} ${ret}`)
    expect(
      failing(
        named((def) => def.rowOnly === 'same'),
        (name) => isFunctionOf(full.at(name), keys),
      ),
    ).toEqual([])
  })

  test('a text declared as stable is the same for an event type, thread and processor', () => {
    const keys = full.facts.map(({ type, tid, comm, cpu }) => `${type} ${tid} ${cpu} ${comm}`)
    expect(
      failing(
        named((def) => def.steady === true),
        (name) => isFunctionOf(full.at(name), keys),
      ),
    ).toEqual([])
  })

  /** The property that the value follows from; undefined: not from a property alone. */
  const PROPERTIES: Record<NonNullable<FieldDef['property']>, (f: Facts) => unknown> = {
    comm: (f) => f.comm,
    pid: (f) => f.pid,
    tid: (f) => f.tid,
    uid: (f) => f.uid,
    userName: (f) => f.uid,
    failed: (f) => `${f.type} ${f.ret}`,
    result: (f) => `${f.type} ${f.ret}`,
    latency: (f) => f.latency,
    num: (f) => f.num,
    reltime: (f) => f.time,
    rawtime: (f) => f.time,
    fdType: (f) => f.fdType,
    fdLetter: () => undefined,
    protocol: () => undefined,
    nameChanged: () => undefined,
    // an argument that is not a descriptor has its own number
    fdNum: (f) => (f.fdNum < 0 ? undefined : f.fdNum),
    socket: () => undefined,
  }
  test('a value that an index decides follows from the property of the event', () => {
    const wrong = named((def) => def.property !== undefined && def.property !== 'socket').filter((name) => {
      const property = PROPERTIES[registry.get(name)?.property as keyof typeof PROPERTIES]
      const some = full.facts.flatMap((f, i) => (property(f) === undefined ? [] : [i]))
      return !isFunctionOf(
        some.map((i) => full.at(name)[i]),
        some.map((i) => property(full.facts[i] as Facts)),
      )
    })
    expect(wrong).toEqual([])
  })

  const isAbsentUnless = (name: string, has: (f: Facts) => boolean) =>
    full.at(name).every((value, i) => value === undefined || has(full.facts[i] as Facts))

  test('only sockets have a value that is declared for sockets', () => {
    const ofSockets = named((def) => def.property === 'socket')
    expect(failing(ofSockets, (name) => isAbsentUnless(name, (f) => f.isSocket))).toEqual([])
  })

  test('a value of the descriptor is absent for events without one', () => {
    const ofFds = named((def) => def.fdOnly !== undefined && def.fdOnly.bare === undefined)
    expect(failing(ofFds, (name) => isAbsentUnless(name, (f) => f.hasFd))).toEqual([])
  })

  test('a value from the description of a container is absent or constant without one', () => {
    const outside = (name: string) =>
      full.at(name).filter((value, i) => value !== undefined && !full.facts[i]?.hasContainer)
    expect(
      failing(
        named((def) => def.containerOnly === true),
        (name) => new Set(outside(name)).size <= 1,
      ),
    ).toEqual([])
  })

  test('a value declared as never available is absent in every capture', () => {
    expect(
      failing(
        named((def) => def.absent !== undefined && def.absent.ours === undefined),
        (name) => !full.hasSome(name),
      ),
    ).toEqual([])
  })
})

describe('the required data of a field', () => {
  type Need = NonNullable<FieldDef['needs']>[number]
  const needing = (...needs: Need[]) => named((def) => needs.some((need) => def.needs?.includes(need)))

  /** Fields that change without some data and do not declare that they need it, and the reverse, if there are values at all. */
  const undeclared = (changed: readonly string[], ...needs: Need[]) => {
    const declared = needing(...needs)
    return {
      undeclared: changed.filter((n) => !declared.includes(n)),
      unchanged: declared.filter((n) => full.hasSome(n) && !changed.includes(n)),
    }
  }
  const changedBy = async (wrap: (source: CaptureSource) => CaptureSource) => {
    return differing(await sampled(), await evaluate({ wrap, every: SOME }))
  }

  test('includes data of I/O', async () => {
    const redaction = { noBuffers: true, noEnv: false, noArgs: false, rules: [], key: new Uint8Array() }
    expect(undeclared(await changedBy((source) => redacted(source, redaction)), 'buffers')).toEqual(NOTHING)
  }, 120_000)

  test('includes latencies', async () => {
    class WithoutLatency extends WrappedSource {
      override async next(): Promise<EventBatch | undefined> {
        const batch = await this.source.next()
        batch?.latency.fill(NO_LATENCY)
        return batch
      }
    }
    expect(undeclared(await changedBy((source) => new WithoutLatency(source)), 'latency')).toEqual(NOTHING)
  }, 120_000)

  test('includes every event, for a value that depends on those before', async () => {
    const third = await evaluate({ every: 3 })
    const inFull = (name: string) => full.at(name).filter((_, i) => (full.facts[i] as Facts).nth % 3 === 0)
    const changed = named((_, name) => !same(third.at(name), inFull(name)))
    const found = undeclared(changed, 'lines', 'everybody').undeclared
    expect(found.filter((name) => !isOfConnection(name))).toEqual([])
  }, 120_000)

  test('includes rules', () => {
    expect(named((_, name) => full.reads.get(name)?.has('rules') === true)).toEqual(needing('rules'))
  })
})
