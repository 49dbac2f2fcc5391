// What makes a .scap file unusable as a whole, and what stands against writing one. Damage inside one is reported by the
// source instead and does not throw.

/** The message is a whole sentence for the person. */
export class ScapError extends Error {
  override readonly name = 'ScapError'
}

/** A file cannot be written, or no further; `cause` is the system's error when there was one. */
export class ScapWriteError extends Error {
  override readonly name = 'ScapWriteError'
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
  }
}
