// The specification of an output: where alerts go, which of them, and the length of its queue.
import type { Priority } from '../rule.js'

export interface OutputSpec {
  readonly kind: OutputKind
  /** the file, the program's command line or the URL; undefined for kinds without a target */
  readonly target?: string | undefined
  /** alerts of lower priority are omitted; undefined: none are */
  readonly minimum?: Priority | undefined
  /** length of the queue; undefined: the default */
  readonly capacity?: number | undefined
  /** program: keep one running that reads one alert per line; otherwise one is started for each alert */
  readonly keepAlive?: boolean | undefined
  /** http: ms to wait for a response, and number of retries */
  readonly timeout?: number | undefined
  readonly retries?: number | undefined
  readonly userAgent?: string | undefined
  /** http: send bodies with gzip */
  readonly compress?: boolean | undefined
  /** https: accept any certificate */
  readonly insecure?: boolean | undefined
  /** https: a file or folder with the only trusted authorities (PEM); the client certificate, and its key */
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

export type OutputKind = 'stdout' | 'file' | 'syslog' | 'program' | 'http'

/** An invalid output; the message is a sentence. */
export class OutputError extends Error {}
