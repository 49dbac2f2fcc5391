// What a kind of capture file offers to whoever opens files without knowing their kind.
import type { ReadPlan } from './read-plan.js'
import type { CaptureInfo, CaptureSource } from './source.js'

export interface OpenOptions {
  /** makes the plan once the capture's description is read; kinds of files without summaries ignore it. Without one all is read */
  plan?: ((info: CaptureInfo) => ReadPlan) | undefined
  /** names of containers are asked for: a file that can be read twice tells those that come late before its events */
  names?: boolean | undefined
  /** asked while the file is looked through before it is read: true ends that */
  stopped?: (() => boolean) | undefined
  /** enter events as rows of their own, where a kind of file holds them */
  enter?: boolean | undefined
  /** the bytes of the file that the capture lies in; undefined: all */
  part?: { readonly offset: number; readonly bytes: number } | undefined
  /** an input that cannot be opened or read twice (a pipe): its descriptor, and what was already read of it */
  opened?: { readonly fd: number; readonly first: Buffer } | undefined
}

/** A kind of capture file. */
export interface FileKind {
  readonly name: string
  /** whether a file that begins with these bytes (SNIFFED of them, fewer when it is shorter) is of this kind */
  matches(first: Uint8Array): boolean
  /** Opens a path ('-': standard input); the descriptor of options.opened is closed by the source. */
  open(path: string, options: OpenOptions): Promise<CaptureSource>
}

/** Bytes that matches() may look at. */
export const SNIFFED = 64
