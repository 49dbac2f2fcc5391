// Errors that concern a trace as a whole. Damage inside a trace is reported by the reader and does not throw.

type TraceErrorCode =
  /** it cannot be opened or read */
  | 'EOPEN'
  | 'EREAD'
  /** it is empty */
  | 'EEMPTY'
  /** it is not a trace */
  | 'ENOTTRACE'
  /** a newer ksys wrote it */
  | 'EVERSION'
  /** it cannot be written, or not completely */
  | 'EWRITE'
  /** the addon with the block codec is missing */
  | 'ENATIVE'

/** The message is a complete sentence for the user; `cause` is the system's error if there was one. */
export class TraceError extends Error {
  override readonly name = 'TraceError'
  constructor(
    readonly code: TraceErrorCode,
    readonly path: string,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause })
  }
}
