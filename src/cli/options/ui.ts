// `ksys ui`: its definition and options. Parsing, help, manual and completion derive from them.
import { THEMES } from '../../tui/terminal/color.js'
import { type Subcommand, shared } from './subcommand.js'
import { type OptionDef, PRIVACY_OPTIONS } from './table.js'

export const UI_OPTIONS = [
  {
    short: 'r',
    long: 'read',
    value: 'FILE',
    repeat: true,
    complete: 'file',
    doc: "show a capture file instead of this machine. A folder of traces, or a quoted pattern such as 'x*.ksys', is read as one capture.",
  },
  { short: 'v', long: 'view', value: 'VIEW', complete: 'view', doc: 'the view to start with (default procs)' },
  { long: 'tree', doc: 'show processes below their parents (key t)' },
  { short: 'd', long: 'refresh', value: 'MS', doc: 'milliseconds between refreshes (default 1000)' },
  {
    short: 'p',
    long: 'print',
    value: 'c',
    choices: ['c', 'container', 'k', 'kubernetes'],
    doc: 'with -pc and -pk, show the columns of containers and pods even if there are none yet',
  },
  {
    long: 'plain',
    doc: 'print the view as plain text, for screen readers, logs and pipes. A file is printed once, this machine after each refresh.',
  },
  {
    long: 'lines',
    value: 'N',
    doc: 'with --plain, rows to print each time (default 20 for tables, all for lists of events). 0 prints all.',
  },
  {
    long: 'show-data',
    doc: 'show the data that programs read and write. Without this option it is masked until you press B.',
  },
  {
    long: 'theme',
    value: 'THEME',
    choices: THEMES,
    doc: 'colours for a dark or light background, or none. auto (default) follows COLORFGBG and NO_COLOR.',
  },
  {
    long: 'actions',
    doc: 'allow the key a to run commands on the selected row, such as kill or strace. It shows each command before it runs.',
  },
  {
    long: 'no-config',
    doc: 'do not read or save settings, such as theme and columns ($XDG_CONFIG_HOME/ksys/ui.json)',
  },
  {
    long: 'rules',
    value: 'FILE',
    repeat: true,
    complete: 'file',
    doc: 'evaluate the Falco rules in FILE, or in all rules files of a folder. The view alerts shows which rules fire.',
  },
  ...shared('buffer', 'stacks'),
  {
    long: 'last',
    value: 'TIME|SIZE',
    repeat: true,
    files: { refused: 'the timeline has all of their calls' },
    doc: 'keep recent calls in memory for the timeline: a TIME, a SIZE, or both (default 60s in at most 64M). 0 keeps nothing.',
  },
  {
    short: 's',
    long: 'snaplen',
    value: 'BYTES',
    files: { refused: 'they contain the data that was recorded' },
    doc: 'record the first BYTES of the data of each call from the start (default none, at most 1048576). The key B records 1024.',
  },
  { long: 'verbose', doc: 'if the capture cannot start, also print the message of the system' },
  ...shared('cri', 'docker-host', 'no-container-metadata'),
  ...shared('max-cpu', 'max-calls'),
  ...PRIVACY_OPTIONS,
  ...shared('help'),
] as const satisfies readonly OptionDef[]

export const UI: Subcommand<typeof UI_OPTIONS> = {
  word: 'ui',
  summary: 'the terminal UI',
  usage: [['ksys ui [FILTER]', 'the terminal UI for this machine, or with -r for a capture file']],
  options: UI_OPTIONS,
  refuses: {
    'max-memory': '--last limits the memory that it uses for events',
    'no-structs': 'its pages show the structures of calls',
    'suppress-comm': 'a filter excludes programs: proc.name != NAME',
    enter: 'the view inflight shows calls in progress',
    attach: 'its views show all calls',
    switches: 'its views show calls: ksys -w FILE --switches captures switches, and -r FILE shows them',
    'page-faults': 'its views show calls: ksys -w FILE --page-faults captures faults, and -r FILE shows them',
    self: 'its own calls would hide those of other programs',
    'until-eof': 'its standard input is the keyboard',
    since: 'a filter selects a time, such as evt.reltime > 5s',
    until: 'a filter selects a time, such as evt.reltime < 5s',
    numevents: 'it runs until you quit; --lines sets how many rows --plain prints',
    seconds: 'it runs until you quit',
  },
  rest: 'filter',
  exit: [0, 1, 2, 3, 4],
  topic: 'terminal-ui',
}
