// `ksys advise`: its definition, its options, and the settings that they result in. Parsing, help, manual and completion derive from them.
import { FORMATS, type ProfileFormat } from '../../advise/write/instructions.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { OptionsOf } from './option-types.js'
import { overFiles } from './over-files.js'
import type { Settings } from './settings.js'
import { settingsOf } from './settings-of.js'
import { described, type Subcommand, shared } from './subcommand.js'
import { READING_LIVE } from './subcommand-parts.js'
import { CEILING_OPTIONS, type OptionDef, outputOptions, PRIVACY_OPTIONS } from './table.js'
import { writtenAs } from './words.js'

/** help texts that differ from those of the main command */
const DOCS: Readonly<Record<string, string>> = {
  read: 'read calls from a capture file instead of capturing. The calls of several -r, also of several hosts, are joined.',
  write: 'with seccomp, write the profile to FILE, or one for each workload to FOLDER/',
  print: 'with check, print each refused call as FORMAT, a text with fields such as %proc.name',
  quiet: 'print no status messages',
}

export const ADVISE_OPTIONS = [
  ...described(shared('read', 'since', 'until', 'seconds'), DOCS),
  {
    long: 'to',
    value: 'FORMAT',
    choices: FORMATS,
    doc: 'with seccomp, write the format of Docker, containerd, podman and kubelets (oci, default), the Security Profiles Operator (spo) or a systemd unit (systemd)',
  },
  {
    long: 'enforce',
    doc: 'with seccomp, write a profile that refuses the calls that it does not list. Without --enforce, it logs them.',
  },
  {
    long: 'families',
    doc: 'with seccomp, also allow calls that other C libraries and kernels use in place of the recorded ones',
  },
  {
    long: 'with',
    value: 'WHAT',
    choices: ['exec'],
    doc: 'with seccomp, exec also includes programs that were started in a container with a terminal',
  },
  {
    long: 'allow',
    value: 'NAME',
    repeat: true,
    doc: 'with heal, also add this call, although it is dangerous, such as mount',
  },
  ...described(shared('write', 'print', 'quiet'), DOCS),
  ...outputOptions(
    (unit) => `print a ${unit} for each workload (seccomp), refused call (check) or missing call (heal)`,
  ),
  ...shared('suppress-comm', 'self', 'buffer', 'cri', 'docker-host', 'no-container-metadata'),
  ...CEILING_OPTIONS,
  ...PRIVACY_OPTIONS,
  ...shared('progress', 'verbose', 'help'),
] as const satisfies readonly OptionDef[]

export const ADVISE: Subcommand<typeof ADVISE_OPTIONS> = {
  word: 'advise',
  summary: 'make and test seccomp profiles from recorded calls',
  usage: [
    [
      'ksys advise seccomp [FILTER] [-r FILE... | -- CMD [ARGS]]',
      'record which calls containers need, and print a seccomp profile for them',
    ],
    [
      'ksys advise check PROFILE -r FILE [FILTER]',
      'print the calls of a capture that a profile would have refused; PROFILE may be docker, the default profile of Docker',
    ],
    [
      'ksys advise heal PROFILE -r FILE [FILTER]',
      'list the calls that a profile lacks, from a capture of a run under the profile',
    ],
  ],
  options: ADVISE_OPTIONS,
  refuses: {
    snaplen: 'it records none of the data of calls',
    'no-structs': 'it records none of the data of calls',
    attach: 'it records calls of all kinds',
    enter: 'it records calls when they end',
    switches: 'it records only calls',
    'page-faults': 'it records only calls',
    stacks: 'it does not record by stack',
    'until-eof': '-M or a signal ends it',
    numevents: '-M or a signal ends it',
    rules: 'a filter selects the containers and programs',
  },
  rest: 'command',
  exit: [...READING_LIVE, 7, '128 + N', 'other'],
  notes: [
    'A live run ends with Ctrl-C or after -M. Without a filter, all containers are recorded; a filter such as container.name=web selects some, and can also select programs outside of containers.',
    'ksys applies no profile: it prints how to apply one, to watch it and to return. A profile logs calls that it does not list, unless it is written with --enforce.',
    'The exit code of check is 7 if the profile refuses a call.',
  ],
  topic: 'advise',
}

export type AdviseOptions = OptionsOf<typeof ADVISE_OPTIONS>

/** The commands of `ksys advise`. */
export const ADVISE_COMMANDS = ['seccomp', 'check', 'heal'] as const
export type AdviseCommand = (typeof ADVISE_COMMANDS)[number]

export interface AdviseSettings {
  readonly capture: Settings
  readonly to: ProfileFormat
  readonly enforce: boolean
  readonly families: boolean
  readonly interactive: boolean
  /** the file or folder to write; undefined: standard output */
  readonly write: string | undefined
  readonly allow: readonly string[]
}

/** The options that only one of the commands takes. */
const ONLY: Readonly<Record<string, AdviseCommand>> = {
  to: 'seccomp',
  enforce: 'seccomp',
  families: 'seccomp',
  with: 'seccomp',
  write: 'seccomp',
  print: 'check',
  allow: 'heal',
}

/** Converts the options to settings. Throws CliError (usage) for options of another command, or that cannot be combined. */
export function adviseSettings(
  what: AdviseCommand,
  options: AdviseOptions,
  filter: readonly string[],
  command: readonly string[] | undefined,
): AdviseSettings {
  for (const [name, only] of Object.entries(ONLY))
    if (only !== what && (options as Readonly<Record<string, unknown>>)[name] !== undefined)
      throw new CliError(EXIT.usage, `${writtenAs(name)} belongs to ksys advise ${only}`)
  const { to = 'oci', enforce, families, with: included, write, allow = [], ...captured } = options
  const capture = settingsOf(captured, filter, { command, warnings: overFiles(ADVISE_OPTIONS, options) })
  if (what !== 'seccomp' && capture.read.length === 0)
    throw new CliError(EXIT.usage, `missing capture: ksys advise ${what} PROFILE -r FILE`)
  return {
    capture,
    to,
    enforce: enforce === true,
    families: families === true,
    interactive: included === 'exec',
    write,
    allow,
  }
}
