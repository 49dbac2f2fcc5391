// What lies inside the single executable, as one archive: a line of JSON that lists files with their hashes, then their bytes one
// behind the other in its order. (Node keeps several assets in no order, so there is one.)
import { createHash } from 'node:crypto'

export interface PackedFile {
  /** from the folder of the package, parted by slashes */
  readonly path: string
  /** bytes */
  readonly size: number
  /** hex */
  readonly sha256: string
  /** a shared object, which the system maps as code */
  readonly executable: boolean
}

export interface Manifest {
  readonly version: string
  /** in the order of their bytes */
  readonly files: readonly PackedFile[]
}

/** What is inside an executable; `name`: of the folder of its files, no two with other content have the same one. */
export interface Inside {
  readonly name: string
  readonly manifest: Manifest
  readonly bytes: Uint8Array
}

/** The name that Node keeps the archive under. */
export const ARCHIVE = 'files'
const LINE_FEED = 0x0a

/** The file among them that is run; it imports the program. */
export const START = 'start.cjs'

/** Writes an archive. */
export function archiveOf(manifest: Manifest, contents: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from(JSON.stringify(manifest)), Buffer.of(LINE_FEED), ...contents])
}

/** Reads an archive; the bytes stay where they are. */
export function readArchive(archive: Uint8Array): Inside {
  const end = archive.indexOf(LINE_FEED)
  const text = Buffer.from(archive.buffer, archive.byteOffset, end).toString()
  const manifest = JSON.parse(text) as Manifest
  return { name: `${manifest.version}-${sha256(text).slice(0, 16)}`, manifest, bytes: archive.subarray(end + 1) }
}

/** Names of such folders. */
export const FOLDER_NAME = /^\d[\w.+~-]*-[0-9a-f]{16}$/

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')
