// Rows remain valid, whatever is redacted: lengths fit, and columns and data without a rule are unchanged.

import { expect, test } from 'vitest'
import { type EventBatch, rowEnd } from '../../../src/model/batch.js'
import { Event } from '../../../src/model/event.js'
import { parseRules } from '../../../src/redact/file.js'
import { parameterOf } from '../../../src/redact/parameters.js'
import type { Redaction } from '../../../src/redact/redaction.js'
import { redacted } from '../../../src/redact/source.js'
import { TARGET } from '../../../src/redact/targets.js'
import { EVENTS, LAYOUTS } from '../../../src/schema/events/index.js'
import type { EventDef } from '../../../src/schema/types.js'
import type { CaptureSource } from '../../../src/source/source.js'
import fc from '../../helpers/properties.js'
import { makeBatch, type RowSpec } from '../../helpers/rows.js'
import { INFO, NOTHING, plain } from '../../helpers/trace.js'
import { thread } from '../state/world.js'

const NONE: Redaction = { noBuffers: false, noEnv: false, noArgs: false, rules: [], key: new Uint8Array(32) }

/** The output for a batch. */
async function through(batch: EventBatch, redaction: Partial<Redaction>, info = INFO): Promise<EventBatch> {
  const source: CaptureSource = {
    info,
    damage: [],
    snapshot: async () => NOTHING,
    next: async () => batch,
    stats: () => ({ events: 0, lost: 0, late: 0 }),
    progress: () => undefined,
    stop: () => {},
    close: async () => {},
  }
  return (await redacted(source, { ...NONE, ...redaction }).next()) as EventBatch
}

const defs = EVENTS.filter((def): def is EventDef => def !== undefined)
const value = fc.oneof(
  fc.uint8Array({ maxLength: 30 }),
  fc
    .constantFrom('/a/b', 'a=b\0c=d\0', 'x\0', '', '{"container":{"id":"a","env":["a=b"]}}', 'a')
    .map((t) => Buffer.from(t)),
  fc.constant(new Uint8Array(3000).fill(97)),
)
const row = fc.constantFrom(...defs).chain((def) => {
  const vars = def.params.filter((p) => p.wire === 'var').map((p) => p.name)
  return fc.record({
    type: fc.constant(def.code),
    params: fc.record(Object.fromEntries(vars.map((name) => [name, fc.option(value, { nil: undefined })]))),
  })
})
const redaction = fc.record({
  noBuffers: fc.boolean(),
  noEnv: fc.boolean(),
  noArgs: fc.boolean(),
  rules: fc
    .constantFrom('', '* hash /a/', '* mask', 'fd.name hash\nproc.args mask', '* drop /b/', 'fd.ip drop')
    .map(parseRules),
})

test('whatever the rows and rules, lengths fit and columns are unchanged', async () => {
  const e = new Event(EVENTS, LAYOUTS)
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), redaction, async (rows, how) => {
      const before = makeBatch(rows as RowSpec[])
      const kept = plain(before)
      const after = await through(before, how)
      expect(plain(before)).toEqual(kept)
      expect(after.count).toBe(before.count)
      plain(after).forEach((r, i) => {
        const was = kept[i]!
        expect({ ...r, args: '', absent: 0 }).toEqual({ ...was, args: '', absent: 0 })
        // nothing is added
        expect((r.absent & was.absent) >>> 0).toBe(was.absent)
        e.moveTo(after, i)
        const layout = LAYOUTS[e.type]!
        let end = after.argOff[i]! + layout.fixed
        for (const offset of layout.offset) if (offset <= -2) end += 2 + after.view.getUint16(end, true)
        expect(end).toBe(rowEnd(after, i))
      })
    }),
    { numRuns: 300 },
  )
})

test('a batch without changes is passed on unchanged', async () => {
  const batch = makeBatch([{ type: 'getppid' }, { type: 'close', params: { fd: 3 } }])
  expect(await through(batch, { rules: parseRules('* mask') })).toBe(batch)
  expect(await through(batch, { noBuffers: true, noEnv: true, noArgs: true })).toBe(batch)
})

test('a value that does not fit any more is omitted', async () => {
  const args = Array.from({ length: 20_000 }, (_, i) => `${i % 10}`)
  const batch = makeBatch([{ type: 'execve', params: { exe: 'x', args } }, { type: 'getppid' }])
  const after = await through(batch, { rules: parseRules('proc.args hash') })
  const e = new Event(EVENTS, LAYOUTS)
  e.moveTo(after, 0)
  expect(e.bytes(e.paramIndex('args'))).toBeUndefined()
  expect(e.text(e.paramIndex('exe'))).toBe('x')
})

