// `ksys rules`: its definition, its options, and the settings that they result in. Parsing, help, manual and completion derive from them.
import type { RulesConfig } from '../../rules/config/keys.js'
import { OUTPUT_FORMS } from '../../rules/outputs/kinds.js'
import type { OutputSpec } from '../../rules/outputs/spec.js'
import type { Priority } from '../../rules/rule.js'
import type { Selection } from '../../rules/select.js'
import type { AlertFiles } from './alert-files.js'
import { ALERT_FILE_OPTIONS } from './alert-files.js'
import type { OptionsOf } from './option-types.js'
import type { Settings } from './settings.js'
import { described, type Subcommand, shared } from './subcommand.js'
import { CUT_FIRST, READING_LIVE } from './subcommand-parts.js'
import { CEILING_OPTIONS, type OptionDef, PRIVACY_OPTIONS } from './table.js'

/** help texts that differ from those of the main command */
const DOCS: Readonly<Record<string, string>> = {
  read: 'evaluate the events of a capture file instead of this machine. Several -r are read one after the other.',
  quiet: 'print no status messages',
  verbose:
    'also print warnings about the rules and unused keys of falco.yaml. If a capture cannot start, print the messages of the system.',
}

export const RULES_OPTIONS = [
  {
    short: 'f',
    long: 'file',
    value: 'FILE',
    repeat: true,
    complete: 'file',
    doc: 'read the rules in FILE, or in all .yaml and .yml files of a folder (- is standard input). Later files can change what earlier ones define.',
  },
  {
    short: 'c',
    long: 'config',
    value: 'FILE',
    complete: 'file',
    doc: 'read settings from a falco.yaml, such as rules files and outputs. The command line takes precedence.',
  },
  ...described(shared('read', 'seconds'), DOCS),
  { long: 'update', doc: 'with test, save the rules that fired as the expected ones' },
  { long: 'least', value: 'N', doc: 'with suggest, treat alerts that occur at least N times as repeated (default 2)' },
  {
    long: 'diff',
    doc: 'with test, show the alerts for the captures of -r that only one of two sets of rules produces',
  },
  { long: 'check', doc: 'only validate the rules: print errors and warnings' },
  { short: 'L', long: 'list-rules', doc: 'only list the rules' },
  { short: 'l', long: 'describe', value: 'RULE', doc: 'only describe a rule' },
  {
    long: 'disable',
    value: 'RULE',
    repeat: true,
    doc: 'disable a rule, all rules that match a pattern with *, or those with a tag (tag=NAME)',
  },
  {
    long: 'enable',
    value: 'RULE',
    repeat: true,
    doc: 'enable disabled rules, named as for --disable, which it overrides',
  },
  {
    long: 'priority',
    value: 'PRIORITY',
    doc: 'skip rules whose priority is lower than PRIORITY, such as warning',
  },
  {
    long: 'rule-matching',
    value: 'HOW',
    choices: ['first', 'all'],
    doc: 'if several rules match an event, let the first one alert (default) or all',
  },
  { short: 'j', long: 'json', doc: 'print alerts, and descriptions of rules, as JSON' },
  { long: 'time-iso-8601', doc: 'print times of alerts with date and time zone' },
  {
    long: 'output',
    value: 'OUTPUT',
    repeat: true,
    doc: `where alerts go (default stdout): ${OUTPUT_FORMS.join(', ')}. Options may follow, such as ,priority=PRIORITY or ,capacity=N.`,
  },
  {
    long: 'group-by',
    value: 'FIELDS',
    repeat: true,
    doc: 'group the alerts of a rule that have the same values of these fields, separated by commas',
  },
  { long: 'window', value: 'TIME', doc: 'how long alerts are grouped before they are emitted again, such as 1m' },
  {
    long: 'name-wait',
    value: 'TIME',
    files: { ignored: 'they contain the names of containers' },
    doc: 'how long an alert waits for the name of its container (default 500ms)',
  },
  ...ALERT_FILE_OPTIONS,
  {
    long: 'no-watch',
    files: { ignored: 'rules are read once for them' },
    doc: 'read changed rules files again only on SIGHUP',
  },
  ...described(shared('quiet'), DOCS),
  ...shared('snaplen', 'suppress-comm', 'attach', 'self', 'buffer', 'cri', 'docker-host', 'no-container-metadata'),
  ...CEILING_OPTIONS,
  ...PRIVACY_OPTIONS,
  ...described(shared('progress', 'verbose', 'help'), DOCS),
] as const satisfies readonly OptionDef[]

