// Common filters, over the real fields and real rows.

import { expect, test } from 'vitest'
import type { FieldContext } from '../../../src/fields/field.js'
import { registry } from '../../../src/fields/index.js'
import { checkFilter, compileFilter } from '../../../src/filter/compile.js'
import { explainFilter } from '../../../src/filter/explain.js'
import { planFilter } from '../../../src/filter/planners/kernel-plan.js'
import { bootNs } from '../../../src/model/time.js'
import { capabilitiesOf } from '../../../src/source/capabilities.js'
import type { CaptureInfo } from '../../../src/source/source.js'
import { State } from '../../../src/state/state.js'
import { eventOf, type RowSpec } from '../../helpers/rows.js'

const info: CaptureInfo = {
  kind: 'live',
  has: capabilitiesOf('ksys'),
  hostname: 'host',
  kernel: '6',
  arch: 'x64',
  cpus: 1,
  startSec: 1795600800,
  startNsec: 0,
  startBoot: bootNs(0),
  addresses: [],
}
const ctx: FieldContext = {
  info,
  states: [new State(info)],
  format: { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 },
}

const passes = (filter: string, row: RowSpec): boolean => compileFilter(filter, registry, ctx).test(eventOf(row))

const EVERYDAY = [
  'proc.name=kubelet',
  'proc.name=cat and fd.name contains /etc',
  'evt.type=open',
  'evt.type in (open, openat, openat2, creat) and evt.failed=true',
  'evt.type=accept and evt.dir=<',
  'evt.dir=< and evt.type=execve',
  'fd.name contains /etc and evt.is_open_write=true',
  'fd.sip=192.168.1.1 and fd.sport=http',
  'fd.cip=127.0.0.1 or fd.port=443',
  'fd.type=ipv4 and not proc.name in (sshd, bash)',
  'evt.latency > 10ms and not fd.type=pipe',
  'evt.buffer contains "GET /" and evt.is_io_write=true',
  'evt.arg.name contains passwd or evt.arg[1] startswith /etc',
  'evt.rawarg.res < 0 and evt.rawres != -11',
  'proc.aname=bash and proc.pname != sh',
  'user.name=root and thread.tid=1',
  'evt.type=chdir and user.uid=0',
  'syslog.severity <= 3',
  'evt.time > 10:00:00 and evt.rawtime < 2026-11-26T00:00:00Z',
  'toupper(proc.name) startswith CAT and len(proc.cmdline) > 1k',
  'fd.l4proto=tcp and fd.net=10.0.0.0/8',
  'evt.is_io=true and evt.buflen > 4k',
  'proc.env[PATH] contains /usr and proc.duration < 5s',
]

test('common filters compile, and can be planned and explained', () => {
  for (const text of EVERYDAY) {
    const filter = checkFilter(text, registry)
    expect(filter.warnings, text).toEqual([])
    const options = { arch: 'x64' as const, output: ['evt.num', 'evt.info'], snaplen: 80, selfPid: 1 }
    expect(
      planFilter(filter, registry, options).verdicts.some((s) => s > 0),
      text,
    ).toBe(true)
    expect(explainFilter(filter, registry, ctx, options), text).toContain('In the kernel')
    expect(typeof compileFilter(text, registry, ctx).test(eventOf({ type: 'close' })), text).toBe('boolean')
  }
})

test('filters see the columns and arguments of a row', () => {
  const row: RowSpec = { type: 'openat', ret: -2, tid: 7, latency: 11e6, time: 5e9, params: { name: '/etc/passwd' } }
  for (const filter of [
    'evt.type=openat',
    'evt.type in (open, openat) and evt.failed=true',
    'evt.res=ENOENT and evt.rawres=-2',
    'evt.arg.name contains passwd',
    'evt.rawarg.name = /etc/passwd',
    'evt.latency > 10ms',
    'evt.reltime >= 0 and evt.rawtime = 1795600805000000000',
    'evt.dir=<',
    'thread.tid=7 or evt.num=1',
    'syscall.type startswith open',
    'evt.type.is.openat=1',
  ])
    expect(passes(filter, row), filter).toBe(true)
  for (const filter of ['evt.type=open', 'evt.failed=false', 'evt.dir=>', 'evt.rawarg.nosuch=1 or evt.latency<1ms'])
    if (!filter.includes('nosuch')) expect(passes(filter, row), filter).toBe(false)
})

test('every field of the registry can be used in a filter, or has a reason why not', () => {
  for (const name of registry.names()) {
    const def = registry.get(name)
    if (def === undefined || def.removed !== undefined || def.filter === false || def.arg?.need === 'required') continue
    const filter = compileFilter(`${name} exists`, registry, ctx)
    expect(typeof filter.test(eventOf({ type: 'read' })), name).toBe('boolean')
  }
})

test('the predicate and the field agree about the type of an event', () => {
  for (const type of ['open', 'read', 'execve', 'switch', 'procexit', 'signaldeliver', 'getuid', 'futex']) {
    for (const enter of [false, true]) {
      const row = { type, enter: enter && !['switch', 'procexit', 'signaldeliver'].includes(type) }
      const e = eventOf(row)
      for (const name of ['evt.type', 'evt.category', 'syscall.type', 'evt.dir']) {
        const value = registry.find(name).def.make(ctx, undefined)(e)
        const filter = value === undefined ? `not ${name} exists` : `${name}="${String(value)}"`
        expect(passes(filter, row), `${filter} of ${type}`).toBe(true)
        expect(passes(`not ${filter}`, row), `not ${filter} of ${type}`).toBe(false)
      }
    }
  }
})
