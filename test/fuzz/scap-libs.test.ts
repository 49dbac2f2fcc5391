// The reader of a .scap file's events finds the same as libs' own, in captures and synthetic files, intact and damaged: the same
// events under the same numbers, with their times, threads, processors and codes.
import { execFile, execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { currentCode } from '../../src/scap/tables.js'
import { notHere } from '../golden/libs-judge.js'
import { scratchDir } from '../helpers/live.js'
import { readBytes, readFile } from '../unit/scap/read.js'
import { synthesize } from '../unit/scap/synthesize.js'
import { flipped, seeds } from './damage.js'

const CAPTURES = new URL('../golden/captures/', import.meta.url)
const SOURCE = new URL('scap-walk.cc', import.meta.url).pathname
const INCLUDE = '/usr/include/falcosecurity'
/** One above the codes that the libs of this package knows; it reads no further than the first of a newer libs. */
const NEWER = 430
/** for calls without an event of their own */
const GENERIC_X = 1

const dir = notHere === undefined ? scratchDir('scap-libs') : ''
const program = join(dir, 'scap-walk')
const path = join(dir, 'x.scap')

const captures = readdirSync(CAPTURES)
  .filter((f) => f.endsWith('.scap.gz'))
  .map((f) => ({ name: f, bytes: gunzipSync(readFileSync(new URL(f, CAPTURES))) }))
  .map((c) => ({ ...c, bytes: c.bytes[0] === 0x1f ? gunzipSync(c.bytes) : c.bytes }))

interface Found {
  readonly time: string
  readonly tid: number
  readonly cpu: number
  readonly code: number
}

/** The events that libs finds, in order, up to what it cannot read. */
async function theirs(): Promise<Found[]> {
  const run = promisify(execFile)(program, [path], { maxBuffer: 1 << 28 })
  // unreadable data may end it
  const { stdout } = await run.catch((e: { stdout: string }) => e)
  return [...stdout.matchAll(/^\d+ (\d+) (-?\d+) (\d+) (\d+)$/gm)].map(([, time = '', tid, cpu, code]) => ({
    time,
    tid: Number(BigInt.asIntN(32, BigInt(tid as string))),
    cpu: Number(cpu),
    code: Number(code),
  }))
}

/** Compares the two readers over a file, as far as both go; returns the number of compared events. `of` names the file. */
async function same(bytes: Uint8Array, of: string): Promise<number> {
  writeFileSync(path, bytes)
  const found = await theirs()
  const { rows, info, unknown } = await readFile(path, { enter: true })
  // an unknown code has no number here
  if (unknown.events > 0) return 0
  const start = BigInt(info.startSec) * 1_000_000_000n + BigInt(info.startNsec)
  let compared = 0
  for (const { num, time, tid, cpu, code } of rows) {
    const their = found[num - 1]
    if (their === undefined) break
    const today = their.code > GENERIC_X ? currentCode(their.code) : code
    // ours is relative to the start, a number of 53 bits; an event without one has any
    const when = their.time === '0' ? time : Number(BigInt(their.time) - start)
    expect({ num, time, tid, cpu, code }, of).toEqual({ num, ...their, time: when, code: today })
    compared++
  }
  return compared
}

describe.skipIf(notHere !== undefined)(`libs itself${notHere === undefined ? '' : ` is not asked: ${notHere}`}`, () => {
  beforeAll(() => {
    const words = ['-std=c++17', '-O1', `-I${INCLUDE}`, `-I${INCLUDE}/driver`, '-o', program, SOURCE]
    execFileSync('c++', [...words, '-lsinsp', '-lscap'], { stdio: 'pipe' })
  }, 120_000)

  test('every capture has the same events for libs and ksys', async () => {
    for (const { name, bytes } of captures) expect(await same(bytes, name), name).toBeGreaterThan(100)
  })

  test('captures with flipped bits have the same events for libs and ksys, up to the first damage', async () => {
    for (const { name, bytes } of captures.filter((c) => c.bytes.length < 300_000))
      for (const seed of seeds(2)) {
        const changed = flipped(bytes, seed, 20)
        const { damage } = await readBytes(changed).catch(() => ({ damage: [] }))
        if (damage[0] !== undefined) await same(changed.subarray(0, damage[0].offset), `${name}, seed ${seed}`)
      }
  })

  test('synthetic files of every event in every version have the same events for libs and ksys', async () => {
    let compared = 0
    for (const seed of seeds(12)) compared += await same(synthesize(seed, 500, NEWER), `seed ${seed}`)
    expect(compared).toBeGreaterThan(500)
  })
})
