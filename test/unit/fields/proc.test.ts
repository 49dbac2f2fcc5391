// The values of proc.*, thread.*, user.* and group.* for the process that caused an event.

import { expect, test } from 'vitest'
import { registry } from '../../../src/fields/index.js'
import { compileFilter } from '../../../src/filter/compile.js'
import { Container } from '../../../src/model/container.js'
import { FdTable, Thread } from '../../../src/model/thread.js'
import { batchNs } from '../../../src/model/time.js'
import { capabilitiesOf } from '../../../src/source/capabilities.js'
import type { RowSpec } from '../../helpers/rows.js'
import { ask, context, info, type OneHost, walk } from './evaluate.js'

const event: RowSpec = { type: 'getpid', tid: 300, pid: 300, time: 5_000 }

function process(pid: number, comm: string, parent?: Thread): Thread {
  const t = new Thread(pid, pid, new FdTable())
  t.comm = comm
  t.ptid = parent?.pid ?? 0
  t.parent = parent
  t.exe = `/bin/${comm}`
  t.exepath = `/usr/bin/${comm}`
  return t
}

/** systemd <- bash <- sh <- curl (300) */
function family(): OneHost {
  const ctx = context()
  const systemd = process(1, 'systemd')
  const bash = process(100, 'bash', systemd)
  const sh = process(200, 'sh', bash)
  const curl = process(300, 'curl', sh)
  curl.args = ['-s', 'http://x/']
  curl.env = ['PATH=/bin', 'EMPTY=', 'HOME=/root']
  sh.env = ['PATH=/sbin']
  bash.sid = 100
  sh.sid = 100
  curl.sid = 100
  curl.cwd = '/srv'
  curl.uid = 1000
  curl.gid = 4
  curl.startTime = batchNs(1_000)
  curl.capEffective = 2 ** 40 + 1
  curl.cgroups = ['cpuset=/a', `memory=/docker/${'0123456789abcdef'.repeat(4)}`]
  for (const t of [systemd, bash, sh, curl]) ctx.state.threads.set(t.tid, t)
  ctx.state.users.set(1000, { uid: 1000, gid: 4, name: 'ann', home: '/home/ann', shell: '/bin/sh' })
  ctx.state.groups.set(4, { gid: 4, name: 'adm' })
  return ctx
}

function passes(filter: string, ctx: OneHost): boolean | undefined {
  let passed: boolean | undefined
  const { test: holds } = compileFilter(filter, registry, ctx)
  walk([event], ctx, (e) => {
    passed = holds(e)
  })
  return passed
}

const say = (field: string) => ask(field, [event], family())

test.each([
  ['proc.name', 'curl'],
  ['proc.pid', 300],
  ['proc.ppid', 200],
  ['proc.pname', 'sh'],
  ['proc.exe', '/bin/curl'],
  ['proc.pexepath', '/usr/bin/sh'],
  ['proc.args', '-s http://x/'],
  ['proc.args[1]', 'http://x/'],
  ['proc.args[2]', undefined],
  ['proc.cmdline', 'curl -s http://x/'],
  ['proc.pcmdline', 'sh'],
  ['proc.exeline', '/bin/curl -s http://x/'],
  ['proc.cwd', '/srv/'],
  ['proc.cmdnargs', 2],
  ['proc.cmdlenargs', 11],
  ['proc.env[PATH]', '/bin'],
  ['proc.env[EMPTY]', ''],
  ['proc.env[NOPE]', ''],
  ['proc.aenv[PATH]', '/sbin'],
  ['proc.aenv[NOPE]', ''],
  ['proc.aname[0]', 'curl'],
  ['proc.aname[2]', 'bash'],
  ['proc.aname[9]', undefined],
  ['proc.apid[1]', 200],
  ['proc.loginshellid', 100],
  ['proc.sid', 100],
  ['proc.sname', 'bash'],
  ['proc.is_sid_leader', false],
  ['proc.duration', 4_000],
  ['proc.ppid.duration', undefined],
  ['proc.nthreads', 1],
  ['proc.nchilds', 0],
  ['thread.tid', 300],
  ['thread.ismain', true],
  ['thread.nametid', 'curl300'],
  ['thread.cap_effective', 'CAP_CHOWN CAP_CHECKPOINT_RESTORE'],
  ['thread.cgroup.cpuset', '/a'],
  ['thread.cgroup.cpu', undefined],
  ['user.uid', 1000],
  ['user.name', 'ann'],
  ['user.homedir', '/home/ann'],
  ['user.loginuid', -1],
  ['user.loginname', undefined],
  ['group.gid', 4],
  ['group.name', 'adm'],
] as const)('%s is %j', (field, value) => {
  expect(say(field)).toEqual(value)
})

test('fields of ancestors without an index have all of them, nearest first', () => {
  expect(say('proc.aname')).toEqual(['sh', 'bash', 'systemd'])
  expect(say('proc.apid')).toEqual([200, 100, 1])
})

test('an unlimited number of descriptors is -1, as sysdig prints it', () => {
  const ctx = family()
  const curl = ctx.state.threads.get(300)!
  curl.fdLimit = Number(2n ** 64n - 1n)
  expect(ask('proc.fdlimit', [event], ctx)).toBe(-1)
  curl.fdLimit = 1024
  expect(ask('proc.fdlimit', [event], ctx)).toBe(1024)
})

