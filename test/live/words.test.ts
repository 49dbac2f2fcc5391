// Live and from a file the values are equal: every field that can be printed has the same value for an event read from a file as when
// the event was captured.

import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FieldContext } from '../../src/fields/field.js'
import { CLASSES, registry } from '../../src/fields/index.js'
import { checkFilter, compileFilter, planFilter } from '../../src/filter/index.js'
import { compileJson } from '../../src/format/template/json.js'
import type { Snapshot } from '../../src/model/snapshot.js'
import type { BatchNs } from '../../src/model/time.js'
import { ByteWriter } from '../../src/render/bytes/byte-writer.js'
import { openTrace } from '../../src/run/file-kinds.js'
import { Loop } from '../../src/run/loop.js'
import type { Sink } from '../../src/run/sink.js'
import { TraceSink } from '../../src/run/write/trace-sink.js'
import { hostArch } from '../../src/schema/arch.js'
import { LiveSource } from '../../src/source/live.js'
import type { CaptureSource } from '../../src/source/source.js'
import { spawnStopped } from '../../src/source/spawn.js'
import { State } from '../../src/state/state.js'
import { TraceWriter } from '../../src/trace/index.js'
import { privileged } from '../helpers/ksys.js'
import { compile, scratchDir } from '../helpers/live.js'

const dir = realpathSync(scratchDir('words'))

/** The number of compared lines, to limit memory and time; without a filter only some events are compared. */
const MOST = 2000
const ONE_OF = 3

/** Arguments to try for fields that take one, in this order. */
const ARGUMENTS: Record<string, string[]> = {
  index: ['[0]', '[1]', '[2]', '[4]'],
  name: ['.name', '.fd', '.res', '.flags', '.comm', '[PATH]'],
  any: ['[0]', '[1]', '[3]', '.name', '.fd', '.res', '.flags', '[PATH]'],
}

/** Every field that can be printed, with arguments if it takes them. */
function allFields(): string[] {
  const out: string[] = []
  for (const { fields } of CLASSES)
    for (const [name, def] of Object.entries(fields)) {
      if (def.print === false || def.removed !== undefined) continue
      if (def.arg?.need !== 'required') out.push(name)
      if (def.arg) out.push(...(ARGUMENTS[def.arg.kind] as string[]).map((a) => name + a))
    }
  return out.filter((text) => {
    try {
      registry.find(text)
      return true
    } catch {
      return false
    }
  })
}

function context(state: State, first?: { time: BatchNs | undefined }): FieldContext {
  const format = { timeStyle: 'h', buffer: 'dots', fullBuffers: true, resolvePorts: false, columns: 80 } as const
  return { info: state.info, states: [state], format, ...(first ? { first } : {}) }
}

/** Runs a source through the pipeline and stores the fields of each shown event, as JSON lines. */
async function say(
  source: CaptureSource,
  fields: readonly string[],
  filter: string,
  more?: { trace: string; begin: (pipeline: Loop) => void },
): Promise<string[]> {
  const state = new State(source.info)
  const first: { time: BatchNs | undefined } = { time: undefined }
  const ctx = context(state, first)
  const snapshot: Snapshot = await source.snapshot()
  const template = compileJson(`*${fields.map((f) => `%${f}`).join(' ')}`, registry, ctx)
  const bytes = new ByteWriter(1 << 16)
  const lines: string[] = []
  let shown = 0
  const each = filter === '' ? ONE_OF : 1
  const sinks: Sink[] = [
    {
      show: (e) => {
        if (shown++ % each > 0 || lines.length === MOST) return
        bytes.clear()
        template.append(bytes, e)
        lines.push(Buffer.from(bytes.view()).toString('utf8'))
      },
    },
  ]
  if (more)
    sinks.push(
      new TraceSink(await TraceWriter.open(more.trace, { info: source.info, existing: snapshot }), state, source, () =>
        source.stats(),
      ),
    )
  const predicate = filter === '' ? undefined : compileFilter(filter, registry, ctx).test
  const pipeline = new Loop({ source, states: [state], sinks, first, predicate })
  more?.begin(pipeline)
  await pipeline.run(snapshot)
  await source.close()
  return lines
}

