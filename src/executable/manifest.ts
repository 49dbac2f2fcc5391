// What lies inside the single executable: a list of files with their hashes, and their bytes one behind the other in its order.
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

/** The assets of the executable, by the names that Node keeps them under. */
export const MANIFEST = 'manifest.json'
export const ARCHIVE = 'files'

/** The file among them that is run; it imports the program. */
export const START = 'start.cjs'

/** What an executable calls the folder of its files: no two with other content have the same one. */
export const folderName = (version: string, manifest: string): string => `${version}-${sha256(manifest).slice(0, 16)}`

/** Names that folderName gives. */
export const FOLDER_NAME = /^\d[\w.+~-]*-[0-9a-f]{16}$/

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')
