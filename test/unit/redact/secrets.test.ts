// Planted secrets: in all texts and data of every event, of the snapshot and of container metadata.
// After redaction the file does not contain them, compressed or not, and it can still be read completely.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import type { Snapshot } from '../../../src/model/snapshot.js'
import { unknownThread } from '../../../src/model/unknown-thread.js'
import { ACTIONS } from '../../../src/redact/redaction.js'
import { EVENTS } from '../../../src/schema/events/index.js'
import type { EventDef, ParamDef } from '../../../src/schema/types.js'
import { TraceSource } from '../../../src/trace/index.js'
import { TraceWriter } from '../../../src/trace/writer.js'
import { ksys } from '../../helpers/ksys.js'
import { makeBatch, type ParamValue, type RowSpec } from '../../helpers/rows.js'
import { INFO, plain, scratch } from '../../helpers/trace.js'
import { unpacked } from '../../helpers/unpacked.js'

const SECRET = 'hunter2'
/** an id, in which only a pattern changes something */
const ID = `id-of-${SECRET}`
const at = scratch()

/** A value for a variable parameter that contains the secret. */
function planted(p: ParamDef, kind: string): ParamValue | undefined {
  const secret = `${SECRET}-${kind}`
  if (p.type === 'fdlist' || p.type === 'ipv6addr') return undefined
  if (p.type === 'sockaddr') return Buffer.concat([Buffer.from([1]), Buffer.from(`/run/${secret}`)])
  if (p.type === 'socktuple') return Buffer.concat([Buffer.alloc(17, 1), Buffer.from(`/run/${secret}`)])
  if (p.means === 'own word') return 'begin'
  if (p.name === 'json') return containerText
  if (p.name === 'env') return [`A=1`, `TOKEN=${secret}`]
  if (p.name === 'args' || p.name === 'argv') return ['-v', `--password=${secret}`]
  if (p.name === 'comm') return SECRET
  if (p.name === 'container_id') return ID
  return p.type === 'fspath' ? `/tmp/${secret}` : `x ${secret} y`
}

const containerText = JSON.stringify({
  container: {
    ...{ id: '0123456789ab', full_id: '0123456789ab', type: 0, name: `web-${SECRET}`, image: SECRET },
    ...{ labels: { a: SECRET, 'kubectl.kubernetes.io/last-applied-configuration': SECRET }, env: [`T=${SECRET}`] },
    ...{ Mounts: [{ Source: `/srv/${SECRET}`, Destination: '/x' }], ip: '10.9.8.7' },
    ...{ Healthcheck: { exe: 'curl', args: [`--token=${SECRET}`] }, lookup_state: 1 },
  },
})

const snapshot: Snapshot = {
  threads: [
    {
      ...unknownThread(),
      ...{
        tid: 1,
        pid: 1,
        uid: 7,
        gid: 7,
        comm: SECRET,
        exe: `srv: ${SECRET}`,
        exepath: `/opt/${SECRET}/srv`,
        cwd: `/home/${SECRET}`,
      },
      ...{ args: ['-p', SECRET], env: [`TOKEN=${SECRET}`], root: `/${SECRET}`, cgroups: [`cpu=/${SECRET}.service`] },
      fds: [
        { num: 3, type: 'file', name: `/var/${SECRET}`, nameRaw: `../${SECRET}` },
        { num: 4, type: 'unix', name: '', path: `/run/${SECRET}.sock` },
        { num: 5, type: 'ipv4', name: '', localIp: '10.9.8.7', localPort: 1, remoteIp: '10.9.8.6', remotePort: 2 },
      ],
    },
  ],
  users: [{ uid: 7, gid: 7, name: SECRET, home: `/home/${SECRET}`, shell: `/bin/${SECRET}` }],
  groups: [{ gid: 7, name: SECRET }],
  containers: [containerText],
}

/** A row of each event, with the secret wherever possible. */
const specs: RowSpec[] = EVENTS.filter((def): def is EventDef => def !== undefined).map((def, i) => ({
  type: def.code,
  num: i + 1,
  time: i,
  tid: 1,
  params: Object.fromEntries(
    def.params.filter((p) => p.wire === 'var').map((p) => [p.name, planted(p, `${def.code}`)]),
  ) as RowSpec['params'] & object,
}))

async function rowsOf(path: string): Promise<ReturnType<typeof plain>> {
  const source = await TraceSource.open(path)
  const rows: ReturnType<typeof plain> = []
  await source.snapshot()
  for (;;) {
    const batch = await source.next()
    if (batch === undefined) break
    rows.push(...plain(batch))
  }
  expect(source.damage).toEqual([])
  await source.close()
  return rows
}

