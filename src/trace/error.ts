// What can go wrong with a trace as a whole; damage inside one is reported by the reader instead and does not throw.

export type TraceErrorCode =
  /** it cannot be opened or read */
  | 'EOPEN'
  | 'EREAD'
  /** nothing is in it */
  | 'EEMPTY'
  /** it is something else */
  | 'ENOTTRACE'
  /** a newer ksys made it */
  | 'EVERSION'
  /** it cannot be written, or no further */
  | 'EWRITE'
  /** the addon with the block codec is missing */
  | 'ENATIVE'

/** The message is a whole sentence for the person; `cause` is the system's error when there was one. */
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
