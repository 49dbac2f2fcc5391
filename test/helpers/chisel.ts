// Runs a chisel of `chisels/` over hand-made rows in this process: its output, emitted values and messages.

import type { Chisel } from '../../src/chisel/define.js'
import { prepare } from '../../src/chisel/prepare.js'
import { type ChiselOutput, Running } from '../../src/chisel/running.js'
import type { FieldContext } from '../../src/fields/field.js'
import { registry } from '../../src/fields/index.js'
import { compileFilter } from '../../src/filter/index.js'
import type { Snapshot } from '../../src/model/snapshot.js'
import { batchNs } from '../../src/model/time.js'
import { State } from '../../src/state/state.js'
import { info, shell } from '../unit/state/world.js'
import { cursor, makeBatch, type RowSpec } from './rows.js'

export interface Printed {
  /** of text */
  readonly lines: string[]
  /** of JSON */
  readonly values: Record<string, unknown>[]
  readonly messages: string[]
}

interface How {
  readonly words?: readonly string[]
  /** the state at the start; by default a shell with pid 100 */
  readonly snapshot?: Snapshot
  readonly live?: boolean
  readonly columns?: number
  /** rows have libs' flags, as in a .scap file */
  readonly portable?: boolean
}

/** By default rows are of thread 100 and a nanosecond apart; an interval ends after each second between them. */
export async function overRows(name: string, rows: readonly RowSpec[], how: How = {}): Promise<Printed> {
  const text = await printed(name, rows, how, false)
  const json = await printed(name, rows, how, true)
  const values = json.text.split('\n').filter((l) => l !== '')
  return {
    lines: text.text === '' ? [] : text.text.replace(/\n$/, '').split('\n'),
    values: values.map((l) => JSON.parse(l) as Record<string, unknown>),
    messages: text.told,
  }
}

async function printed(name: string, rows: readonly RowSpec[], how: How, json: boolean) {
  const { default: def } = (await import(new URL(`../../chisels/${name}.ts`, import.meta.url).href)) as {
    default: Chisel
  }
  const { prepared } = prepare({ name, argument: name, def }, how.words ?? [], { containers: false, hosts: false })
  const state = new State(info)
  state.load(how.snapshot ?? shell())
  const format = { timeStyle: 'h', buffer: 'dots', fullBuffers: false, resolvePorts: false, columns: 80 } as const
  const ctx: FieldContext = { info, states: [state], format }
  const out = { text: '', told: [] as string[] }
  const output: ChiselOutput = {
    live: how.live ?? false,
    value: json
      ? (value) => `${JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? Number(v) : v))}\n`
      : undefined,
    color: false,
    containers: false,
    columns: how.columns ?? 80,
    rows: undefined,
    write: (text) => {
      out.text += text
    },
    draw: () => {},
    save: (file, filter) => void out.told.push(`saves to ${file}: ${filter}`),
    tell: (sentence) => void out.told.push(sentence),
  }
  const passes = prepared.filter === undefined ? () => true : compileFilter(prepared.filter, registry, ctx).keep
  const running = new Running(prepared, ctx, output)
  running.startCounting(batchNs(0))
  let due = running.every
  let clock = 0
  const batch = makeBatch(
    rows.map((r) => {
      clock = r.time ?? clock + 1
      return { tid: 100, pid: r.tid ?? 100, ...r, time: clock }
    }),
    how.portable !== true,
  )
  const e = cursor()
  for (let i = 0; i < batch.count; i++) {
    e.moveTo(batch, i)
    for (; e.time >= due; due += running.every) running.tick(batchNs(due))
    state.apply(e)
    if (passes(e)) running.event(e)
  }
  running.end(batchNs(clock))
  return out
}
