// The status of a recorder.
import { megabytes } from '../../run/memory.js'

export interface Status {
  /** s of capture time in memory */
  readonly seconds: number
  /** bytes in memory, and their maximum */
  readonly bytes: number
  readonly most: number
  /** number of files written, and whether one is being written */
  readonly files: number
  readonly writing: boolean
  /** where they are written */
  readonly to: string
}

/** The status in one line. */
export function statusText({ seconds, bytes, most, files, writing }: Status): string {
  const written = `${files} ${files === 1 ? 'file' : 'files'} written${writing ? ', one is being written' : ''}`
  return `${seconds.toFixed(1)} s in memory, ${megabytes(bytes)} of ${megabytes(most)} MB; ${written}`
}