const whole = at('whole.ksys')

beforeAll(async () => {
  const info = { ...INFO, hostname: `box-${SECRET}`, note: `filter: evt.buffer contains ${SECRET}` }
  const writer = await TraceWriter.open(whole, { info, existing: snapshot })
  await writer.write(makeBatch(specs))
  await writer.close({ events: specs.length, lost: 0, late: 0 })
  expect(ksys(['-r', whole, '-n', '300', '-w', at('other.ksys')]).code).toBe(0)
})

const rules = (text: string) => {
  const path = at('rules')
  writeFileSync(path, text)
  return path
}

test('without redaction the secret is found, so that the search is meaningful', async () => {
  expect((await unpacked(whole)).includes(SECRET)).toBe(true)
})

for (const action of ACTIONS)
  test(`a pattern for all fields removes the secret everywhere: ${action}`, async () => {
    const out = at(`${action}.ksys`)
    const ran = ksys(['redact', whole, '-w', out, '--redact', rules(`* ${action} /hunter2[-\\w]*/`)])
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect((await unpacked(out)).includes(SECRET)).toBe(false)
    expect((await rowsOf(out)).map((r) => r.type)).toEqual((await rowsOf(whole)).map((r) => r.type))
    // every line can be printed, and does not contain it either
    const printed = ksys(['-r', out, '-v'])
    expect(printed.code).toBe(0)
    expect(printed.stdout).not.toContain(SECRET)
    expect(ksys(['info', out]).stdout).toContain(
      `spared      *: pattern matches ${{ mask: 'masked', hash: 'hashed', drop: 'dropped' }[action]}`,
    )
  })

/** Fields that rules name, if the planted file has a value of theirs with the secret. */
const NAMED =
  `proc.name proc.exe proc.exepath proc.args proc.cmdline proc.env proc.cwd fd.name fs.path.name evt.buffer evt.args
  user.name user.homedir user.shell group.name thread.cgroups`.split(/\s+/)

/** Values of other fields that a value contains. */
const WITH: Readonly<Record<string, string>> = {
  'proc.cmdline': ',proc.name',
  'evt.args':
    ',fd.name,proc.name,user.name,group.name,proc.env,evt.buffer' +
    ',container.name,container.image,container.labels,container.mounts,container.healthcheck',
}

test.each(NAMED)('a rule for %s removes all of its values', (field) => {
  const shown = (...words: string[]) => ksys(['-r', whole, '-p', `*%${field}`, ...words]).stdout
  expect(shown()).toContain(SECRET)
  const lines = shown('--redact', rules(`${field}${WITH[field] ?? ''} mask /hunter2/`))
  expect(lines).toContain('***')
  expect(lines).not.toContain(SECRET)
})

/** The bytes of the files in a folder, traces decompressed. */
async function textIn(folder: string): Promise<Buffer> {
  const files = readdirSync(folder).map((name) => join(folder, name))
  return Buffer.concat(
    await Promise.all(files.map((file) => (/\.ksys$/.test(file) ? unpacked(file) : plainly(readFileSync(file))))),
  )
}

/** The contents of a compressed file. */
function plainly(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
}

/** The output of each command for the file; every command that reads a capture accepts the privacy options. */
const CLIENTS: readonly (readonly [name: string, args: readonly string[], writes?: string])[] = [
  ['lines', ['-r', whole, '-v']],
  ['JSON', ['-r', whole, '-j']],
  ['hex', ['-r', whole, '-x']],
  ['a summary', ['-r', whole, '-S']],
  ['a chisel', ['-r', whole, '-c', 'ps']],
  ['lsof', ['-r', whole, '-c', 'lsof']],
  ['a trace', ['-r', whole], 'c.ksys'],
  ['.scap', ['-r', whole], 'c.scap'],
  ['CSV', ['-r', whole], 'c.csv'],
  ['Arrow', ['-r', whole], 'c.arrow'],
  ['Perfetto', ['-r', whole, '--to', 'perfetto'], 'c.pftrace'],
  ['info', ['info', whole]],
  ['info of all events', ['info', '--deep', '-j', whole]],
  ['diff', ['diff', whole, at('other.ksys'), '-j']],
  ['merge', ['merge', whole, at('other.ksys')], 'm.ksys'],
  ['cut', ['cut', whole, '-n', '400'], 'p.ksys'],
  ['sql', ['sql', 'select * from events', '-r', whole, '-j']],
  ['metrics', ['metrics', '-r', whole]],
  ['the UI', ['ui', '--plain', '-r', whole, '-v', 'files', '--lines', '50']],
]

