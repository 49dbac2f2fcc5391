// The options of `ksys ui`. Parsing and its help are made from this table.
import { THEMES } from '../../tui/terminal/color.js'
import { OPTIONS, type OptionDef, PRIVACY_OPTIONS } from './table.js'

const group = 'Input and output' as const
/** what the UI has in common with a capture */
const SHARED = new Set(['cri', 'docker-host', 'no-container-metadata', ...PRIVACY_OPTIONS.map((o) => o.long)])

export const UI_OPTIONS: readonly OptionDef[] = [
  {
    short: 'r',
    long: 'read',
    value: 'FILE',
    repeat: true,
    complete: 'file',
    group,
    doc: "show a capture file instead of this machine, or all traces of a folder or of a quoted pattern ('x*.ksys'); needs no privilege",
  },
  { short: 'v', long: 'view', value: 'VIEW', complete: 'view', group, doc: 'the view to begin with (default procs)' },
  { short: 'd', long: 'refresh', value: 'MS', group, doc: 'milliseconds between two refreshes (default 1000)' },
  {
    short: 'p',
    long: 'print',
    value: 'c',
    choices: ['c', 'container', 'k', 'kubernetes'],
    group,
    doc: '-pc and -pk: show the columns of containers and pods even before there are any',
  },
  {
    long: 'theme',
    value: 'THEME',
    choices: THEMES,
    group,
    doc: 'colours for a dark or light background, or none; auto (default) goes by COLORFGBG and NO_COLOR',
  },
  {
    long: 'buffer',
    value: 'SIZE',
    group,
    doc: 'memory of the kernel buffers of all CPUs together, such as 64M (default 128M)',
  },
  { long: 'verbose', group, doc: 'when the capture cannot begin, print also what the system said' },
  ...OPTIONS.filter((o) => SHARED.has(o.long)).map((o) => ({ ...o, group })),
  { short: 'h', long: 'help', group, doc: 'print this help' },
]