/** Sizes of memory are those of the last call that reported them, and a filter omits such calls from the file. */
const MEMORY = /[.]vm(size|rss|swap)/

/** Live, the time between two reports is estimated. */
const ESTIMATED = /^thread[.]cputime/

/** Fields whose values differ: each with the number of cases, and the first one. */
function differences(live: readonly string[], file: readonly string[], filtered: boolean): string[] {
  const out = new Map<string, { times: number; first: string }>()
  for (let i = 0; i < live.length; i++) {
    if (live[i] === file[i]) continue
    const a = JSON.parse(live[i] as string) as Record<string, unknown>
    const b = JSON.parse(file[i] as string) as Record<string, unknown>
    for (const k of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const [x, y] = [JSON.stringify(a[k]), JSON.stringify(b[k])]
      if (x === y || (filtered && MEMORY.test(k)) || ESTIMATED.test(k)) continue
      const seen = out.get(k)
      if (seen) seen.times++
      else
        out.set(k, { times: 1, first: `${a['evt.num']} ${a['evt.type']} of ${a['proc.name']}: live ${x}, file ${y}` })
    }
  }
  return [...out].map(([k, v]) => `${k} (${v.times}): ${v.first}`)
}

/** The load: shells, pipes, renames, every section of the state program, the network. */
function load(): string {
  const exe = compile(dir, 'state')
  const sections = ['sharing', 'directories', 'copies', 'thread-exec', 'passing', 'names', 'ids', 'sockets', 'pids']
  const others = ['files', 'io', 'network', 'process', 'memory'].map((name) => compile(dir, name))
  for (const s of sections) if (!existsSync(join(dir, s))) mkdirSync(join(dir, s))
  return [
    'export SAID=/dev/null',
    ...sections.map((s) => `${exe} ${s} ${join(dir, s)}`),
    ...others,
    'ls -l /etc >/dev/null; cat /etc/passwd | sort | uniq -c >/dev/null',
    'cd /usr; (cd /var; readlink -f lib >/dev/null; stat run >/dev/null) & wait',
    `echo "a b" >'${dir}/x y'; mv '${dir}/x y' ${dir}/z; rm ${dir}/z; ln -sf q ${dir}/l; logger -s hello 2>/dev/null`,
  ].join('\n')
}

describe.skipIf(!privileged())('fields have the same values live and from a file', () => {
  const fields = allFields()

  test('nearly every field is compared', () => expect(fields.length).toBeGreaterThan(200))

  for (const [what, filter, whole] of [
    ['everything', '', true],
    ['a command and its descendants', '', false],
    ['one program, the rest hidden', 'proc.name in (state, cat, sort)', true],
    ['what failed', 'evt.failed=true', true],
    ['by file, the opens hidden', 'fd.name contains other and evt.is_io=true', true],
    ['ancestors', 'proc.aname=sh and not proc.name=sh', true],
  ] as const)
    test(what, async () => {
      const command = spawnStopped('sh', ['-c', load()])
      const checked = filter === '' ? undefined : checkFilter(filter, registry)
      const options = {
        ...{
          arch: hostArch() ?? ('x64' as const),
          output: fields,
          snaplen: 80,
          selfPid: process.pid,
          buffers: true,
          latency: true,
        },
        ...{ enter: filter === '', switches: false, pageFaults: false },
        ...(whole ? {} : { rootPid: command.pid }),
      }
      const source = new LiveSource({ plan: planFilter(checked, registry, options) })
      const trace = join(dir, `${what.replaceAll(/\W/g, '-')}.ksys`)
      const begin = () => {
        command.exit.then(() => source.stop())
        command.resume()
      }
      const live = await say(source, fields, filter, { trace, begin })
      const file = await say(await openTrace(trace, { ...options, names: true }), fields, filter)
      expect(live.length).toBeGreaterThan(10)
      expect(differences(live, file, filter !== '').join('\n')).toBe('')
      expect(file.length).toBe(live.length)
    })
})
