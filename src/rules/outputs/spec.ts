// What an output is asked to be: where alerts go, which of them, and how many may wait.
import type { Priority } from '../rule.js'

export interface OutputSpec {
  readonly kind: OutputKind
  /** the file, the command line of the program, the URL; those that have one place only have none */
  readonly target?: string | undefined
  /** alerts that are less grave are left out; undefined: none are */
  readonly minimum?: Priority | undefined
  /** alerts that may wait; undefined: the usual number */
  readonly capacity?: number | undefined
  /** of a program: it runs on and reads one alert a line; else one is started for each */
  readonly keepAlive?: boolean | undefined
  /** of http: ms for an answer, and tries after the first */
  readonly timeout?: number | undefined
  readonly retries?: number | undefined
  readonly userAgent?: string | undefined
  /** of http: bodies are sent as gzip */
  readonly compress?: boolean | undefined
  /** of https: any certificate is taken */
  readonly insecure?: boolean | undefined
  /** of https: a file or folder of the only authorities that are trusted (PEM); the certificate to show, and its key */
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

export type OutputKind = 'stdout' | 'file' | 'syslog' | 'program' | 'http'

/** What is wrong with an output that was asked for, in a sentence. */
export class OutputError extends Error {}
