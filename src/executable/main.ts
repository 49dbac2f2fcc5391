// What the single executable runs first: brings its files to a folder of this user's and goes on from there.
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { getRawAsset } from 'node:sea'
import { ARCHIVE, readArchive, START } from './manifest.js'
import { places } from './places.js'
import { NoPlace, unpacked } from './unpack.js'

/** Removes files that are there for one run; a capture that went on as another user cannot, and says where they stay. */
function removeBrief(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    process.stderr.write(`ksys: what it unpacked stays in ${folder}: a capture ends as a user who cannot remove it\n`)
  }
}

// it would open Node's inspector until the program takes it
process.on('SIGUSR1', () => undefined)
try {
  const uid = process.geteuid?.() ?? 0
  const inside = readArchive(new Uint8Array(getRawAsset(ARCHIVE) as ArrayBuffer))
  const { folder, brief } = unpacked(inside, places(uid, process.env), uid)
  if (brief) process.on('exit', () => removeBrief(dirname(folder)))
  createRequire(join(folder, START))(`./${START}`)
} catch (e) {
  if (!(e instanceof NoPlace)) throw e
  process.stderr.write(
    `ksys: its files find no place that is safe and has room (XDG_CACHE_HOME=DIR names one): ${e.message}\n`,
  )
  process.exitCode = 1
}
