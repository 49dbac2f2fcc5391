// The archive inside the single executable: a line of JSON that lists files with their hashes, followed by the bytes of the files in the
// same order. (Node does not store several assets in a fixed order, so there is only one.)
import { createHash } from 'node:crypto'

export interface PackedFile {
  /** relative to the folder of the package, separated by slashes */
  readonly path: string
  /** bytes */
  readonly size: number
  /** hex */
  readonly sha256: string
  /** a shared object, which is mapped as code */
  readonly executable: boolean
}

interface Manifest {
  readonly version: string
  /** in the order of their bytes */
  readonly files: readonly PackedFile[]
}

/** The content of an executable. `name`: of the folder for its files, unique for this content. */
export interface Archive {
  readonly name: string
  readonly manifest: Manifest
  readonly bytes: Uint8Array
}

/** The asset name of the archive in Node's executable. */
export const ARCHIVE = 'files'
const LINE_FEED = 0x0a

/** The file that is run; it imports the program. */
export const START = 'start.cjs'

/** Writes an archive. */
export function archiveOf(manifest: Manifest, contents: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from(JSON.stringify(manifest)), Buffer.of(LINE_FEED), ...contents])
}

/** Reads an archive without copying its bytes. */
export function readArchive(archive: Uint8Array): Archive {
  const end = archive.indexOf(LINE_FEED)
  const text = Buffer.from(archive.buffer, archive.byteOffset, end).toString()
  const manifest = JSON.parse(text) as Manifest
  return { name: `${manifest.version}-${sha256(text).slice(0, 16)}`, manifest, bytes: archive.subarray(end + 1) }
}

/** Names of such folders. */
export const FOLDER_NAME = /^\d[\w.+~-]*-[0-9a-f]{16}$/

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')
