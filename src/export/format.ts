// The declaration of an export format (--to), and the interface of its writer.
import type { FieldContext } from '../fields/field.js'
import type { Event } from '../model/event.js'
import type { Refused } from '../otlp/partial-success.js'
import type { ByteBuffer } from '../render/bytes/byte-buffer.js'

/** What a writer gets besides the format. */
export interface ExportChoice {
  /** the output format (-p) of the run, for formats with columns */
  readonly line: string
  /** name and version of the writing program, for formats that record it */
  readonly program: string
}

/** Encodes events in a format. Encoded bytes gather in `out`; the caller writes and clears them. */
export interface Export {
  readonly out: ByteBuffer
  /** Starts a capture; its state is loaded. Several captures follow one another. */
  start(ctx: FieldContext): void
  /** Adds the event under the cursor. */
  show(e: Event): void
  /** Adds a value of a chisel, in formats with `rows`; start() and show() are not called then. */
  value?(value: unknown): void
  /** Adds a call that is in progress at the end of the capture: the cursor is on its enter event. In formats with `inFlight`. */
  inFlight?(call: Event): void
  /** Removes and returns the bodies to send, in formats with `server`; all: including incomplete ones. */
  take?(all: boolean): Sent[]
  /** What a server rejected of a request, from its response; undefined: nothing. In formats with `server`. */
  refused?(response: Buffer): Refused | undefined
  /** number of complete bodies */
  readonly gathered?: number
  /** Ends the capture. */
  end(): void
  /** Adds the end of the file, after all captures. */
  finish?(): void
  /** number of events that are not yet in `out`; in formats with `partitions` or `stream` */
  readonly held?: number
  /** Encodes these events into `out`, to free memory or because a consumer waits for them. */
  release?(): void
  /** Messages for the user about the file, after all captures: sentences without their final dots. */
  notes(): string[]
}

/** The body of a request to a server, with its number of records. */
export interface Sent {
  readonly records: number
  readonly body: Uint8Array
}

/** Options that a format may reject, by their names in messages. */
export type RejectedOption = '-p' | '-t' | 'a style of buffers (-A, -x, -X, -b)' | '-R' | '--enter'

export interface ExportFormat {
  /** its name for --to */
  readonly name: string
  /** file extensions by which -w selects it, without dots */
  readonly extensions: readonly string[]
  /** it is sent to a server, whose URL is given by -w */
  readonly server?: {
    /** path of its requests, which is added to the URL */
    readonly path: string
    /** an example of a URL, for messages */
    readonly example: string
  }
  /** default fields as an output format; its result is undefined if -p names fields. Without it: the columns of CSV */
  readonly line?: (format: string | undefined) => string | undefined
  /** fields that it reads, which the capture must record; undefined: those of -p, or its default columns */
  readonly fields?: readonly string[]
  /** it can contain rows from chisels */
  readonly rows?: true
  /** its content is already compressed, or found by offsets, so .gz is not supported */
  readonly compressed?: true
  /** an incomplete file is unreadable: the file gets its name when it is complete */
  readonly readAtEnd?: true
  /** supports --partition: a folder with a file for each host and hour */
  readonly partitions?: true
  /** it is read while it is written: live, gathered events are written every second */
  readonly stream?: true
  /** it is text and may be written to a terminal */
  readonly text?: true
  /** it can contain events of several hosts */
  readonly hosts?: true
  /** data of I/O are not shortened: all captured bytes are written */
  readonly fullData?: true
  /** it contains calls that are in progress at the end of the capture */
  readonly inFlight?: true
  /** options that it rejects, with the reason as a clause */
  readonly refuses: Readonly<Partial<Record<RejectedOption, string>>>
  /** Loads its writer. */
  readonly load: () => Promise<(choice: ExportChoice) => Export>
}
