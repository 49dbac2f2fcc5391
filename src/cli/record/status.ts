// How a recorder stands.
import { megabytes } from '../../run/memory.js'

export interface Status {
  /** s of capture time in memory */
  readonly seconds: number
  /** bytes in memory, and at most */
  readonly bytes: number
  readonly most: number
  /** files that were written, and whether one is being written */
  readonly files: number
  readonly writing: boolean
  /** where they are written */
  readonly to: string
}

/** In a line. */
export function statusText({ seconds, bytes, most, files, writing }: Status): string {
  const written = `${files} ${files === 1 ? 'file' : 'files'} written${writing ? ', one is being written' : ''}`
  return `${seconds.toFixed(1)} s in memory, ${megabytes(bytes)} of ${megabytes(most)} MB; ${written}`
}
