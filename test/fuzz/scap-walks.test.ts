// The addon's walk over event blocks and the plain one make the same rows of every capture, whole and damaged.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { EventBatch } from '../../src/model/batch.js'
import { Fold } from '../../src/scap/fold.js'
import type { FolderClass } from '../../src/scap/folder.js'
import { Frames } from '../../src/scap/frames.js'
import { Input } from '../../src/scap/input.js'
import { scapAddon } from '../../src/scap/native.js'
import { PlainFolder } from '../../src/scap/plain/folder.js'
import { synthesize } from '../unit/scap/synthesize.js'
import { flipped, seeds } from './damage.js'

const CAPTURES = new URL('../golden/captures/', import.meta.url)
const dir = mkdtempSync(join(tmpdir(), 'ksys-walks-'))
afterAll(() => rmSync(dir, { recursive: true }))
const captures = readdirSync(CAPTURES)
  .filter((f) => f.endsWith('.scap.gz'))
  .map((f) => ({ name: f, bytes: gunzipSync(readFileSync(new URL(f, CAPTURES))) }))
  .map((c) => ({ ...c, bytes: c.bytes[0] === 0x1f ? gunzipSync(c.bytes) : c.bytes }))

/** All rows with their arguments, and what was damaged. */
async function walk(path: string, both: boolean, made: FolderClass | undefined): Promise<unknown[]> {
  const input = await Input.open(path)
  const frames = new Frames(input, path)
  const fold = new Fold(both, made)
  const batch = new EventBatch()
  batch.form = new Uint16Array(batch.capacity)
  const rows: unknown[] = []
  const damaged = (at: number, what: string) => frames.report(what, at)
  while ((await frames.next()) !== undefined) {
    batch.count = 0
    const before = frames.window.offsetOf(frames.window.at)
    await fold.fill(batch, frames.window, damaged)
    for (let i = 0; i < batch.count; i++) {
      const { num, time, latency, ret, tid, pid, absent, argOff, type, flags, cpu, form, arena } = batch
      const args = Buffer.from(arena.subarray(argOff[i], argOff[i + 1])).toString('latin1')
      const scalars = [num, time, latency, ret, tid, pid, absent, type, flags, cpu, form].map((c) => c![i])
      rows.push([...scalars, fold.forms[form![i]!], args])
    }
    if (frames.window.offsetOf(frames.window.at) === before) frames.pass()
  }
  await input.close()
  return [...rows, frames.damage, fold.unknown]
}

/** Both walks over it, once folded and once as recorded; how many rows they make. `of` says what it is. */
async function same(bytes: Uint8Array, of: string): Promise<number> {
  const path = join(dir, 'x.scap')
  writeFileSync(path, bytes)
  let rows = 0
  for (const both of [false, true]) {
    const plain = await walk(path, both, PlainFolder)
    const native = await walk(path, both, scapAddon()?.ScapFolder)
    expect(native.length, of).toBe(plain.length)
    native.forEach((r, i) => {
      if (JSON.stringify(r) !== JSON.stringify(plain[i])) expect(r, of).toEqual(plain[i])
    })
    rows += native.length
  }
  return rows
}

test('every capture', async () => {
  for (const { name, bytes } of captures) expect(await same(bytes, name)).toBeGreaterThan(100)
})

test('captures with flipped bits', async () => {
  for (const { name, bytes } of captures.filter((c) => c.bytes.length < 300_000))
    for (const seed of seeds(5)) await same(flipped(bytes, seed, 200), `${name}, seed ${seed}`)
})

test('made-up files of every event in every version, whole and damaged', async () => {
  for (const seed of seeds(4)) {
    const made = synthesize(seed, 2000)
    expect(await same(made, `seed ${seed}`)).toBeGreaterThan(1000)
    await same(flipped(made, seed, 100), `seed ${seed}, damaged`)
  }
})
