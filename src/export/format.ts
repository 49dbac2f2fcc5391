// What a format for other tools is, and what makes a file of one.

import type { FieldContext } from '../fields/field.js'
import type { ByteBuffer } from '../format/bytes/byte-buffer.js'
import type { Event } from '../model/event.js'

/** What the person has chosen beside the format. */
export interface ExportChoice {
  /** -p's format, as it was compiled for the run; of formats with columns only */
  readonly line: string
  /** who writes, for formats that tell: a program with its version */
  readonly program: string
}

/** A file of a format while it is made. What is to be written gathers in `out`, which whoever writes it clears. */
export interface Export {
  readonly out: ByteBuffer
  /** A capture begins, whose state is loaded: one after the other of those that are read. */
  begin(ctx: FieldContext): void
  /** Adds the event under the cursor. */
  show(e: Event): void
  /** Adds a value of a chisel, in formats with `rows`; begin() is then not called, and no event is shown. */
  value?(value: unknown): void
  /** Adds a call that has not ended when the capture does: the cursor is on its enter event. In formats with `inFlight`. */
  inFlight?(call: Event): void
  /** Takes what is ready to be sent, in formats with `server`; all: also what has only begun to gather. */
  take?(all: boolean): Sent[]
  /** bodies that are ready to be sent */
  readonly gathered?: number
  /** The capture is over. */
  end(): void
  /** All captures are over: adds what a file of the format ends with. */
  finish?(): void
  /** events that are not in `out` yet; in formats with `partitions` or `stream` */
  readonly held?: number
  /** Has them written, as somebody else needs the memory or waits for them. */
  release?(): void
  /** What the person is to know about the file, once all captures are over: sentences without their dots. */
  notes(): string[]
}

/** A body that a server is sent, with so many records. */
export interface Sent {
  readonly records: number
  readonly body: Uint8Array
}

/** Options that a format may have no use for, by their names in messages. */
export type Refused = '-p' | '-t' | 'a style of buffers (-A, -x, -X, -b)' | '-R' | '--enter'

export interface ExportFormat {
  /** the word of --to */
  readonly name: string
  /** what it is, as a clause */
  readonly doc: string
  /** ends of names by which -w chooses it, without their dots */
  readonly extensions: readonly string[]
  /** it goes to a server, whose URL -w names: the path that its requests have */
  readonly server?: string
  /** the fields of who names none, as a format of -p; undefined: -p does. Absent: the columns of CSV */
  readonly line?: (format: string | undefined) => string | undefined
  /** fields that it looks at, by which a capture is planned; undefined: those of -p, or its own columns */
  readonly fields?: readonly string[]
  /** values of chisels become rows of it */
  readonly rows?: true
  /** its parts are compressed already, and found by their places */
  readonly compressed?: true
  /** a file of it cannot be read before it is complete: it gets its name then */
  readonly readAtEnd?: true
  /** a folder may have a file for each host and hour */
  readonly partitions?: true
  /** others read it while it is written: live, what has gathered is written each second */
  readonly stream?: true
  /** people can read it: a terminal may have it */
  readonly text?: true
  /** it has a place for the events of several hosts */
  readonly hosts?: true
  /** data of I/O are given whole, as far as they were captured */
  readonly whole?: true
  /** it tells of calls that have not ended when the capture does */
  readonly inFlight?: true
  /** why options have no meaning for it, each a clause */
  readonly refuses: Readonly<Partial<Record<Refused, string>>>
  /** Loads what makes a file. */
  readonly load: () => Promise<(choice: ExportChoice) => Export>
}