for (const [name, args, writes] of CLIENTS)
  test(`${name}: redacted values appear nowhere, also not in messages`, async () => {
    const folder = at('clients')
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
    const target = writes === undefined ? [] : ['-w', join(folder, writes)]
    const run = (...more: string[]) => ksys([...args, ...target, ...more])
    expect(run().stdout.includes(SECRET) || (await textIn(folder)).includes(SECRET)).toBe(true)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
    const ran = run('--redact', rules('* mask /hunter2[-\\w]*/'))
    expect(ran.stdout + ran.stderr).not.toContain(SECRET)
    expect(ran.code).toBe(0)
    expect((await textIn(folder)).includes(SECRET)).toBe(false)
    expect(readdirSync(folder)).toEqual(writes === undefined ? [] : [writes])
  })

test('ids of ksys for a cgroup remain, whatever is redacted in it', () => {
  const out = at('throttle.ksys')
  for (const rule of ['* hash', '* mask', '* drop', '* mask /begin|hunter2/']) {
    expect(ksys(['redact', whole, '-w', out, '--redact', rules(rule)]).code).toBe(0)
    const words = '%evt.arg.change %evt.arg.ceiling %evt.arg.leaves'
    expect(ksys(['-r', out, '-p', words, 'evt.type=throttle']).stdout).toBe('begin begin begin\n')
    expect(ksys(['-r', out, '-p', '%evt.arg.cgroup', 'evt.type=throttle']).stdout).not.toContain(SECRET)
  }
})

test('with rules for whole values, only ids remain of any text', async () => {
  const out = at('all.ksys')
  expect(ksys(['redact', whole, '-w', out, '--redact', rules('* hash')]).code).toBe(0)
  const bytes = (await unpacked(out)).toString('latin1').replaceAll(ID, '')
  for (const text of [SECRET, 'password', '/home', '10.9.8.7'])
    expect([text, bytes.includes(text)]).toEqual([text, false])
  await rowsOf(out)
})

test('--no-buffers, --no-env and --no-args omit what they name, and nothing else', async () => {
  const out = at('no.ksys')
  const ran = ksys(['redact', whole, '-w', out, '--no-buffers', '--no-env', '--no-args'])
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  const bytes = await unpacked(out)
  for (const text of ['TOKEN=', '--password', '--token', 'last-applied', 'T=hunter2', 'evt.buffer'])
    expect([text, bytes.includes(text)]).toEqual([text, false])
  const events = ksys(['-r', out, '-p', '%evt.type %evt.buffer', 'evt.buffer exists'])
  expect(events.stdout).toBe('')
  // names of files remain
  expect(bytes.includes(`/var/${SECRET}`)).toBe(true)
  const info = JSON.parse(ksys(['info', '-j', out]).stdout) as { spared: string[]; note: string }
  expect(info.spared).toEqual(['no buffers', 'no environments', 'no arguments of programs'])
  expect(info.note).not.toContain(SECRET)
})

test('the description of omissions remains when a file is rewritten', () => {
  const [one, two, three] = ['one', 'two', 'three'].map((n) => at(`${n}.ksys`)) as [string, string, string]
  ksys(['redact', whole, '-w', one, '--no-env'])
  ksys(['-r', one, '-w', two, '--no-args'])
  ksys(['-r', two, '-w', three])
  const { spared } = JSON.parse(ksys(['info', '-j', three]).stdout) as { spared: string[] }
  expect(spared).toEqual(['no environments', 'no arguments of programs'])
})

test('a file for other tools contains no more than one of ksys', () => {
  const out = at('out.scap')
  const ran = ksys(['redact', whole, '-w', out, '--redact', rules('* mask /hunter2[-\\w]*/'), '--no-env'])
  expect(ran.code).toBe(0)
  const bytes = readFileSync(out)
  expect(bytes.length).toBeGreaterThan(1000)
  expect(bytes.includes(SECRET)).toBe(false)
  expect(bytes.includes('***')).toBe(true)
})

test('a capture of another tool retains its events, and is redacted in the same way', async () => {
  const scap = at('mix.scap')
  const packed = readFileSync(new URL('../../golden/captures/newest.scap.gz', import.meta.url))
  writeFileSync(scap, gunzipSync(packed))
  const out = at('mix.ksys')
  const ran = ksys(['redact', scap, '-w', out, '--no-env', '--redact', rules('* hash /root|ubuntu/\nproc.name hash')])
  expect(ran.code).toBe(0)
  const bytes = await unpacked(out)
  for (const text of ['/root', 'PATH=/']) expect([text, bytes.includes(text)]).toEqual([text, false])
  const types = (file: string) => ksys(['-r', file, '-p', '%evt.num %evt.type %evt.res']).stdout
  expect(types(out)).toBe(types(scap))
})
