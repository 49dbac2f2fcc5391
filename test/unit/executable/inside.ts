// The content of a small executable for tests, and a folder to unpack it to.
import { join } from 'node:path'
import { type Archive, archiveOf, readArchive, sha256 } from '../../../src/executable/manifest.js'
import { type Place, places } from '../../../src/executable/places.js'

export const UID = process.geteuid?.() ?? 0

/** Files by path; the version is also the content of a file, so that each version has another hash. */
export function inside(version: string, more: Record<string, string> = {}): Archive {
  const contents = { 'start.cjs': `'${version}'\n`, 'a/b/c.js': 'export {}\n', 'native/x.node': 'code', ...more }
  const files = Object.entries(contents).map(([path, text]) => ({
    path,
    size: text.length,
    sha256: sha256(text),
    executable: path.endsWith('.node'),
  }))
  return readArchive(
    archiveOf(
      { version, files },
      Object.values(contents).map((c) => Buffer.from(c)),
    ),
  )
}

/** The folder in a cache with this path, as XDG_CACHE_HOME specifies it. */
export function placeIn(cache: string): Place {
  const [place] = places(UID, { XDG_CACHE_HOME: cache })
  if (place?.path !== join(cache, 'ksys')) throw new Error('the named cache comes first')
  return place
}