test('rows that are stored in another order are put in order, with no original bytes between them', async () => {
  const batch = makeBatch([
    { type: 'write', params: { data: 'hunter2' } },
    { type: 'write', params: { data: 'hunter3' } },
  ])
  const ends = Uint32Array.from([batch.argOff[2]!, batch.argOff[1]!])
  batch.argOff.set([batch.argOff[1]!, 0])
  batch.argEnd = ends
  const after = await through(batch, { rules: parseRules('evt.buffer hash') })
  const bytes = Buffer.from(after.arena.subarray(0, after.argOff[2])).toString('latin1')
  expect(bytes).not.toContain('hunter')
  const e = new Event(EVENTS, LAYOUTS)
  e.moveTo(after, 1)
  expect(e.text(e.paramIndex('data'))).toMatch(/^#\w{12}$/)
})

/** Texts of events that are plain arguments: not the name, path, address, program or user of anything. */
const ONLY_ARGUMENTS = `
  mount.type mount.data notification.id notification.desc infra.source infra.name infra.description infra.scope
  fsconfig.key fsconfig.value_charbuf asyncevent.name init_module.uargs finit_module.uargs delete_module.name
  setdomainname.name create_module.name query_module.name setxattr.name lsetxattr.name fsetxattr.name getxattr.name
  lgetxattr.name fgetxattr.name removexattr.name lremovexattr.name fremovexattr.name lookup_dcookie.buf add_key._type
  add_key._description request_key._type request_key._description request_key._callout_info
  kexec_file_load.cmdline_ptr fsopen._fs_name setxattrat.name getxattrat.name removexattrat.name
  io_uring_complete.xattr
`

test('for every text of an event the fields that it belongs to are known', () => {
  const texts = defs.flatMap((def) =>
    def.params.flatMap((p, i) => {
      const is = parameterOf(def, i)
      return is?.form === 'text' && is.targets === TARGET.OTHER ? [`${def.name}.${p.name}`] : []
    }),
  )
  expect([...new Set(texts)].sort()).toEqual(ONLY_ARGUMENTS.trim().split(/\s+/).sort())
})

test('a structure is omitted as a whole, a pattern changes its matches in it', async () => {
  const batch = () => makeBatch([{ type: 'setsockopt', params: { val: Buffer.from([6, 1, 2, 3, 4]) } }])
  const valueAfter = async (text: string) => {
    const e = new Event(EVENTS, LAYOUTS)
    e.moveTo(await through(batch(), { rules: parseRules(text) }), 0)
    return e.bytes(e.paramIndex('val'))
  }
  expect(await valueAfter('* mask')).toBeUndefined()
  expect(await valueAfter('* mask /\\x02/')).toEqual(Uint8Array.from([6, 1, 42, 3, 4]))
})

test('addresses and paths of sockets have rules of their own', async () => {
  const unix = Buffer.concat([Buffer.from([1]), Buffer.from('/run/1.sock')])
  const ipv4 = Buffer.from([2, 10, 0, 0, 1, 0, 80])
  const batch = () => makeBatch([unix, ipv4].map((addr) => ({ type: 'bind', params: { addr } })))
  const after = async (text: string) => {
    const made = await through(batch(), { rules: parseRules(text) })
    const e = new Event(EVENTS, LAYOUTS)
    return [0, 1].map((row) => {
      e.moveTo(made, row)
      return Buffer.from(e.bytes(e.paramIndex('addr')) ?? [])
    })
  }
  expect(await after('fs.path.name mask /1/')).toEqual([Buffer.from('\x01/run/***.sock'), ipv4])
  const [path, address] = await after('fd.ip hash')
  expect(path).toEqual(unix)
  expect(address).not.toEqual(ipv4)
})

test('a program retains its name without its arguments, also if it has written both into one', async () => {
  const batch = makeBatch([{ type: 'execve', params: { exe: 'nginx: worker process', args: ['-c', 'x'] } }])
  const e = new Event(EVENTS, LAYOUTS)
  e.moveTo(await through(batch, { noArgs: true }), 0)
  expect(e.text(e.paramIndex('exe'))).toBe('nginx:')
  expect(e.text(e.paramIndex('args'))).toBeUndefined()
})

test('a resync after a loss is redacted, whether or not the rows in its batch change', async () => {
  for (const data of ['hunter2', 'nothing']) {
    const batch = makeBatch([{ type: 'write', params: { data } }])
    batch.resync = { ...NOTHING, threads: [thread(7, { args: ['--password', 'hunter2'] })] }
    const after = await through(batch, { rules: parseRules('* mask /hunter2/') })
    const [t, ...others] = after.resync?.threads ?? []
    expect(others).toEqual([])
    expect(t?.tid).toBe(7)
    expect(t?.args.join(' ')).toMatch(/^--password (?!hunter2)/)
  }
})

test('--no-env omits what a call read from a descriptor that is not known, since its process has ended', async () => {
  const read = { type: 'read', tid: 77, ret: 12, params: { fd: 3, data: Buffer.from('TOKEN=secret') } }
  const fromFile = { ...INFO, kind: 'ksys' } as const
  const containsSecret = ({ arena }: EventBatch) => Buffer.from(arena).includes('TOKEN=secret')
  expect(containsSecret(await through(makeBatch([read]), {}, fromFile))).toBe(true)
  expect(containsSecret(await through(makeBatch([read]), { noEnv: true }, fromFile))).toBe(false)
})
