// The start code of the single executable: unpacks its files to a folder of this user and runs the program there.
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { getRawAsset } from 'node:sea'
import { ARCHIVE, type Archive, readArchive, START } from './manifest.js'
import { places } from './places.js'
import { NoPlace, unpacked } from './unpack.js'
import { isOutOfFiles } from './verify.js'

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

function run(inside: Archive): void {
  const uid = process.geteuid?.() ?? 0
  const { folder, temporary } = unpacked(inside, places(uid, process.env), uid)
  if (temporary) process.on('exit', () => removeTemporary(dirname(folder)))
  createRequire(join(folder, START))(`./${START}`)
}

/** Why the program cannot run; undefined for unexpected failures. */
function whyNot(e: unknown): string | undefined {
  if (isOutOfFiles(e)) return 'not as many files may be open as it needs: raise the limit (ulimit -n 4096)'
  if (!(e instanceof NoPlace)) return undefined
  return `no folder for its files is safe and has enough space (set XDG_CACHE_HOME=DIR to choose one): ${e.message}`
}

/** Whether only the version is requested, which needs none of the files. The words of kubectl's plugin and its completion are others. */
function wantsVersion([word, ...more]: readonly string[]): boolean {
  const plugin = basename(process.argv0).startsWith('kubectl')
  return !plugin && more.length === 0 && (word === '--version' || word === 'version')
}

// SIGUSR1 would open Node's inspector until the program handles it
process.on('SIGUSR1', () => undefined)
try {
  const inside = readArchive(new Uint8Array(getRawAsset(ARCHIVE) as ArrayBuffer))
  if (wantsVersion(process.argv.slice(2))) process.stdout.write(`ksys ${inside.manifest.version}\n`)
  else run(inside)
} catch (e) {
  const why = whyNot(e)
  if (why === undefined) throw e
  process.stderr.write(`ksys: ${why}\n`)
  process.exitCode = 1
}
