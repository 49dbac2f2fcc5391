// The options of `ksys rules`, and what they say as settings. Parsing, its help, manual and completion are made from the table.
import type { RulesConfig } from '../../rules/config/keys.js'
import { OUTPUT_FORMS } from '../../rules/outputs/kinds.js'
import type { OutputSpec } from '../../rules/outputs/spec.js'
import type { Priority } from '../../rules/rule.js'
import type { Selection } from '../../rules/select.js'
import type { AlertFiles, AlertFileWords } from './alert-files.js'
import { ALERT_FILE_OPTIONS } from './alert-files.js'
import type { Settings } from './parse.js'
import { shared } from './subcommand.js'
import { CEILING_OPTIONS, type OptionDef, PRIVACY_OPTIONS } from './table.js'

/** what means something else here */
const DOCS: Readonly<Record<string, string>> = {
  read: 'judge the events of a capture file instead of this machine; several -r one after the other',
  seconds: 'end after SECONDS of capture time; 500ms, 2m or 1h too',
  quiet: 'tell nothing of how it stands',
  verbose:
    'tell also what is doubtful in the rules and not used of falco.yaml; when a capture cannot begin, what the system said',
}

/** Options of all runs, where they mean something else with what they mean here. */
const own = (...names: readonly string[]): OptionDef[] =>
  shared(...names).map((o) => ({ ...o, doc: DOCS[o.long] ?? o.doc }))

export const RULES_OPTIONS: readonly OptionDef[] = [
  {
    short: 'f',
    long: 'file',
    value: 'FILE',
    repeat: true,
    complete: 'file',
    doc: 'take the rules of FILE, or of all .yaml and .yml files of a folder, by name (- is standard input); later ones change what earlier ones define',
  },
  {
    short: 'c',
    long: 'config',
    value: 'FILE',
    complete: 'file',
    doc: 'take settings from a falco.yaml: rules files, outputs, priority ...; the command line counts more',
  },
  ...own('read', 'seconds'),
  { long: 'update', doc: 'with test: write what fired beside the captures, as what is expected from now on' },
  { long: 'least', value: 'N', doc: 'with suggest: alerts that come N times and more are repeated (default 2)' },
  { long: 'diff', doc: 'with test: tell which alerts only one of two sets of rules makes of the captures of -r' },
  { long: 'check', doc: 'only tell what is wrong in the rules, and what is doubtful' },
  { short: 'L', long: 'list-rules', doc: 'only list the rules' },
  { short: 'l', long: 'describe', value: 'RULE', doc: 'only tell all about a rule' },
  {
    long: 'disable',
    value: 'RULE',
    repeat: true,
    doc: 'leave out a rule, all that a pattern with * names, or those with a tag (tag=NAME)',
  },
  {
    long: 'enable',
    value: 'RULE',
    repeat: true,
    doc: 'ask a rule, or several, though they are disabled; it counts more than --disable',
  },
  {
    long: 'priority',
    value: 'PRIORITY',
    doc: 'leave out rules that are less grave, such as all below warning',
  },
  {
    long: 'rule-matching',
    value: 'HOW',
    choices: ['first', 'all'],
    doc: 'of several rules that fit an event, the first one alerts (default), or all',
  },
  { short: 'j', long: 'json', doc: 'print alerts, and what is told of rules, as JSON' },
  { long: 'time-iso-8601', doc: 'print times of alerts with date and zone' },
  {
    long: 'output',
    value: 'OUTPUT',
    repeat: true,
    doc: `where alerts go (default stdout): ${OUTPUT_FORMS.join(', ')}; behind it ,priority=PRIORITY leaves out those that are less grave, ,capacity=N lets N wait`,
  },
  {
    long: 'group-by',
    value: 'FIELDS',
    repeat: true,
    doc: 'join alerts of a rule that have the same values of these fields (several with commas)',
  },
  { long: 'window', value: 'TIME', doc: 'how long alerts are joined before they are told again, such as 1m' },
  {
    long: 'name-wait',
    value: 'TIME',
    doc: 'how long an alert waits for the name of its container (default 500ms)',
  },
  ...ALERT_FILE_OPTIONS,
  { long: 'no-watch', doc: 'read files of rules that change only when SIGHUP comes' },
  ...own('quiet'),
  ...shared('snaplen', 'suppress-comm', 'self', 'buffer', 'cri', 'docker-host', 'no-container-metadata'),
  ...CEILING_OPTIONS,
  ...PRIVACY_OPTIONS,
  ...own('progress', 'verbose', 'help'),
]

/** Options as commander gives them. */
export interface RulesWords extends AlertFileWords {
  file?: string[]
  config?: string
  read?: string[]
  update?: true
  diff?: true
  least?: number
  check?: true
  listRules?: true
  describe?: string
  disable?: string[]
  enable?: string[]
  priority?: Priority
  ruleMatching?: 'first' | 'all'
  json?: true
  timeIso8601?: true
  output?: readonly OutputSpec[]
  groupBy?: readonly (readonly string[])[]
  window?: number
  nameWait?: number
  watch?: false
  snaplen?: number
}

/** What a run with rules is asked: the command line, with what a configuration says beside it. */
export interface RulesSettings {
  /** files and folders of rules, in order */
  readonly files: readonly string[]
  /** the configuration file; undefined without one, when `config` has what counts then */
  readonly configFile: string | undefined
  readonly config: RulesConfig
  /** capture files to read; empty for this machine */
  readonly read: readonly string[]
  readonly check: boolean
  readonly list: boolean
  /** the rule to tell about */
  readonly describe: string | undefined
  readonly disable: readonly string[]
  readonly enable: readonly string[]
  /** both of these and what the configuration selects, in the order in which they count */
  readonly selections: readonly Selection[]
  readonly priority: Priority
  readonly matching: 'first' | 'all'
  readonly json: boolean
  readonly iso: boolean
  readonly outputs: readonly OutputSpec[]
  /** fields; undefined: nothing is said */
  readonly groupBy: readonly string[] | undefined
  /** ms; undefined: nothing is said */
  readonly window: number | undefined
  /** ms */
  readonly nameWait: number
  /** files that are written of the calls around alerts; undefined: none are */
  readonly alertFiles: AlertFiles | undefined
  /** files that change are read again */
  readonly watch: boolean
  /** seconds of capture time */
  readonly seconds: number | undefined
  readonly quiet: boolean
  readonly verbose: boolean
  readonly snaplen: number
  /** bytes of all rings together */
  readonly buffer: number | undefined
  /** the settings of a capture that the options say */
  readonly capture: Settings
}
