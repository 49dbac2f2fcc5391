// The options of `ksys ui`. Parsing and help derive from this table.
import { THEMES } from '../../tui/terminal/color.js'
import { shared } from './subcommand.js'
import { type OptionDef, PRIVACY_OPTIONS } from './table.js'

export const UI_OPTIONS = [
  {
    short: 'r',
    long: 'read',
    value: 'FILE',
    repeat: true,
    complete: 'file',
    doc: "show a capture file instead of this machine, or all traces of a folder or of a quoted pattern ('x*.ksys'); requires no privileges",
  },
  { short: 'v', long: 'view', value: 'VIEW', complete: 'view', doc: 'the view to start with (default procs)' },
  { long: 'tree', doc: 'show processes below their parents (key t)' },
  { short: 'd', long: 'refresh', value: 'MS', doc: 'milliseconds between refreshes (default 1000)' },
  {
    short: 'p',
    long: 'print',
    value: 'c',
    choices: ['c', 'container', 'k', 'kubernetes'],
    doc: '-pc and -pk: show the columns of containers and pods even if there are none yet',
  },
  {
    long: 'plain',
    doc: 'print the view as plain text without cursor movement, for screen readers, logs and pipes: once for a file, otherwise after each refresh',
  },
  {
    long: 'lines',
    value: 'N',
    doc: 'with --plain: rows to print each time, 0 for all (default: 20 for tables, all for lists of events)',
  },
  {
    long: 'show-data',
    doc: 'show the data that programs read and write; without this option it is masked until you press B',
  },
  {
    long: 'theme',
    value: 'THEME',
    choices: THEMES,
    doc: 'colours for a dark or light background, or none; auto (default) follows COLORFGBG and NO_COLOR',
  },
  {
    long: 'actions',
    doc: 'allow the key a to run commands on the selected row (kill, strace, docker logs ...), after it has shown the whole command; those that change something ask for confirmation. Built-in commands run with the privileges of ksys, in a process of their own; those of ~/.config/ksys/actions.json run as the invoking user',
  },
  {
    long: 'no-config',
    doc: 'do not read or save settings ($XDG_CONFIG_HOME/ksys/ui.json): theme, refresh, columns ...',
  },
  {
    long: 'rules',
    value: 'FILE',
    repeat: true,
    complete: 'file',
    doc: 'evaluate the Falco rules in FILE, or in all .yaml and .yml files of a folder; the view alerts shows which rules fire',
  },
  ...shared('buffer', 'stacks'),
  {
    long: 'last',
    value: 'TIME|SIZE',
    repeat: true,
    doc: 'retain recent calls of this machine in memory, compressed, for the timeline: 60s, or what fits into 64M; with both, whichever is less (default: 60s in at most 64M, less if memory is limited); 0 retains nothing',
  },
  {
    short: 's',
    long: 'snaplen',
    value: 'BYTES',
    doc: 'also record the first BYTES of the data of each call from the start (default none, at most 1048576; the key B: 1024)',
  },
  { long: 'verbose', doc: 'if the capture cannot start, also print the message of the system' },
  ...shared('cri', 'docker-host', 'no-container-metadata'),
  ...shared('max-cpu', 'max-calls'),
  ...PRIVACY_OPTIONS,
  ...shared('help'),
] as const satisfies readonly OptionDef[]
