// Queries for certain processes read little of a trace. Their output must equal the output of a complete reading,
// byte for byte, whatever the processes and whatever they did to each other.

import { mkdirSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { registry } from '../../src/fields/index.js'
import { type CheckedFilter, checkFilter, compileChecked, rowsPassing } from '../../src/filter/index.js'
import { compileTemplate, defaultLine } from '../../src/format/template/template.js'
import type { EventBatch } from '../../src/model/batch.js'
import type { Event } from '../../src/model/event.js'
import { bootNs } from '../../src/model/time.js'
import { ByteWriter } from '../../src/render/bytes/byte-writer.js'
import { openTrace } from '../../src/run/file-kinds.js'
import { Loop } from '../../src/run/loop.js'
import { type ReadNeeds, readRequest } from '../../src/run/read-request.js'
import type { Sink } from '../../src/run/sink.js'
import { capabilitiesOf } from '../../src/source/capabilities.js'
import { State } from '../../src/state/state.js'
import { TraceWriter } from '../../src/trace/index.js'
import { ksys, privileged, root } from '../helpers/ksys.js'
import { compile, scratchDir } from '../helpers/live.js'
import fc from '../helpers/properties.js'

const dir = realpathSync(scratchDir('followed'))
const SECTIONS = ['sharing', 'thread-exec', 'directories', 'passing', 'siblings', 'names', 'pids', 'sockets']
/** A signal to a process that has another name by then. */
const NAMES_ANOTHER = 'sleep 60 & until grep -q sleep /proc/$!/comm; do :; done; kill $!'
const LINE = defaultLine(false)
const STATE =
  '*%evt.num %evt.reltime %evt.type %evt.res %proc.name %proc.pid %thread.tid %proc.ppid %proc.pname %proc.aname[2] ' +
  '%proc.apid[3] %fd.num %fd.type %fd.name %proc.cwd %proc.exepath %proc.args %proc.nthreads %proc.loginshellid ' +
  '%user.name %group.name %container.id %proc.fdopencount %proc.stdin.name %thread.cgroups %proc.sid %proc.pgid'
const FORMATS = [
  LINE,
  STATE,
  '*%evt.num %proc.name %proc.sname %proc.pgid.name %evt.arg[0] %evt.arg.pid',
  '*%evt.num %proc.name %proc.fdlimit %evt.deltatime',
]

/** Rewrites a trace in blocks of few rows, with a keyframe after some of them. */
async function cut(from: string, to: string, rows: number): Promise<void> {
  const source = await openTrace(from)
  const state = new State(source.info)
  const snapshot = await source.snapshot()
  const writer = await TraceWriter.open(to, { info: source.info, existing: snapshot, defs: source.tables?.defs })
  const shown: [name: string, pid: number][] = []
  let blocks = 0
  const sink: Sink = {
    show: (e: Event) => {
      if (e.thread !== undefined) shown[e.row] = [e.thread.comm, e.thread.pid]
    },
    batch: async (batch: EventBatch, keep: Uint8Array) => {
      for (let first = 0; first < batch.count; first += rows) {
        const some = keep.map((k, i) => (i >= first && i < first + rows ? k : 0))
        const names = new Map<string, Set<number>>()
        for (const [name, pid] of shown.slice(first, first + rows).filter((x) => x !== undefined))
          names.set(name, (names.get(name) ?? new Set()).add(pid))
        await writer.write(batch, some, names)
        await writer.flush()
      }
      shown.length = 0
      if (++blocks % 3 === 0) writer.keyframe(state.snapshot())
    },
  }
  await new Loop({ source, states: [state], predicate: undefined, sinks: [sink] }).run(snapshot)
  await writer.close(source.stats())
  await source.close()
}

const needs = (filter: CheckedFilter, fields: readonly string[]): ReadNeeds => ({
  filter,
  fields,
  looksAt: 'passing',
  redaction: undefined,
})

/** The output of a run for the filter, and the counts that -v prints. */
async function printed(path: string, filter: string, format: string, all: boolean): Promise<string> {
  const checked = checkFilter(filter, registry)
  const { fieldsUsed: fields } = compileTemplate(format, registry, context(new State(NOBODY)))
  if (all) process.env.KSYS_READ = 'all'
  const source = await openTrace(path, readRequest(needs(checked, fields)))
  delete process.env.KSYS_READ
  const state = new State(source.info)
  const first = { time: undefined }
  const ctx = { ...context(state), first }
  const template = compileTemplate(format, registry, ctx)
  const out = new ByteWriter(1 << 16)
  const pipeline = new Loop({
    source,
    states: [state],
    first,
    predicate: compileChecked(checked, ctx).test,
    passing: all ? undefined : rowsPassing(checked),
    sinks: [{ show: (e) => template.append(out, e) }],
  })
  await pipeline.run(await source.snapshot())
  await source.close()
  const { events, lost } = source.stats()
  const times = [pipeline.first.time, pipeline.lastTime]
  const counts = [events, lost, pipeline.shown, pipeline.seen, source.damage.length, ...times].join(' ')
  return `${Buffer.from(out.view()).toString('latin1')}${counts}`
}

const NOBODY: State['info'] = {
  ...{ kind: 'ksys', hostname: '', kernel: '', arch: 'x64', cpus: 1 },
  ...{ startSec: 0, startNsec: 0, startBoot: bootNs(0), addresses: [] },
  has: capabilitiesOf('ksys'),
}

function context(state: State) {
  const format = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 } as const
  return { info: state.info, states: [state], format }
}

