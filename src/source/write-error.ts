// What stands against writing a file for other tools.

/** A file cannot be written, or no further; the message is a whole sentence for the person, `cause` the system's error when there was one. */
export class WriteError extends Error {
  override readonly name = 'WriteError'
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
  }
}