test('the arguments of a process are a list for getopt and join', () => {
  const ctx = family()
  ctx.state.threads.get(300)!.args = ['-v', '-o', 'a b', '-x1']
  const holds = (filter: string) => passes(filter, ctx)
  expect(holds('getopt(proc.args, "vo:x:")[o] = "a b"')).toBe(true)
  expect(holds('getopt(proc.args, "vo:x:") in (v, o, "a b", x, 1)')).toBe(true)
  expect(holds('join("|", proc.args) = "-v|-o|a b|-x1"')).toBe(true)
  expect(holds('len(proc.args) = 13')).toBe(true)
})

test('the start time of a process can be compared with dates', () => {
  const ctx = family()
  const holds = (filter: string) => passes(filter, ctx)
  expect(holds('proc.pid.ts > 2020-01-01')).toBe(true)
  expect(holds('proc.pid.ts < 2020-01-01')).toBe(false)
  expect(holds('proc.pid.ts = 1700000001000000990')).toBe(true)
  expect(holds('proc.pid.ts = 1700000001000000991')).toBe(false)
  expect(() => holds('proc.duration > 2020-01-01')).toThrow(/duration/)
})

test('the start time of a process is exact in nanoseconds since the epoch', () => {
  expect(say('proc.pid.ts')).toBe(1_700_000_001_000_000_990n)
})

test('a cycle of parents does not cause an endless loop', () => {
  const ctx = family()
  const curl = ctx.state.threads.get(300)!
  ctx.state.threads.get(1)!.parent = curl
  expect(ask('proc.aname[1000000000]', [event], ctx)).toBeUndefined()
  expect(ask('proc.loginshellid', [event], ctx)).toBeDefined()
  expect(ask('proc.aname', [event], ctx)).toHaveLength(128)
})

test('in a pid namespace the leader of a session is the highest ancestor with its number', () => {
  const ctx = family()
  for (const pid of [200, 300]) {
    const t = ctx.state.threads.get(pid)!
    t.vtid = t.vpid = pid - 199
    t.sid = 1
  }
  expect(ask('proc.sname', [event], ctx)).toBe('sh')
})

test('a thread shows the command of its process', () => {
  const ctx = family()
  const main = ctx.state.threads.get(300)!
  const t = new Thread(301, 300, main.fdTable, main)
  t.comm = 'resolver'
  ctx.state.threads.set(301, t)
  const on = (f: string) => ask(f, [{ ...event, tid: 301 }], ctx)
  expect(on('proc.name')).toBe('resolver')
  expect(on('proc.cmdline')).toBe('resolver -s http://x/')
  expect(on('proc.pname')).toBe('sh')
  expect(on('thread.ismain')).toBe(false)
})

test('an unknown process has no values', () => {
  for (const f of ['proc.name', 'proc.pname', 'proc.ppid', 'user.name', 'proc.duration'])
    expect(ask(f, [{ ...event, tid: 7, pid: 7 }]), f).toBeUndefined()
})

test('a parent of which only the process id is known has an id, and no name, program or arguments', () => {
  const ctx = context({}, { ...info, has: capabilitiesOf('scap') })
  const THREAD = 0x2003
  const born: RowSpec = {
    type: 'clone',
    tid: 843,
    params: { exe: 'curl', args: ['localhost'], comm: 'curl', tid: 843, pid: 842, ptid: 774, flags: THREAD },
  }
  // the CPU times of the parent: a record that has its process id alone
  const times: RowSpec = { type: 'procinfo', tid: 774, params: { cpu_usr: 1, cpu_sys: 0 } }
  for (const rows of [[born], [times, born], [times, born, { type: 'getpid', tid: 843 }]]) {
    const on = (field: string) => ask(field, rows, ctx, false)
    expect(on('proc.ppid')).toBe(774)
    expect(on('proc.cmdline')).toBe('curl localhost')
    expect(on('proc.sname')).toBe('curl')
    for (const field of [
      'pname',
      'pexe',
      'pexepath',
      'pcmdline',
      'pvpid',
      'aname[1]',
      'aexe[1]',
      'acmdline[1]',
      'aname',
    ])
      expect(on(`proc.${field}`), field).toBeUndefined()
  }
})

test('time on the CPU is counted from switch to switch', () => {
  const at = (time: number): RowSpec => ({ type: 152, tid: 300, cpu: 1, time })
  expect(ask('thread.exectime', [at(10), at(35)])).toBe(25)
  expect(ask('thread.totexectime', [at(10), at(35), at(40)])).toBe(30)
  expect(ask('thread.exectime', [at(10), event])).toBe(0)
})

test('a runtime at work in a container is distinguished from its workload, and from a runtime that the workload starts', () => {
  const ctx = context()
  const inside = new Container('web', 'web', 'docker')
  const add = (pid: number, exe: string, exepath: string, parent: Thread | undefined, container?: Container) => {
    const t = process(pid, 'x', parent)
    Object.assign(t, { exe, exepath, container })
    ctx.state.table.put(t)
    return t
  }
  const shim = add(10, '/usr/bin/containerd-shim', '/usr/bin/containerd-shim', undefined)
  const stage = add(20, '/usr/bin/runc', '/memfd:runc_cloned:/proc/self/exe', shim, inside)
  const init = add(30, 'runc', '/usr/bin/runc', stage, inside)
  const dockerd = add(40, '/usr/bin/dockerd', '/usr/bin/dockerd', init, inside)
  const nested = add(50, '/usr/bin/runc', '/usr/bin/runc', dockerd, inside)
  const runtime = (t: Thread) =>
    ask('proc.is_container_runtime', [{ type: 'getpid', tid: t.tid, pid: t.pid, time: 5_000 }], ctx)
  expect([shim, stage, init, dockerd, nested].map(runtime)).toEqual([false, true, true, false, false])
})
