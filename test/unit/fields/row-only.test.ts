// Which fields the columns of an event answer alone: a field that says so has the same values where no state is kept, and one that does not
// say so has others somewhere.
import { readdirSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import type { FieldValue } from '../../../src/fields/field.js'
import { registry } from '../../../src/fields/index.js'
import { CaptureRun } from '../../../src/run/capture-run.js'
import { openTrace } from '../../../src/run/file-kinds.js'
import { root } from '../../helpers/ksys.js'

const CAPTURES = [
  ...readdirSync(`${root}captures`)
    .filter((f) => f.endsWith('.ksys'))
    .map((f) => `${root}captures/${f}`),
  `${root}test/golden/captures/sample.scap.gz`,
  `${root}test/golden/captures/mix.scap.gz`,
]
/** Fields that need the state though these captures do not show it, each with its reason. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['evt.is_syslog', 'a program may write to the socket of the log, which is known by its name'],
  ['thread.spent', 'in tables of threads it is the time in the program itself, too'],
  ['thread.spent.in', 'as thread.spent'],
  ['fdlist.nums', 'the walk over the list looks up the descriptors for the other fields of it'],
])

const names = registry.names().filter((name) => {
  const def = registry.get(name)
  return def !== undefined && def.removed === undefined && def.arg?.need !== 'required'
})
/** by name, a value of each event */
let kept: Map<string, unknown[]>
let alone: Map<string, unknown[]>

beforeAll(async () => {
  kept = await values(false)
  alone = await values(true)
})

async function values(stateless: boolean): Promise<Map<string, unknown[]>> {
  const found = new Map(names.map((name): [string, unknown[]] => [name, []]))
  for (const file of CAPTURES) {
    const run = new CaptureRun(await openTrace(file))
    const getters = names.map((name) => [found.get(name), registry.get(name)?.make(run.ctx, undefined)] as const)
    await run.begin()
    const show = (e: Parameters<NonNullable<(typeof getters)[number][1]>>[0]) => {
      for (const [all, get] of getters) all?.push(comparable(get?.(e)))
    }
    await run.run({ predicate: undefined, stateless, sinks: [{ show }] })
    await run.close()
  }
  return found
}

function comparable(value: FieldValue | undefined): unknown {
  return value instanceof Uint8Array
    ? Buffer.from(value).toString('latin1')
    : Array.isArray(value)
      ? value.join()
      : value
}

const isSame = (name: string) => {
  const others = alone.get(name) as unknown[]
  return (kept.get(name) as unknown[]).every((value, i) => value === others[i])
}
const hasValues = (name: string) => (kept.get(name) as unknown[]).some((value) => value !== undefined)

test('one that says so has the same values where no threads and descriptors are followed', () => {
  expect(names.filter((name) => registry.get(name)?.ofEvent !== undefined && !isSame(name))).toEqual([])
})

test('one that does not say so has others in some capture, or a reason', () => {
  const missing = names.filter(
    (name) => registry.get(name)?.ofEvent === undefined && hasValues(name) && isSame(name) && !ELSEWHERE.has(name),
  )
  expect(missing).toEqual([])
  expect([...ELSEWHERE.keys()].filter((name) => registry.get(name)?.ofEvent !== undefined)).toEqual([])
})
