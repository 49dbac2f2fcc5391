// What the kernel records for a filter: never less than the filter can pass.
import { expect, test } from 'vitest'
import { checkFilter } from '../../../src/filter/compile.js'
import { eventDef } from '../../../src/filter/events.js'
import { type PlanOptions, planFilter } from '../../../src/filter/planners/kernel-plan.js'
import { type CapturePlan, MAX_SLOTS, type PlanSlot, VERDICT } from '../../../src/source/plan.js'
import { codeOf, fields } from './world.js'

const plan = (filter: string, more: Partial<PlanOptions> = {}): CapturePlan =>
  planFilter(checkFilter(filter, fields), fields, { arch: 'x64', output: [], snaplen: 80, selfPid: 1, ...more })

function shown(p: CapturePlan, call: string): 'never' | 'always' | PlanSlot {
  const verdict = p.verdicts[eventDef(codeOf(call))?.nr?.x64 ?? -1]
  if (verdict === VERDICT.DROP) return 'never'
  if (verdict === VERDICT.PASS) return 'always'
  return p.slots[(verdict as number) - VERDICT.SLOT] as PlanSlot
}

test('without a filter everything is recorded', () => {
  const p = planFilter(undefined, fields, { arch: 'x64', output: ['evt.buffer'], snaplen: 80, selfPid: 7 })
  expect([...p.verdicts].every((s) => s === VERDICT.PASS)).toBe(true)
  expect(p).toMatchObject({ snaplen: 80, selfPid: 7, rootPid: 0, enter: false, switches: VERDICT.DROP })
})

test('only the named calls are recorded', () => {
  const p = plan('evt.type in (open, close)')
  expect(shown(p, 'open')).toBe('always')
  expect(shown(p, 'close')).toBe('always')
  expect(shown(p, 'read')).toBe('never')
  expect(p).toMatchObject({ signals: VERDICT.DROP, procexit: VERDICT.DROP })
})

test('all calls but the named ones are recorded', () => {
  for (const filter of ['evt.type!=read', 'not evt.type=read', 'evt.type != read and evt.type != write']) {
    const p = plan(filter)
    expect(shown(p, 'read'), filter).toBe('never')
    expect(shown(p, 'open'), filter).toBe('always')
  }
})

test('patterns of names, evt.type.is and syscall.type select calls', () => {
  expect(shown(plan('evt.type startswith open'), 'openat')).toBe('always')
  expect(shown(plan('evt.type startswith open'), 'close')).toBe('never')
  expect(shown(plan('evt.type.is.open=1'), 'openat')).toBe('never')
  expect(shown(plan('syscall.type=open'), 'open')).toBe('always')
  expect(plan('syscall.type=open').signals).toBe(VERDICT.DROP)
})

test('categories select calls if the type decides them', () => {
  const p = plan('evt.category=net')
  expect(shown(p, 'connect')).toBe('always')
  expect(shown(p, 'read'), 'by the kind of its descriptor').toBe('always')
  expect(shown(p, 'getuid')).toBe('never')
  expect(shown(plan('evt.category=user'), 'read')).toBe('never')
})

test('a call on two descriptors is recorded if either may be the socket', () => {
  for (const call of ['sendfile', 'splice', 'tee', 'copy_file_range'])
    expect(shown(plan(`evt.type=${call} and fd.type=ipv4`), call), call).toBe('always')
})

test('calls that transfer data are recorded on sockets only, if no other descriptor can pass', () => {
  const tcp = ['stream', 'connecting']
  const ip = [...tcp, 'datagram']
  for (const f of ['fd.type in (ipv4, ipv6, unix)', 'fd.port=80', 'fd.sip exists'])
    expect(shown(plan(`evt.type in (read, close) and ${f}`), 'read'), f).toEqual({ kinds: [...ip, 'socket'] })
  expect(shown(plan('fd.type=ipv4 and evt.failed=false'), 'sendmsg')).toEqual({ kinds: ip, failed: false })
  expect(shown(plan('fd.typechar in (4, 6)'), 'sendmsg')).toEqual({ kinds: ip })
  expect(shown(plan('fd.l4proto=tcp'), 'recvfrom')).toEqual({ kinds: tcp })
  expect(shown(plan('fd.type=unix'), 'recvfrom')).toEqual({ kinds: ['socket'] })
  expect(shown(plan('fd.type in (ipv4, file)'), 'read')).toEqual({ kinds: [...ip, 'other'] })
  for (const f of ['fd.type!=file', 'not fd.type=ipv4', 'not fd.port=80', 'fd.type exists', 'not fd.type!=ipv6'])
    expect(shown(plan(`evt.type in (read, close) and ${f}`), 'read'), f).toBe('always')
  expect(shown(plan('fd.type=ipv4'), 'close'), 'its descriptor is gone').toBe('always')
  expect(shown(plan('fd.type=ipv4 and fd.type=file'), 'read')).toBe('never')
})