/** All lines of a trace, each with its process. */
async function linesOf(path: string, format: string) {
  const text = await printed(path, 'thread.tid>0', `*%proc.pid\t%thread.tid\t%proc.name\t${format.slice(1)}`, true)
  const rows = text.split('\n').slice(0, -1)
  return rows.map((row) => {
    const [pid, tid, name, ...line] = row.split('\t')
    return { pid: Number(pid), tid: Number(tid), name: name as string, line: line.join('\t') }
  })
}

/** Conditions on the descriptors of events in a trace, and on their processes. */
async function conditionsIn(path: string): Promise<{ ofFd: string[]; ofThread: string[] }> {
  const format = '*%fd.name\t%fd.type\t%proc.name\t%proc.exepath\t%proc.cmdline\t%user.uid\t%proc.args'
  const text = await printed(path, 'fd.name exists and fd.name!=""', format, true)
  const ofFd = new Set<string>()
  const ofThread = new Set(['user.name=root', 'user.name=nobody', 'user.uid!=0', 'container.id!=host', 'proc.env[A]=b'])
  for (const row of text.split('\n').slice(0, -1)) {
    const [name, type, comm, exepath, cmdline, uid, args] = row.split('\t') as [string, ...string[]]
    if (![name, comm, exepath, cmdline?.split(' ')[0]].every((x) => /^[\w./:>-]+$/.test(x ?? ''))) continue
    ofFd
      .add(`fd.name=${name}`)
      .add(`fd.name contains ${name.slice(-5)}`)
      .add(`fd.name startswith ${name.slice(0, 6)}`)
    ofFd.add(`fd.type=${type}`).add(`fd.name contains ${name.slice(1, 3)}x`)
    const port = /:(\d+)$/.exec(name)?.[1]
    if (port !== undefined) ofFd.add(`fd.port=${port}`).add(`fd.sport in (${port}, 9)`).add(`fd.lport=${port}`)
    if (type === 'file') ofFd.add(`fd.directory=${name.replace(/\/[^/]*$/, '') || '/'}`)
    ofThread.add(`proc.name startswith ${comm?.slice(0, 2)}`).add(`proc.name!=${comm} and proc.name exists`)
    ofThread.add(`proc.exepath=${exepath}`).add(`proc.exe contains ${comm}`).add(`user.uid=${uid}`)
    if (/^[\w/]/.test(args ?? '')) ofThread.add(`proc.args contains ${(args as string).replace(/\W.*/, '')}`)
    ofThread.add(`proc.cmdline contains ${cmdline?.split(' ')[0]}`)
  }
  return { ofFd: [...ofFd], ofThread: [...ofThread].filter((c) => !/[ =]$/.test(c)) }
}

/** Names, processes and threads of events in a trace. */
async function whoIsIn(path: string): Promise<{ names: string[]; pids: number[]; tids: number[] }> {
  const lines = await linesOf(path, '*')
  const names = [...new Set(lines.map((l) => l.name))].filter((n) => /^[\w.-]+$/.test(n))
  return { names, pids: [...new Set(lines.map((l) => l.pid))], tids: [...new Set(lines.map((l) => l.tid))] }
}

/** Queries every second process in a trace, one after the other: the first ones, or the others. */
async function everyone(path: string, format: string, first: boolean): Promise<void> {
  const lines = await linesOf(path, format)
  const { names, pids, tids } = await whoIsIn(path)
  const selected = [
    ...names.map((n) => [`proc.name=${n}`, (l: { name: string }) => l.name === n] as const),
    ...pids.map((p) => [`proc.pid=${p}`, (l: { pid: number }) => l.pid === p] as const),
    ...tids
      .filter((t) => !pids.includes(t))
      .map((t) => [`thread.tid=${t}`, (l: { tid: number }) => l.tid === t] as const),
  ]
  expect(selected.length).toBeGreaterThan(20)
  for (const [filter, mine] of selected.filter((_, i) => (i % 2 === 0) === first)) {
    const got = (await printed(path, filter, format, false)).split('\n').slice(0, -1)
    expect(got, filter).toEqual(lines.filter(mine).map((l) => l.line))
  }
}

