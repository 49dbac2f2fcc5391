// The settings of a run, which the command line results in (settings-of.ts).
import type { Redaction } from '../../redact/redaction.js'
import type { Rule } from '../../rules/rule.js'
import type { ScapSchema } from '../../scap/write/schemas.js'
import type { Belonging } from '../../source/belonging.js'
import type { Ceilings } from '../../source/ceilings/ceilings.js'
import type { Attach } from '../../source/plan.js'
import type { Recording } from '../record/recording.js'
import type { Rotation } from '../run/rotation.js'
import type { ChiselCall } from './chisel-arguments.js'
import type { Exported } from './exported.js'
import type { Which } from './stacks.js'

export type TimeStyle = 'h' | 'a' | 'r' | 'd' | 'D'
export type BufferStyle = 'dots' | 'hex' | 'hexAscii' | 'ascii' | 'base64'

export interface Settings {
  /** files to read, in order; empty for a live capture */
  read: readonly string[]
  /** the file to write: a trace, or a .scap file */
  write: string | undefined
  /** the file in an export format that is written instead */
  exported: Exported | undefined
  /** the libs schema of a written .scap file; undefined: the default */
  scapSchema: ScapSchema | undefined
  /** a file that is read contains several hosts */
  hosts: boolean
  /** when -w starts a new file; undefined: it writes one file */
  rotation: Rotation | undefined
  /** how much is retained in memory, and when it is written to -w; undefined: events are written as they arrive */
  recording: Recording | undefined
  /** owner, group and mode of the files of -w */
  belonging: Belonging
  /** all arguments that are not options, joined by a space; '' without a filter */
  filter: string
  /** command to run and trace */
  command: readonly string[] | undefined
  /** chisels to run, with the arguments that follow their names */
  chisels: readonly ChiselCall[]
  listChisels: boolean
  /** name of the chisel to describe */
  chiselInfo: string | undefined
  limit: number | undefined
  seconds: number | undefined
  /** the range of a file that is read, as filter conditions */
  since: string | undefined
  until: string | undefined
  /** list the calls in progress instead of events */
  inFlight: boolean
  quiet: boolean
  progress: boolean
  unbuffered: boolean
  /** the input is still being written: it is shown like a live capture */
  follow: boolean
  /** a live capture ends when standard input closes */
  untilEof: boolean
  snaplen: number
  /** record structures that arguments point to, where something uses them */
  structs: boolean
  suppress: readonly string[]
  enter: boolean
  switches: boolean
  pageFaults: boolean
  /** which stacks are recorded; undefined: those that a filter or format needs */
  stacks: Which | undefined
  /** where programs of system calls run; undefined: at the tracepoints */
  attach: Attach | undefined
  self: boolean
  /** total bytes of all kernel ring buffers */
  buffer: number | undefined
  /** limits on the cost of the capture; undefined: none given */
  ceilings: Ceilings | undefined
  /** sockets and addresses of container runtimes, in addition to those that are found automatically */
  cri: readonly string[]
  dockerHost: readonly string[]
  /** whether container runtimes are queried */
  containerMetadata: boolean
  /** data that is hidden from files, output and filters */
  redaction: Redaction | undefined
  /** files and folders of the rules that are evaluated */
  rulesFiles: readonly string[]
  /** the enabled rules, once they have been read (rules/given.ts); undefined without rules files */
  rules: readonly Rule[] | undefined
  format: string | undefined
  /** name of the output format (format/outputs) */
  output: string
  bufferStyle: BufferStyle
  timeStyle: TimeStyle
  resolvePorts: boolean
  summary: boolean
  verbose: boolean
  color: 'auto' | 'always' | 'never'
  list: boolean
  listMarkdown: boolean
  listEvents: boolean
  jsonSchema: boolean
  explain: boolean
  completion: 'bash' | 'zsh' | 'fish' | undefined
  man: boolean
  help: boolean
  version: boolean
  /** compress the export file although its name has no extension of compressed files */
  compress: boolean
  /** a message for each given option that has no effect */
  unneeded: readonly string[]
}

/** Whether the events of a run are written to a file, in any format. */
export function writesFile({ write, exported }: Pick<Settings, 'write' | 'exported'>): boolean {
  return (write ?? exported) !== undefined
}