test('a call that moves data is not recorded on a connected TCP socket if it must have given the socket a name', () => {
  const named = plan('fd.name_changed=true and fd.typechar in (4, 6)')
  expect(shown(named, 'sendto')).toEqual({ kinds: ['connecting', 'datagram'] })
  expect(shown(named, 'connect')).toBe('always')
  expect(shown(plan('fd.name_changed=true and fd.type=file'), 'openat')).toBe('always')
  expect(shown(plan('fd.l4proto=udp and fd.sport=53'), 'sendmsg')).toEqual({ kinds: ['datagram'] })
  for (const f of [
    'fd.name_changed=false',
    'fd.name_changed!=true',
    'not fd.name_changed=true',
    'fd.l4proto="<NA>"',
    'fd.typechar=o',
  ])
    expect(shown(plan(f), 'sendto'), f).toBe('always')
})

test('no event has the number 0', () => {
  for (const f of ['evt.num=0', 'evt.num<=0', 'not evt.num>=0'])
    expect(shown(plan(`evt.type=read and ${f}`), 'read'), f).toBe('never')
  expect(shown(plan('evt.type=read and evt.num=1'), 'read')).toBe('always')
})

test('process names are compared in the kernel', () => {
  expect(shown(plan('proc.name=cat'), 'read')).toEqual({ comm: { values: ['cat'], not: false } })
  expect(shown(plan('proc.name!=cat'), 'read')).toEqual({ comm: { values: ['cat'], not: true } })
  expect(shown(plan('not proc.name in (cat, ls)'), 'read')).toEqual({ comm: { values: ['cat', 'ls'], not: true } })
  expect(shown(plan('proc.name=cat or proc.name=ls'), 'read')).toEqual({ comm: { values: ['cat', 'ls'], not: false } })
  expect(shown(plan('proc.name=a-name-beyond-15-bytes'), 'read')).toBe('never')
  expect(shown(plan('proc.name!=a-name-beyond-15-bytes'), 'read')).toBe('always')
  expect(shown(plan('proc.name="cat\\x00"'), 'read'), 'no process has such a name').toBe('never')
  expect(shown(plan('proc.name!="cat\\x00"'), 'read')).toBe('always')
  expect(shown(plan('proc.name contains at'), 'read')).toBe('always')
})

test('processes, threads, users and failures are compared in the kernel', () => {
  expect(shown(plan('proc.pid=7 and thread.tid!=8'), 'read')).toEqual({
    pid: { values: [7], not: false },
    tid: { values: [8], not: true },
  })
  expect(shown(plan('user.uid in (0, 1000)'), 'read')).toEqual({ uid: { values: [0, 1000], not: false } })
  for (const f of ['evt.failed=true', 'not evt.failed=false', 'evt.res!=SUCCESS', 'evt.res=ENOENT', 'evt.rawres=-2'])
    expect(shown(plan(f), 'read'), f).toEqual({ failed: true })
  for (const f of ['evt.failed=false', 'evt.res=SUCCESS', 'evt.rawres>=0', 'evt.rawres>-1', 'evt.rawres in (0, 5)'])
    expect(shown(plan(f), 'read'), f).toEqual({ failed: false })
  for (const f of ['evt.rawres<0', 'not evt.res=SUCCESS', 'not evt.rawres>=0', 'evt.rawres!=0'])
    expect(shown(plan(f), 'read'), f).toBe('always')
})

