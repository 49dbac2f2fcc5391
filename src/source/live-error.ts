// The error of a live capture that could not start.

export type LiveErrorCode =
  | 'EPRIV'
  | 'EPIDNS'
  | 'EMOUNT'
  | 'ENOBTF'
  | 'ELOCKED'
  | 'EKERNEL'
  | 'EVERIFIER'
  | 'ENOADDON'
  | 'ENOMEM'
  | 'EFILES'
  | 'ELOAD'
  | 'ECOMMAND'

/** The message is one sentence for the user: what is missing, and what to do. `detail`: messages of the system, several lines. */
export class LiveError extends Error {
  constructor(
    readonly code: LiveErrorCode,
    message: string,
    readonly detail = '',
  ) {
    super(message)
    this.name = 'LiveError'
  }
}
