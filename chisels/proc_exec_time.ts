// Processes that ended, and their run time.
import {
  type Color,
  colorIn,
  commandText,
  containerOf,
  defineChisel,
  eventLines,
  NO_COLOR,
  spanText,
} from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows processes that end, and their run time.',
  details:
    'Lines are green up to 3 s, yellow up to 10 s, red above. -pc adds the container; lines of containers up to 3 s are then blue.',
  category: 'Performance',
  args: { disable_color: NO_COLOR },
  fields: ({ containers }) => (containers ? WITH_CONTAINER : FIELDS),
  filter: 'evt.type=procexit and thread.ismain=true',
  hooks(c) {
    const out = eventLines(c, COLUMNS, { dashed: true })
    return {
      start: () => out.titles(),
      event(v) {
        const { time, duration, proc, pid, args } = v
        if (duration === undefined) return
        const container = containerOf(v)
        if (c.json) {
          c.emit({ time, duration, proc, pid, container, args, truncated: v.truncated || undefined })
          return
        }
        const color = c.args.disable_color === undefined ? colorOf(duration, container) : undefined
        out.row([spanText(duration), proc ?? '<NA>', container ?? '', commandText(args ?? '', v.truncated)], color)
      },
    }
  },
})

function colorOf(duration: number, container: string | undefined): Color {
  if (duration > 10e9) return 'red'
  return duration > 3e9 ? 'yellow' : colorIn(container)
}

const FIELDS = {
  time: 'evt.rawtime',
  duration: 'proc.duration',
  proc: 'proc.name',
  pid: 'proc.pid',
  args: 'proc.args',
  truncated: 'proc.is_args_truncated',
} as const
const WITH_CONTAINER = { ...FIELDS, container: 'container.name' } as const

const COLUMNS = [
  ['proc.duration', 14],
  ['proc.name', 13],
  ['container.name', 21, 'containers'],
  ['proc.args', 21],
] as const