export const RULES: Subcommand<typeof RULES_OPTIONS> = {
  word: 'rules',
  summary: "evaluate, explain and test Falco's rules",
  usage: [
    ['ksys rules -f FILE [-r CAPTURE]', 'evaluate Falco rules on this machine or on a capture, and print alerts'],
    [
      'ksys rules explain RULE -f FILE [-r CAPTURE]',
      'show a rule with its macros expanded and where each part is evaluated, and with -r how often it fires and what it costs',
    ],
    ['ksys rules suggest -f FILE [-r CAPTURE]', 'suggest exceptions for repeated alerts, as a rules file to review'],
    [
      'ksys rules test FOLDER -f FILE',
      'check that each capture in FOLDER fires the rules that the file NAME.alerts beside it lists',
    ],
    [
      'ksys rules test --diff OLD NEW -r CAPTURE',
      'show the alerts for a capture that only one of two sets of rules produces',
    ],
  ],
  options: RULES_OPTIONS,
  refuses: {
    'no-structs': 'structures are recorded if a condition or an output needs them',
    enter: 'the events that conditions need are captured automatically',
    switches: 'the events that conditions need are captured automatically',
    'page-faults': 'the events that conditions need are captured automatically',
    stacks: 'stacks are recorded if an output contains %evt.stack',
    'until-eof': '-M or a signal ends it',
    since: `it evaluates whole captures: ${CUT_FIRST}`,
    until: `it evaluates whole captures: ${CUT_FIRST}`,
    numevents: `it evaluates whole captures: ${CUT_FIRST}`,
    rules: '-f names the rules',
  },
  rest: 'file',
  exit: [...READING_LIVE, 7, '128 + N'],
  notes: [
    'Arguments that are not options are rules files, too. With --check, the exit code is 0 if the rules can be used, even with warnings, and 2 if they contain errors.',
    'Rules are read again on SIGHUP and when their files change. On an error the previous rules stay active.',
    'When root runs rules, files that other users can change are rejected. --check, -L and -l read them.',
  ],
  topic: 'rules',
}

/** The options that all commands of `ksys rules` have. */
export type RulesOptions = Omit<OptionsOf<typeof RULES_OPTIONS>, 'help' | 'diff' | 'update' | 'least'>

/** The settings of a run with rules: the command line combined with the configuration file. */
export interface RulesSettings {
  /** files and folders of rules, in order */
  readonly files: readonly string[]
  /** the configuration file; undefined: none, and `config` has the defaults */
  readonly configFile: string | undefined
  readonly config: RulesConfig
  /** capture files to read; empty for this machine */
  readonly read: readonly string[]
  readonly check: boolean
  readonly list: boolean
  /** the rule to describe */
  readonly describe: string | undefined
  readonly disable: readonly string[]
  readonly enable: readonly string[]
  /** both of these and the selections of the configuration, in the order in which they apply */
  readonly selections: readonly Selection[]
  readonly priority: Priority
  readonly matching: 'first' | 'all'
  readonly json: boolean
  readonly iso: boolean
  readonly outputs: readonly OutputSpec[]
  /** fields; undefined: not specified */
  readonly groupBy: readonly string[] | undefined
  /** ms; undefined: not specified */
  readonly window: number | undefined
  /** ms */
  readonly nameWait: number
  /** files to write with the calls around alerts; undefined: none */
  readonly alertFiles: AlertFiles | undefined
  /** re-read files that change */
  readonly watch: boolean
  /** seconds of capture time */
  readonly seconds: number | undefined
  readonly quiet: boolean
  readonly verbose: boolean
  readonly snaplen: number
  /** total bytes of all kernel ring buffers */
  readonly buffer: number | undefined
  /** the settings of the capture */
  readonly capture: Settings
}
