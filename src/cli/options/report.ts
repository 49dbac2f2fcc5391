// `ksys report`: its definition, its options, and the settings that they result in. Parsing, help, manual and completion derive from them.

import { DATA_BYTES } from '../../report/hosts.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { OptionsOf } from './option-types.js'
import { overFiles } from './over-files.js'
import type { Settings } from './settings.js'
import { settingsOf } from './settings-of.js'
import { described, type Subcommand, shared } from './subcommand.js'
import { NO_RULES, READING_LIVE } from './subcommand-parts.js'
import { CEILING_OPTIONS, type OptionDef, PRIVACY_OPTIONS } from './table.js'

export const REPORT_FORMATS = ['text', 'json', 'markdown'] as const
export type ReportFormat = (typeof REPORT_FORMATS)[number]

/** The format of a file by its name, if --to does not choose one. */
const BY_EXTENSION: readonly (readonly [extension: RegExp, format: ReportFormat])[] = [
  [/\.json$/i, 'json'],
  [/\.(md|markdown)$/i, 'markdown'],
]

/** help texts that differ from those of the main command */
const DOCS: Readonly<Record<string, string>> = {
  read: 'report on a capture file instead of running a command. Several -r make one report.',
  write: 'also write a trace file with all calls of the run',
  snaplen: `bytes of the data of each call, from which HTTP requests are read (default ${DATA_BYTES})`,
  'no-buffers': 'omit the data of calls. Hosts then have no names, and requests are not shown.',
  'no-env': 'omit environments. The report shows none.',
  'no-args': 'omit the arguments of programs, so that scripts have no names either',
}

export const REPORT_OPTIONS = [
  {
    long: 'to',
    value: 'FORMAT',
    choices: REPORT_FORMATS,
    doc: 'text, json or markdown. Without this option, the name of the file of -o chooses it, else it is text.',
  },
  { short: 'j', long: 'json', doc: 'the same as --to json' },
  {
    short: 'o',
    long: 'out',
    value: 'FILE',
    complete: 'file',
    doc: 'write the report to FILE instead of standard output. NAME.json is JSON, NAME.md is Markdown.',
  },
  {
    long: 'expect',
    value: 'FILE',
    complete: 'file',
    doc: 'compare with the JSON report of an earlier run: show what is new, and exit with 7 if anything is',
  },
  {
    long: 'folder',
    value: 'FOLDER',
    complete: 'file',
    doc: 'the working folder (default: where the command runs). The report lists files outside it.',
  },
  {
    long: 'show-secrets',
    doc: 'show the arguments of programs and the queries of requests. Without it, the report contains neither.',
  },
  ...described(shared('read', 'write', 'since', 'until', 'seconds', 'snaplen'), DOCS),
  ...shared('suppress-comm', 'self', 'buffer', 'cri', 'docker-host', 'no-container-metadata'),
  ...CEILING_OPTIONS,
  ...described(PRIVACY_OPTIONS, DOCS),
  ...shared('progress', 'verbose', 'help'),
] as const satisfies readonly OptionDef[]

const RECORDS = 'ksys -w FILE -- CMD records them'

export const REPORT: Subcommand<typeof REPORT_OPTIONS> = {
  word: 'report',
  summary: 'show on one page what a command did',
  usage: [
    [
      'ksys report [FILTER] [-r FILE | -- CMD [ARGS]]',
      'show on one page what a command did: programs, files, hosts, secrets that it opened, refused calls, privileges',
    ],
    [
      'ksys report --expect FILE -- CMD [ARGS]',
      'compare with the report of an earlier run, and exit with 7 if anything is new',
    ],
  ],
  options: REPORT_OPTIONS,
  refuses: {
    'no-structs': 'it records no structures',
    attach: 'it records calls of many kinds',
    enter: 'it shows calls that have ended',
    switches: `it shows only calls: ${RECORDS} too, with --switches`,
    'page-faults': `it shows only calls: ${RECORDS} too, with --page-faults`,
    stacks: `it shows no stacks: ${RECORDS} too, with --stacks`,
    'until-eof': 'the end of the command, -M or a signal ends it',
    numevents: '-M sets how long it captures',
    rules: NO_RULES,
  },
  rest: 'command',
  exit: [...READING_LIVE, 7, '128 + N', 'other'],
  notes: [
    'Without a command and -r, it reports on the whole machine, or on what the filter selects, until Ctrl-C. The working folder of a capture is that of its first program, if all other programs descend from it.',
    'The report contains no environments, and without --show-secrets neither arguments of programs nor queries of requests. Paths of secrets are shown, their contents never.',
    'A report is new in comparison to another if it has a program, file, host, secret, refused call or privilege that the other does not have. Process ids, temporary names, hashes, dates and chosen ports do not count.',
  ],
  topic: 'reports',
}

export type ReportOptions = OptionsOf<typeof REPORT_OPTIONS>

export interface ReportSettings {
  readonly capture: Settings
  readonly format: ReportFormat
  /** undefined: standard output */
  readonly file: string | undefined
  /** the JSON report of an earlier run */
  readonly baseline: string | undefined
  /** undefined: that of the command */
  readonly folder: string | undefined
  readonly secrets: boolean
}

/** Converts the options to settings. Throws CliError (usage) for options that cannot be combined. */
export function reportSettings(
  options: ReportOptions,
  filter: readonly string[],
  command: readonly string[] | undefined,
): ReportSettings {
  const { to, json, out: file, expect: baseline, folder, showSecrets, ...captured } = options
  const settings = settingsOf(captured, filter, { command, warnings: overFiles(REPORT_OPTIONS, options) })
  const capture = { ...settings, snaplen: captured.snaplen ?? DATA_BYTES }
  const wrong = refusal({ to, json, file, folder }, capture)
  if (wrong !== undefined) throw new CliError(EXIT.usage, wrong)
  const named = BY_EXTENSION.find(([extension]) => file !== undefined && extension.test(file))?.[1]
  return {
    capture,
    format: to ?? (json === true ? 'json' : (named ?? 'text')),
    file: file === '-' ? undefined : file,
    baseline,
    // a slash at the end would be part of each path
    folder: folder === undefined ? undefined : folder.replace(/(.)\/+$/, '$1'),
    secrets: showSecrets === true,
  }
}

function refusal(
  {
    to,
    json,
    file,
    folder,
  }: { to?: string | undefined; json?: true | undefined; file?: string | undefined; folder?: string | undefined },
  { exported, write }: Settings,
): string | undefined {
  if (json === true && to !== undefined && to !== 'json') return `-j and --to ${to} are two formats: use one of them`
  if (exported !== undefined)
    return `-w writes a trace for ksys report: use a name such as run.ksys, and convert it later with ksys -r run.ksys -w ${exported.path}`
  if (write === '-') return '-w - and the report would both be written to standard output: name a file with -w'
  if (file !== undefined && file !== '-' && file === write) return `-o and -w both name ${file}`
  if (folder !== undefined && !folder.startsWith('/')) return `--folder ${folder}: use an absolute path`
  return undefined
}
