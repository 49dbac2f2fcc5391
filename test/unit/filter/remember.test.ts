// The cached result of a filter for a descriptor always equals a new evaluation, whatever happened to the descriptor since.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { compileFilter } from '../../../src/filter/index.js'
import type { Event } from '../../../src/model/event.js'
import { Loop } from '../../../src/run/loop.js'
import { ScapSource } from '../../../src/scap/index.js'
import type { CaptureSource } from '../../../src/source/source.js'
import { State } from '../../../src/state/state.js'
import { TraceSource } from '../../../src/trace/index.js'
import type { RowSpec } from '../../helpers/rows.js'
import { inetAddress, inetTuple, info, World } from '../state/world.js'

const root = join(import.meta.dirname, '../../..')
const format = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 } as const

const opened = (name: string): RowSpec => ({ type: 'open', ret: 3, params: { name, flags: 0 } })
const closed: RowSpec = { type: 'close', params: { fd: 3 } }
const bound = (ip: string, port: number): RowSpec => ({ type: 'bind', params: { fd: 3, addr: inetAddress(ip, port) } })

const FILTERS = [
  'fd.name contains /lib',
  'not fd.name contains 127.0.0.1',
  'fd.name endswith .so.6 or fd.filename startswith l',
  'fd.directory glob /etc* or fd.ip=127.0.0.1',
  'fd.cip=127.0.0.1 or fd.sport=80 or fd.is_server=true and fd.connected=true',
  'toupper(fd.name) contains USR and (fd.type in (file, directory) or fd.typechar contains 4)',
  'fd.net=127.0.0.0/8 and fd.l4proto contains tcp and fd.sockfamily contains ip',
]

async function eachEvent(source: CaptureSource, see: (test: (e: Event) => boolean, e: Event, filter: string) => void) {
  const state = new State(source.info)
  const ctx = { info: source.info, states: [state], format }
  const filters = FILTERS.map((text) => [compileFilter(text, registry, ctx), text] as const)
  expect(filters.every(([f]) => f.legend.some(([, meaning]) => meaning.startsWith('once for each descriptor')))).toBe(
    true,
  )
  let turn = 0
  const predicate = (e: Event) => {
    // one at a time for a while: a descriptor caches the result of the last filter that was evaluated for it
    const [f, text] = filters[(turn++ >> 9) % filters.length] as (typeof filters)[number]
    see(f.test, e, text)
    return false
  }
  await new Loop({ source, states: [state], predicate, sinks: [] }).run(await source.snapshot())
  await source.close()
}

test.each(['captures/shell.ksys', 'captures/web.ksys', 'captures/build.ksys', 'test/golden/captures/mix.scap.gz'])(
  '%s',
  { timeout: 60_000 },
  async (file) => {
    const path = join(root, file)
    const open = () => (file.endsWith('.ksys') ? TraceSource.open(path) : ScapSource.open(path))
    let evaluated = 0
    await eachEvent(await open(), (ask, e, filter) => {
      const result = ask(e)
      evaluated++
      if (e.fd === undefined) return
      const cached = e.fd.verdict
      e.fd.verdict = 0
      const now = ask(e)
      e.fd.verdict = cached
      if (result !== now) expect.fail(`${filter}: event ${e.num} ${e.def.name} of ${e.fd.name}`)
    })
    expect(evaluated).toBeGreaterThan(1000)
  },
)

const A = inetTuple('10.0.0.5', 4000, '192.0.2.1', 53)
const B = inetTuple('10.0.0.5', 4000, '192.0.2.2', 53)
const udp: RowSpec = { type: 'socket', ret: 3, params: { domain: 2, type: 2, proto: 17 } }
const tcp: RowSpec = { type: 'socket', ret: 3, params: { domain: 2, type: 1, proto: 6 } }
const listen: RowSpec = { type: 'listen', params: { fd: 3, backlog: 1 } }
const send = (tuple: Uint8Array): RowSpec => ({ type: 'sendto', ret: 1, params: { fd: 3, tuple } })
const connect = (tuple: Uint8Array, ret: number): RowSpec => ({ type: 'connect', ret, params: { fd: 3, tuple } })
const succeeded: RowSpec = {
  type: 'getsockopt',
  params: { fd: 3, level: 1, optname: 4, val: new Uint8Array([0, 0, 0, 0, 0]) },
}

test.each([
  ['a datagram to somebody else', 'fd.rip=192.0.2.2', [udp, send(A), send(B)], [false, false, true]],
  ['an address', 'fd.name contains 0.0.0.0', [tcp, bound('0.0.0.0', 80)], [false, true]],
  ['listening', 'fd.is_server=true or fd.name contains x', [tcp, listen], [false, true]],
  ['a connection', 'fd.connected=true or fd.name contains x', [tcp, connect(A, 0)], [false, true]],
  [
    'one that took a while',
    'fd.connected=true or fd.name contains x',
    [tcp, connect(A, -115), succeeded],
    [false, false, true],
  ],
  ['another file', 'fd.name contains b', [opened('/a'), closed, opened('/b'), closed], [false, false, true, true]],
] as const)('the cache is invalidated by %s', (_, filter, rows, said) => {
  const w = new World()
  const { test: ask } = compileFilter(filter, registry, { info, states: [w.state], format })
  const answers: boolean[] = []
  w.play(rows, (e) => answers.push(ask(e)))
  expect(answers).toEqual(said)
})
