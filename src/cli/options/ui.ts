// The options of `ksys ui`. Parsing and its help are made from this table.
import { THEMES } from '../../tui/terminal/color.js'
import { shared } from './subcommand.js'
import { CEILING_OPTIONS, type OptionDef, PRIVACY_OPTIONS } from './table.js'

export const UI_OPTIONS: readonly OptionDef[] = [
  {
    short: 'r',
    long: 'read',
    value: 'FILE',
    repeat: true,
    complete: 'file',
    doc: "show a capture file instead of this machine, or all traces of a folder or of a quoted pattern ('x*.ksys'); needs no privilege",
  },
  { short: 'v', long: 'view', value: 'VIEW', complete: 'view', doc: 'the view to begin with (default procs)' },
  { long: 'tree', doc: 'show processes below those that began them (the key t)' },
  { short: 'd', long: 'refresh', value: 'MS', doc: 'milliseconds between two refreshes (default 1000)' },
  {
    short: 'p',
    long: 'print',
    value: 'c',
    choices: ['c', 'container', 'k', 'kubernetes'],
    doc: '-pc and -pk: show the columns of containers and pods even before there are any',
  },
  {
    long: 'plain',
    doc: 'print the view as text, without moving the cursor: of a file once, else after each refresh; for screen readers, logs and pipes',
  },
  {
    long: 'lines',
    value: 'N',
    doc: 'with --plain: rows that are printed each time, 0 for all (default 20 of a table, all events of a list)',
  },
  {
    long: 'show-data',
    doc: 'show the data that programs read and write, which are masked else until the key B is pressed',
  },
  {
    long: 'theme',
    value: 'THEME',
    choices: THEMES,
    doc: 'colours for a dark or light background, or none; auto (default) goes by COLORFGBG and NO_COLOR',
  },
  {
    long: 'actions',
    doc: 'let the key a run what it shows: commands about the selected row (kill, strace, docker logs ...), after the whole command was shown. Those that come with ksys run with its rights, in a process of their own; those of ~/.config/ksys/actions.json as the user who began',
  },
  {
    long: 'no-config',
    doc: 'neither use nor keep settings ($XDG_CONFIG_HOME/ksys/ui.json): theme, refresh, columns ...',
  },
  {
    long: 'rules',
    value: 'FILE',
    repeat: true,
    complete: 'file',
    doc: "ask events the rules of FILE (Falco's), or of all .yaml and .yml files of a folder: the view alerts shows which fire",
  },
  ...shared('buffer', 'stacks'),
  {
    long: 'last',
    value: 'TIME|SIZE',
    repeat: true,
    doc: 'keep the last calls of this machine in memory, compressed, to look back at: 60s, or what fits into 64M; with both, whichever is less (default 60s within 64M, less where memory is limited); 0 keeps nothing',
  },
  {
    short: 's',
    long: 'snaplen',
    value: 'BYTES',
    doc: 'keep so many bytes of the data of each call too, from the start (default none, at most 1048576; the key B: 1024)',
  },
  { long: 'verbose', doc: 'when the capture cannot begin, print also what the system said' },
  ...shared('cri', 'docker-host', 'no-container-metadata'),
  ...CEILING_OPTIONS.filter((o) => o.long !== 'max-memory'),
  ...PRIVACY_OPTIONS,
  ...shared('help'),
]