/** The additional conditions. */
const BESIDES = [
  '',
  ' and evt.type in (close, read, write, fstat, recvmsg)',
  ' and evt.is_io=true',
  ' and not proc.name=sh',
  ' and fd.num>2',
  ' or (fd.type=pipe and fd.num>9)',
  ' and (fd.name contains e or evt.type=close)',
  ' or evt.type=execve',
  ' and evt.latency > 3us',
  ' and evt.failed=true and evt.latency >= 1us',
  ' or evt.latency > 100us',
]

/** Queries by descriptors, by their processes, and by both. */
async function compareConditions(path: string, runs: number): Promise<void> {
  const { ofFd, ofThread } = await conditionsIn(path)
  expect(Math.min(ofFd.length, ofThread.length)).toBeGreaterThan(20)
  const fd = fc.constantFrom(...ofFd)
  const thread = fc.constantFrom(...ofThread)
  const both = fc.tuple(fd, thread)
  const condition = fc.oneof(
    fd,
    thread,
    both.map(([f, t]) => `${t} and ${f}`),
    both.map(([f, t]) => `((${t}) or ${f})`),
  )
  const besides = fc.constantFrom(...BESIDES)
  await fc.assert(
    fc.asyncProperty(condition, besides, fc.constantFrom(...FORMATS), async (asked, besides, format) => {
      const filter = `${asked}${besides}`
      expect(await printed(path, filter, format, false), filter).toBe(await printed(path, filter, format, true))
    }),
    { numRuns: runs },
  )
}

const OTHERS = [
  '',
  ' and evt.type in (close, openat, execve, exit_group)',
  ' and fd.name contains a',
  ' and proc.aname=sh',
  ' and container.id=host',
  ' and evt.failed=true',
  ' and evt.failed=false and evt.latency > 2us',
  ' or (evt.type=execve and proc.pid=1)',
]

async function compare(path: string, runs: number): Promise<void> {
  const { names, pids, tids } = await whoIsIn(path)
  const who = fc.oneof(
    fc.constantFrom(...names).map((n) => `proc.name=${n}`),
    fc.constantFrom(...pids).map((p) => `proc.pid=${p}`),
    fc.constantFrom(...tids).map((t) => `thread.tid=${t}`),
    fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }).map((n) => `proc.name in (${n.join()})`),
  )
  await fc.assert(
    fc.asyncProperty(who, fc.constantFrom(...OTHERS), fc.constantFrom(...FORMATS), async (asked, more, format) => {
      const filter = `${asked}${more}`
      expect(await printed(path, filter, format, false)).toBe(await printed(path, filter, format, true))
    }),
    { numRuns: runs },
  )
}

describe.skipIf(!privileged())('a trace of processes that share, rename, replace and pass', () => {
  const trace = join(dir, 'whole.ksys')
  const pieces = join(dir, 'pieces.ksys')

  beforeAll(async () => {
    const exe = compile(dir, 'state')
    for (const s of SECTIONS) mkdirSync(join(dir, s))
    const acts = SECTIONS.map(
      (s) => `SAID=${join(dir, s, 'said')} ${exe} ${s} ${join(dir, s)} & ls ${dir} | cat | wc -l`,
    )
    const ran = ksys(['-w', trace, '--', 'sh', '-c', `${acts.join('\n')}\n${NAMES_ANOTHER}\nwait`], { seconds: 60 })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    await cut(trace, pieces, 11)
  }, 180_000)

  test('has the same output in blocks as they were recorded', () => compare(trace, 6), 180_000)
  test('has the same output in blocks of few rows', () => compare(pieces, 8), 180_000)
  test('has the same output for descriptors and threads', () => compareConditions(trace, 12), 180_000)
  test(
    'has the same output for descriptors and threads, in blocks of few rows',
    () => compareConditions(pieces, 25),
    180_000,
  )
  test(
    'has the same output for each process, with those that it depends on',
    () => everyone(pieces, STATE, true),
    180_000,
  )
  test('has the same output for each process, with the names of others', () => everyone(pieces, LINE, false), 180_000)

  test('is read in small part', async () => {
    const whole = readFileSync(pieces).length
    expect(whole).toBeGreaterThan(0)
    const checked = checkFilter('proc.name=wc', registry)
    const source = await openTrace(pieces, readRequest(needs(checked, [])))
    let delivered = 0
    for (let b = await source.next(); b !== undefined; b = await source.next()) delivered += b.count
    await source.close()
    expect(delivered).toBeLessThan(source.stats().events / 2)
  })
})

test('older captures, whose blocks do not record the dependencies of processes', async () => {
  for (const version of [1, 2]) {
    const path = `${root}test/unit/trace/formats/version-${version}.ksys`
    await compare(path, 3)
    await compareConditions(path, 6)
  }
}, 180_000)
