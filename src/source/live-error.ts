// A live capture that could not begin.

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

/** The message is one sentence for the person: what is missing, and what to do. `detail` is what the system said, in its lines. */
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
