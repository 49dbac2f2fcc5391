// The interface of a kind of capture file, for code that opens files without knowing their kind.
import type { ReadRequest } from './read-request.js'
import type { CaptureSource } from './source.js'

export interface OpenOptions extends ReadRequest {
  /** polled while the file is scanned before it is read: true cancels the scan */
  stopped?: (() => boolean) | undefined
  /** the bytes of the file that contain the capture; undefined: all */
  part?: { readonly offset: number; readonly bytes: number } | undefined
  /** an input that cannot be reopened (a pipe): its descriptor, and the bytes already read from it. lent: the caller closes the descriptor */
  opened?: { readonly fd: number; readonly first: Buffer; readonly lent?: boolean } | undefined
}

/** A kind of capture file. */
export interface FileKind {
  readonly name: string
  /** whether a file that starts with these bytes (the first SNIFFED, fewer if it is shorter) is of this kind */
  matches(first: Uint8Array): boolean
  /** Opens a path ('-': standard input). The source closes the descriptor of options.opened unless it is lent. */
  open(path: string, options: OpenOptions): Promise<CaptureSource>
}

/** Number of bytes passed to matches(). */
export const SNIFFED = 64
