// The report as plain data: what its JSON contains, and what text and Markdown are written from. All names in it are made safe to print
// (render/escape.ts), so that two reports compare by what they show.

/** A program, with the programs that its processes ran. */
export interface ProgramRow {
  readonly program: string
  /** the script that an interpreter ran, if its name looks like that of a file */
  readonly script?: string
  /** the arguments of the first run, only if secrets are shown */
  readonly arguments?: readonly string[]
  /** how often it was executed; 0 for a program that ran before the capture */
  readonly runs: number
  readonly programs: readonly ProgramRow[]
}

/** A file outside the working folder, or with a slash at the end all files below a folder. */
export interface FileRow {
  readonly path: string
  readonly files: number
  /** names of the programs that accessed it, at most MOST_NAMES */
  readonly by: readonly string[]
}

/** Numbers of files. */
export interface FileCounts {
  readonly read: number
  readonly written: number
  readonly removed: number
}

/** Another end of connections, by name if one was looked up. */
export interface HostRow {
  /** name or address, port and protocol */
  readonly host: string
  /** the addresses that a name stands for, at most MOST_NAMES */
  readonly addresses: readonly string[]
  readonly connections: number
  /** connections that the other end refused, or that could not be made */
  readonly failed: number
  /** their errors, such as ECONNREFUSED, at most MOST_NAMES */
  readonly errors: readonly string[]
  /** attempts to connect whose result the program did not wait for */
  readonly unanswered: number
  /** bytes */
  readonly sent: number
  readonly received: number
  readonly by: readonly string[]
}

/** Something that was done, and how often. */
export interface CountedRow {
  readonly what: string
  readonly count: number
  readonly by: readonly string[]
}

export interface SecretRow extends CountedRow {
  /** path of the file */
  readonly what: string
  /** what kind of secret it contains */
  readonly kind: string
  readonly did: readonly ('read' | 'written' | 'changed' | 'refused' | 'not found')[]
}

/** Rows of each kind, most important first. */
export interface Sections {
  readonly secrets: readonly SecretRow[]
  readonly privileges: readonly CountedRow[]
  readonly refused: readonly CountedRow[]
  readonly hosts: readonly HostRow[]
  /** requests of HTTP without TLS, without their queries */
  readonly requests: readonly CountedRow[]
  /** ports on which programs listened */
  readonly listening: readonly CountedRow[]
  /** names that were looked up, and to which there was no connection */
  readonly lookups: readonly CountedRow[]
  readonly written: readonly FileRow[]
  readonly removed: readonly FileRow[]
  readonly read: readonly FileRow[]
}

export interface Report extends Sections {
  /** the program of the command; undefined for a capture without one */
  readonly command: string | undefined
  /** its arguments: `***` unless secrets are shown; undefined without arguments */
  readonly arguments: string | readonly string[] | undefined
  /** the working folder; undefined: none is known, so every file counts as outside */
  readonly folder: string | undefined
  readonly hosts_captured: readonly string[]
  /** seconds from the first event to the last */
  readonly seconds: number
  /** exit code of the command, 128 + N if signal N ended it; undefined: unknown */
  readonly exit_code: number | undefined
  readonly processes: number
  readonly filter: string | undefined
  /** why something may be missing; empty if nothing is */
  readonly incomplete: readonly string[]
  readonly programs: readonly ProgramRow[]
  readonly inside: FileCounts
  /** files that programs created in folders for temporary files, and removed again */
  readonly temporary: number
  /** files of the system that were read: libraries, programs, configuration, /proc */
  readonly system: number
}

/** The sections in which something can be new. */
export type Compared = keyof Sections | 'programs'

/** Something that the baseline does not contain. */
export interface NewRow {
  readonly section: Compared
  readonly what: string
}

/** Maximum number of names in a list of programs or addresses. */
export const MOST_NAMES = 5
