// The start code of the single executable: unpacks its files to a folder of this user and runs the program there.
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { getRawAsset } from 'node:sea'
import { ARCHIVE, readArchive, START } from './manifest.js'
import { places } from './places.js'
import { NoPlace, unpacked } from './unpack.js'

/** Removes files unpacked for one run. A capture that changed to another user cannot remove them, and reports where they are. */
function removeTemporary(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    process.stderr.write(
      `ksys: unpacked files remain in ${folder}: the user that the capture ran as cannot remove them\n`,
    )
  }
}

// SIGUSR1 would open Node's inspector until the program handles it
process.on('SIGUSR1', () => undefined)
try {
  const uid = process.geteuid?.() ?? 0
  const inside = readArchive(new Uint8Array(getRawAsset(ARCHIVE) as ArrayBuffer))
  const { folder, temporary } = unpacked(inside, places(uid, process.env), uid)
  if (temporary) process.on('exit', () => removeTemporary(dirname(folder)))
  createRequire(join(folder, START))(`./${START}`)
} catch (e) {
  if (!(e instanceof NoPlace)) throw e
  process.stderr.write(
    `ksys: no folder for its files is safe and has enough space (set XDG_CACHE_HOME=DIR to choose one): ${e.message}\n`,
  )
  process.exitCode = 1
}
