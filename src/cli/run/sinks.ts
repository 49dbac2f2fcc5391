// What happens with the events that passed: lines of text or JSON, a summary.
import { ByteWriter } from '../../format/bytes/byte-writer.js'
import type { Summary } from '../../format/summary.js'
import type { Absence } from '../../format/template/absences.js'
import type { Template } from '../../format/template/template.js'
import type { Event } from '../../model/event.js'
import type { Sink } from '../../run/sink.js'
import type { Output } from '../output/stdout.js'

/** Bytes of lines that go out in one piece. */
const CHUNK = 256 * 1024

/** Prints a line for each event. A chunk is written while the next one is made. */
export class LineSink implements Sink {
  private bytes = new ByteWriter(CHUNK + 65536)
  /** what the chunk that is being written lies in */
  private other = new ByteWriter(CHUNK + 65536)
  private writing: Promise<void> | void = undefined
  private readonly room: number

  constructor(
    private readonly template: Template,
    private readonly out: Output,
    unbuffered: boolean,
  ) {
    this.room = unbuffered ? 1 : CHUNK
  }

  show(e: Event): void {
    this.template.append(this.bytes, e)
  }

  get full(): boolean {
    return this.bytes.length >= this.room
  }

  async flush(): Promise<void> {
    if (this.bytes.length === 0) return
    await this.writing
    this.writing = this.out.write(this.bytes.view())
    // a failure is told to whoever writes the next chunk, or ends
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
