// How other tools read the .scap files of ksys: captures of these tools as before, traces as ksys shows them.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { ksys, root } from '../helpers/ksys.js'
import { run } from '../helpers/resident.js'
import { scapEvents } from '../helpers/scap-events.js'
import { beside, bundled, named, others, unpacked } from './captures.js'
import { lines, PART } from './judge.js'
import { buildLibs, libsPrints, notHere } from './libs-judge.js'

const dir = unpacked()

/** Recorded by a newer libs than Debian's, which cannot read it before ksys has rewritten it. */
const NEWER = 'newest'
const traces = named(join(root, 'captures'), '.ksys')

const format = (fields: string) =>
  `*${fields
    .trim()
    .split(/\s+/)
    .map((f) => `%${f}`)
    .join(PART)}`

const ALL =
  format(`evt.num evt.rawtime evt.cpu evt.type evt.dir evt.latency evt.args evt.res evt.buflen evt.is_io evt.is_io_read
  evt.is_io_write evt.is_open_read evt.is_open_write thread.tid thread.vtid proc.pid proc.vpid proc.ppid proc.name proc.exe
  proc.exepath proc.cmdline proc.cwd proc.pname proc.sid proc.vpgid proc.tty proc.loginshellid proc.fdopencount proc.fdlimit
  proc.nchilds proc.vmsize proc.env user.uid user.name user.loginuid group.gid group.name container.id container.name
  thread.cap_effective thread.cgroups fd.num fd.type fd.typechar fd.name fd.l4proto fd.cip fd.cport fd.sip fd.sport
  fd.is_server fd.ino fd.dev fs.path.name fs.path.source fs.path.target`)
/** Values that libs and ksys have in common for any event; differences.md has the reasons for the intended differences. */
const ALIKE =
  format(`evt.num evt.rawtime evt.type thread.tid thread.vtid proc.pid proc.vpid proc.name proc.exe proc.exepath
  proc.cmdline proc.cwd proc.pname proc.sid user.uid user.name group.gid container.id`)

let program = ''

beforeAll(() => {
  if (notHere === undefined) program = buildLibs()
}, 120_000)

const captureOf = (name: string) => join(bundled.includes(name) ? dir : beside, `${name}.scap`)

/** Rewrites a capture once, without messages. */
function written(capture: string): string {
  const to = join(dir, `${basename(capture)}.out.scap`)
  if (!existsSync(to)) expect(ksys(['-r', capture, '-w', to])).toEqual({ code: 0, stdout: '', stderr: '' })
  return to
}

/** Without the parameters that are written only with --scap-schema, see differences.md. */
const asFarAsWritten = (line: string) =>
  line.replace(/(¦socket¦<¦.*? proto=\d+) flags=[^¦]*/, '$1').replace(/(¦fcntl¦<¦.*? cmd=[^ ¦]*) arg=[^¦]*/, '$1')

/** The first values that differ. */
const first = (a: readonly string[], b: readonly string[]) =>
  a
    .flatMap((line, i) => {
      if (line === b[i]) return []
      const [ours, theirs] = [line.split(PART), (b[i] ?? '').split(PART)]
      return ours.flatMap((v, k) =>
        v === theirs[k] ? [] : [`${ours[0]} ${ours[3]} column ${k}: ${v} -> ${theirs[k]}`],
      )
    })
    .slice(0, 5)

test.each([...bundled, ...others])('ksys reads the same from %s as before', async (name) => {
  const capture = captureOf(name)
  const after = written(capture)
  const ask = async (file: string) => lines(await run(['-r', file, '--enter', '-p', ALL])).map(asFarAsWritten)
  const before = await ask(capture)
  expect(first(before, await ask(after))).toEqual([])
  expect(before.length).toBeGreaterThan(0)
})

describe.skipIf(notHere !== undefined)(`libs itself${notHere === undefined ? '' : ` is not asked: ${notHere}`}`, () => {
  test.each([...bundled, ...others].filter((name) => name !== NEWER))('prints the same for %s', async (name) => {
    const capture = captureOf(name)
    const before = [...(await libsPrints(program, capture, ALL)).values()]
    const after = [...(await libsPrints(program, written(capture), ALL)).values()]
    expect(first(before, after)).toEqual([])
    expect(after.length).toBe(before.length)
  })

  test.skipIf(!bundled.includes(NEWER))('reads the events of a newer libs, once ksys has written them', async () => {
    const capture = captureOf(NEWER)
    const theirs = [...(await libsPrints(program, written(capture), format('evt.num evt.rawtime evt.type'))).values()]
    const ours = lines(await run(['-r', capture, '--enter', '-p', format('evt.num evt.rawtime evt.type')]))
    expect(first(ours, theirs)).toEqual([])
  })

  test.each(traces)('has the same threads and processes of the trace %s as ksys', async (name) => {
    const trace = join(root, 'captures', `${name}.ksys`)
    const told = await libsPrints(program, written(trace), `${ALIKE}${PART}%evt.dir`)
    const key = (line: string) => line.split(PART).slice(1).join(PART)
    const theirs = new Set([...told.values()].map((line) => key(line).replace(/¦[<>]$/, '')))
    const missing = lines(await run(['-r', trace, '-p', ALIKE])).filter((line) => !theirs.has(key(line)))
    expect(missing.slice(0, 5)).toEqual([])
  })
})

const TSHARK = '/usr/bin/tshark'
describe.skipIf(!existsSync(TSHARK))('tshark', () => {
  test.each([...traces.map((name) => join(root, 'captures', `${name}.ksys`)), ...bundled.map(captureOf)])(
    'reads every event of %s',
    (capture) => {
      const file = written(capture)
      const times = execFileSync(
        TSHARK,
        ['-r', file, '-T', 'fields', '-e', 'frame.time_epoch', '-e', 'sysdig.event_type'],
        {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
          maxBuffer: 1 << 28,
        },
      )
      const events = scapEvents(file).filter((e) => !e.hidden)
      const told = times.trimEnd().split('\n')
      expect(told.length).toBe(events.length)
      expect(told.map((line) => Number(line.split('\t')[1]))).toEqual(events.map((e) => e.code))
    },
  )
})
