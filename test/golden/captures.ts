// The captures of other tools: the bundled ones, unpacked for a test file, and the whole collection if it is
// next to the checkout.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll } from 'vitest'

export const here = new URL('.', import.meta.url).pathname
export const beside = join(here, '../../../shared/captures')
const PACKED = join(here, 'captures')

/** Files of a folder with this ending, without it; none if there is no such folder. */
export function named(folder: string, end: string): string[] {
  return existsSync(folder) ? readdirSync(folder).flatMap((f) => (f.endsWith(end) ? [basename(f, end)] : [])) : []
}

export const bundled = named(PACKED, '.scap.gz')
export const others = named(beside, '.scap').filter((name) => !bundled.includes(name))

/** A folder of a test file, which contains the bundled captures before its tests run; it is removed after them. */
export function unpacked(): string {
  const dir = mkdtempSync(join(tmpdir(), 'ksys-golden-'))
  beforeAll(() => {
    for (const f of readdirSync(PACKED))
      writeFileSync(join(dir, f.replace(/\.gz$/, '')), gunzipSync(readFileSync(join(PACKED, f))))
    return () => rmSync(dir, { recursive: true })
  })
  return dir
}
