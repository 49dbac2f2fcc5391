// Reads the files of -r in sequence, until a signal arrives or no more events may be shown. Each file is opened for what the query needs;
// if a .scap file is written, an input that can be read twice is scanned first.
import { openCapture } from '../../run/open.js'
import type { CaptureSource } from '../../source/source.js'
import type { Settings } from '../options/settings.js'
import type { Query } from '../query/query.js'
import { requestOf } from '../query/read-request.js'
import type { Interruption } from './interruption.js'
import type { ScapFile } from './scap-file.js'

export class FileSequence {
  /** the file being read */
  current: string | undefined

  constructor(
    private readonly s: Settings,
    private readonly q: Query,
    /** the .scap file to write */
    private readonly scap: ScapFile | undefined,
    private readonly interruption: Interruption,
  ) {}

  /**
   * Reads all files. over: processes one source, and closes it; remaining: returns the number of events that may still be shown (undefined:
   * no limit).
   */
  async read(over: (source: CaptureSource) => Promise<void>, remaining: () => number | undefined): Promise<void> {
    const { interruption } = this
    for (const path of this.s.read) {
      if (interruption.signal || remaining() === 0) break
      this.current = path
      await this.scap?.scout(
        path,
        () => this.open(path),
        remaining(),
        (stop) => interruption.stopWith(stop),
      )
      // keep an existing output file
      if (interruption.signal) break
      await over(await this.open(path))
    }
  }

  /** Opens a file with redaction applied. */
  private async open(path: string): Promise<CaptureSource> {
    const { s, q, scap } = this
    const waiting = this.interruption.waiting(`writer of ${path}`)
    const request = requestOf({ ...s, enter: scap?.bothDirections ?? s.enter }, q)
    return openCapture(path, { ...request, ...waiting }, s.redaction)
  }
}