test('user names are compared as far as they are known', () => {
  const users = [
    { uid: 0, gid: 0, name: 'root', home: '/root', shell: '' },
    { uid: 1000, gid: 1000, name: 'bob', home: '/home/bob', shell: '' },
  ]
  expect(shown(plan('user.name=bob', { users }), 'read')).toEqual({ uid: { values: [1000], not: false } })
  expect(shown(plan('not user.name=bob', { users }), 'read'), 'a container has another 1000').toBe('always')
  expect(shown(plan('user.name=eve', { users }), 'read')).toBe('always')
  expect(shown(plan('user.name=bob'), 'read')).toBe('always')
})

test('each call has its own conditions', () => {
  const p = plan('(evt.type=open and proc.name=cat) or (evt.type=close and evt.failed=true) or evt.type=read')
  expect(shown(p, 'open')).toEqual({ comm: { values: ['cat'], not: false } })
  expect(shown(p, 'close')).toEqual({ failed: true })
  expect(shown(p, 'read')).toBe('always')
  expect(shown(p, 'write')).toBe('never')
})

test('conditions that the kernel cannot evaluate are left to the predicate', () => {
  expect(shown(plan('proc.name=cat and fd.name contains etc'), 'read')).toEqual({
    comm: { values: ['cat'], not: false },
  })
  expect(shown(plan('proc.name=cat or fd.name contains etc'), 'read')).toBe('always')
  expect(shown(plan('proc.name=cat or proc.pid=7'), 'read')).toBe('always')
  expect(shown(plan('(proc.name=cat and proc.pid=7) or (proc.name=ls and proc.pid=8)'), 'read')).toEqual({
    comm: { values: ['cat', 'ls'], not: false },
    pid: { values: [7, 8], not: false },
  })
  const many = Array.from({ length: 9 }, (_, i) => `n${i}`).join(',')
  expect(shown(plan(`proc.name in (${many})`), 'read')).toBe('always')
  expect(shown(plan(`not proc.name in (${many})`), 'read')).toMatchObject({ comm: { not: true } })
})

test('calls without a descriptor are not recorded for fd fields, nor calls without an argument for it', () => {
  const p = plan('fd.name contains etc')
  expect(shown(p, 'read')).toBe('always')
  expect(shown(p, 'openat')).toBe('always')
  expect(shown(p, 'getuid')).toBe('never')
  expect(shown(plan('not fd.name contains etc'), 'getuid')).toBe('always')
  expect(shown(plan('fd.types intersects (file)'), 'getuid')).toBe('always')
  expect(shown(plan('evt.arg.name contains etc'), 'open')).toBe('always')
  expect(shown(plan('evt.arg.name contains etc'), 'getuid')).toBe('never')
  expect(shown(plan('evt.buffer contains x'), 'getuid')).toBe('never')
})

test('when slots run out, conditions become weaker', () => {
  const calls = [
    'open',
    'close',
    'read',
    'write',
    'stat',
    'fstat',
    'poll',
    'lseek',
    'mmap',
    'mprotect',
    'munmap',
    'brk',
  ]
  calls.push('ioctl', 'readv', 'writev', 'access', 'pipe', 'select', 'dup', 'dup2')
  const p = plan(calls.map((c, i) => `(evt.type=${c} and proc.pid=${i})`).join(' or '))
  expect(p.slots.length).toBe(MAX_SLOTS)
  calls.forEach((c, i) => {
    const d = shown(p, c)
    if (d === 'always') return
    const pid = (d as PlanSlot).pid
    expect(pid === undefined || pid.values.includes(i), c).toBe(true)
  })
})

test('rare events are recorded if they are named', () => {
  expect(plan('evt.type=switch').switches).toBe(VERDICT.PASS)
  expect(plan('evt.type in (read, page_fault)').pageFaults).toBe(VERDICT.PASS)
  expect(plan('proc.name=cat')).toMatchObject({ switches: VERDICT.DROP, pageFaults: VERDICT.DROP })
  expect(plan('evt.type!=switch').switches).toBe(VERDICT.DROP)
  expect(plan('not evt.type=switch').switches).toBe(VERDICT.DROP)
  expect(plan('proc.name=cat', { switches: true }).switches).toBe(VERDICT.SLOT)
  expect(plan('evt.type=procexit')).toMatchObject({ procexit: VERDICT.PASS, signals: VERDICT.DROP })
})

