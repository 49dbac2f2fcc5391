// Sinks for printing: lines of text or JSON, and the summary.

import type { Summary } from '../../format/summary.js'
import type { Absence } from '../../format/template/absences.js'
import type { Template } from '../../format/template/line.js'
import type { Event } from '../../model/event.js'
import { ByteWriter } from '../../render/bytes/byte-writer.js'
import type { Sink } from '../../run/sink.js'
import type { Output } from '../output/stdout.js'

/** Bytes of lines that are written at a time. */
const CHUNK = 256 * 1024

/** Prints a line for each event. A chunk is written while the next one is formatted. */
export class LineSink implements Sink {
  private bytes = new ByteWriter(CHUNK + 65536)
  /** the buffer of the chunk being written */
  private other = new ByteWriter(CHUNK + 65536)
  private writing: Promise<void> | void = undefined
  /** bytes at which a chunk is written */
  private readonly limit: number

  constructor(
    private readonly template: Template,
    private readonly out: Output,
    unbuffered: boolean,
  ) {
    this.limit = unbuffered ? 1 : CHUNK
  }

  show(e: Event): void {
    this.template.append(this.bytes, e)
  }

  get full(): boolean {
    return this.bytes.length >= this.limit
  }

  async flush(): Promise<void> {
    if (this.bytes.length === 0) return
    await this.writing
    this.writing = this.out.write(this.bytes.view())
    // the next write, or end(), rejects with the error
    this.writing?.catch(() => undefined)
    const full = this.bytes
    this.bytes = this.other
    this.bytes.clear()
    this.other = full
  }

  async end(): Promise<void> {
    await this.writing
  }

  get absences(): readonly Absence[] {
    return this.template.absences
  }
}

/** Counts events for -S; prints nothing itself. */
export class SummarySink implements Sink {
  constructor(private readonly summary: Summary) {}

  show(e: Event): void {
    this.summary.add(e)
  }
}
