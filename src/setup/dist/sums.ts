// Writes SHA256SUMS of the downloads, and checks their size limits.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { sha256 } from '../../executable/manifest.js'
import { DIST } from './places.js'

const MB = 1_000_000

/** Maximum bytes of a download, by the end of its name. */
const MOST: readonly (readonly [like: RegExp, bytes: number])[] = [
  [/-linux-\w+\.xz$/, 30 * MB],
  [/\.tgz$/, 5 * MB],
  [/\.deb$/, 32 * MB],
]

/** A message for each file that exceeds its limit. */
export function tooLarge(files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const { size } = statSync(file)
    const most = MOST.find(([like]) => like.test(file))?.[1] ?? Number.POSITIVE_INFINITY
    return size > most ? [`${basename(file)} has ${inMB(size)}, more than the limit of ${inMB(most)}`] : []
  })
}

export const inMB = (bytes: number): string => `${(bytes / MB).toFixed(1)} MB`

/** Writes SHA256SUMS of all files for download, in the format of `sha256sum -c`. */
export function writeSums(): void {
  const names = readdirSync(DIST, { withFileTypes: true }).flatMap((e) => (e.isFile() ? e.name : []))
  const lines = names
    .filter((name) => name !== 'SHA256SUMS')
    .sort()
    .map((name) => `${sha256(readFileSync(join(DIST, name)))}  ${name}\n`)
  writeFileSync(join(DIST, 'SHA256SUMS'), lines.join(''))
}
