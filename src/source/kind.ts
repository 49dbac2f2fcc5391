// What a kind of capture file offers to whoever opens files without knowing their kind.
import type { ReadRequest } from './read-request.js'
import type { CaptureSource } from './source.js'

export interface OpenOptions extends ReadRequest {
  /** called while the file is looked through before it is read: true ends that */
  stopped?: (() => boolean) | undefined
  /** the bytes of the file that the capture lies in; undefined: all */
  part?: { readonly offset: number; readonly bytes: number } | undefined
  /** an input that cannot be opened or read twice (a pipe): its descriptor, and what was already read of it. lent: it stays open */
  opened?: { readonly fd: number; readonly first: Buffer; readonly lent?: boolean } | undefined
}

/** A kind of capture file. */
export interface FileKind {
  readonly name: string
  /** whether a file that begins with these bytes (SNIFFED of them, fewer when it is shorter) is of this kind */
  matches(first: Uint8Array): boolean
  /** Opens a path ('-': standard input); the descriptor of options.opened is closed by the source unless it is lent. */
  open(path: string, options: OpenOptions): Promise<CaptureSource>
}

/** Bytes that matches() may look at. */
export const SNIFFED = 64