test('OOM kills are recorded unless the filter cannot pass one', () => {
  expect(planFilter(undefined, fields, { arch: 'x64', output: [], snaplen: 80, selfPid: 7 }).oomKills).toBe(
    VERDICT.PASS,
  )
  expect(plan('evt.type in (read, oomkill)').oomKills).toBe(VERDICT.PASS)
  expect(plan('proc.name=cat').oomKills).toBe(VERDICT.SLOT)
  expect(plan('evt.type=read').oomKills).toBe(VERDICT.DROP)
})

test('enter events are recorded when the filter can match evt.dir=>', () => {
  expect(plan('evt.dir=>').enter).toBe(true)
  expect(plan('not evt.dir=<').enter).toBe(true)
  expect(plan('evt.type=open and evt.dir=>').enter).toBe(true)
  expect(plan('evt.dir=> or proc.name=cat').enter).toBe(true)
  expect(plan('evt.dir=<').enter).toBe(false)
  expect(plan('evt.dir=< and proc.name=cat').enter).toBe(false)
  expect(plan('evt.dir=> and evt.dir=<').enter).toBe(false)
  expect(plan('proc.name=cat').enter).toBe(false)
  expect(plan('proc.name=cat', { enter: true }).enter).toBe(true)
  const p = plan('evt.dir=> and evt.type=open')
  expect([shown(p, 'open'), shown(p, 'close')]).toEqual(['always', 'never'])
})

test('buffers and latency are recorded if an option or a field needs them', () => {
  expect(plan('proc.name=cat')).toMatchObject({ snaplen: 0, latency: false })
  expect(plan('evt.buffer contains x')).toMatchObject({ snaplen: 80, latency: false })
  expect(plan('evt.latency>1ms')).toMatchObject({ snaplen: 0, latency: true })
  expect(plan('proc.name=cat', { output: ['evt.buffer', 'evt.latency'] })).toMatchObject({ snaplen: 80, latency: true })
  expect(plan('evt.arg.data contains x').snaplen).toBe(80)
  expect(plan('evt.arg[1] contains x').snaplen).toBe(80)
  expect(plan('evt.arg.name contains x').snaplen).toBe(0)
  expect(plan('proc.name=cat', { buffers: true, latency: true })).toMatchObject({ snaplen: 80, latency: true })
})

test('structures are recorded if a field uses them', () => {
  expect(plan('proc.name=cat').structs).toBe(false)
  expect(plan('proc.name=cat', { output: ['evt.arg[2]'] }).structs).toBe(true)
  expect(plan('evt.arg.pollfds contains POLLIN').structs).toBe(true)
  expect(plan('evt.arg[3] contains x').structs).toBe(true)
  expect(plan('evt.rawarg.maxevents=4').structs).toBe(false)
  expect(plan('evt.buffer contains x').structs).toBe(false)
  expect(plan('proc.name=cat', { output: ['evt.arg[2]'], structs: false }).structs).toBe(false)
})

test('descriptors of all threads are followed unless the filter is about the thread', () => {
  expect(plan('proc.name=cat').followAll).toBe(false)
  expect(plan('user.uid=7 and evt.type=open').followAll).toBe(false)
  expect(plan('evt.type=open').followAll).toBe(true)
  expect(plan('evt.failed=true').followAll).toBe(true)
  expect(plan('proc.name=cat or evt.type=open').followAll).toBe(true)
  expect(plan('proc.pname=cat').followAll).toBe(true)
  // the other end belongs to another process
  expect(plan('proc.name=cat and fd.peer.name=web').followAll).toBe(true)
  expect(plan('proc.name=cat', { followAll: true }).followAll).toBe(true)
})

test('a condition on an opened descriptor does not record calls that failed to open one', () => {
  for (const f of ['fd.num >= 0', 'fd.num > -1', 'fd.num = 3', 'fd.num in (3, 4)']) {
    const p = plan(`evt.type in (openat, read) and ${f}`)
    expect(shown(p, 'openat'), f).toEqual({ failed: false })
    expect(shown(p, 'read'), f).toBe('always')
  }
  for (const f of ['fd.num >= -1', 'fd.num < 5', 'not fd.num >= 0', 'fd.num in (-1, 3)', 'fd.num != 3'])
    expect(shown(plan(`evt.type = openat and ${f}`), 'openat'), f).toBe('always')
})
