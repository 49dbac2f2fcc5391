// Reads .scap bytes for tests: rows as plain objects with the arguments by name.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROW } from '../../../src/model/batch.js'
import { Event } from '../../../src/model/event.js'
import type { ListedSnapshot, Snapshot } from '../../../src/model/snapshot.js'
import { type ScapOptions, ScapSource } from '../../../src/scap/index.js'
import type { CaptureInfo, Damage } from '../../../src/source/source.js'

export interface Row {
  num: number
  time: number
  latency: number | undefined
  type: string
  code: number
  enter: boolean
  hidden: boolean
  ret: number
  tid: number
  pid: number
  cpu: number
  /** every parameter that has a value */
  args: Record<string, number | string>
  /** names of the arguments that are shown, as they were recorded */
  shown: string[]
  /** the state at this row's batch, if the input restarted there */
  resync: Snapshot | undefined
}

export interface Read {
  rows: Row[]
  snapshot: ListedSnapshot
  damage: Damage[]
  info: CaptureInfo
  unknown: { events: number; blocks: number }
}

export async function readFile(path: string, options: ScapOptions = {}): Promise<Read> {
  const source = await ScapSource.open(path, options)
  const snapshot = await source.snapshot()
  const e = new Event(source.tables.defs, source.tables.layouts)
  const rows: Row[] = []
  for (let batch = await source.next(); batch !== undefined; batch = await source.next())
    for (let i = 0; i < batch.count; i++) {
      e.moveTo(batch, i)
      rows.push({ ...row(e), resync: i === 0 ? batch.resync : undefined })
    }
  await source.close()
  return {
    rows,
    snapshot: { ...snapshot, threads: [...snapshot.threads] },
    damage: source.damage,
    info: source.info,
    unknown: source.unknown,
  }
}

function row(e: Event): Omit<Row, 'resync'> {
  const args: Row['args'] = {}
  e.def.params.forEach((p, i) => {
    if (!e.has(i)) return
    args[p.name] = p.wire === 'var' ? (e.text(i) as string) : (e.number(i) as number)
  })
  return {
    num: e.num,
    time: e.time,
    latency: e.latency,
    type: e.def.name,
    code: e.type,
    enter: e.isEnter,
    hidden: (e.flags & ROW.HIDDEN) !== 0,
    ret: e.ret,
    tid: e.tid,
    pid: e.pid,
    cpu: e.cpu,
    args,
    shown: e.shown.map((p) => p.name),
  }
}

/** Reads bytes as if they were a file. */
export async function readBytes(bytes: Uint8Array, options: ScapOptions = {}): Promise<Read> {
  const dir = mkdtempSync(join(tmpdir(), 'ksys-scap-'))
  const path = join(dir, 'x.scap')
  writeFileSync(path, bytes)
  try {
    return await readFile(path, options)
  } finally {
    rmSync(dir, { recursive: true })
  }
}
