// Data that processes read and write, as a conversation: a title in the colour of the direction, and the data below it.
import type { NO_COLOR } from './colors.js'
import type { ChiselContext } from './context.js'
import type { ArgsOf, Hooks } from './define.js'
import { type DATA_FIELDS, HiddenData } from './hidden-data.js'
import { IO } from './io.js'
import { bytesText } from './units.js'
import type { Values } from './values.js'

type Fields = typeof DATA_FIELDS
type Args = ArgsOf<{ readonly disable_color: typeof NO_COLOR }>

/** Events that transfer data. */
export const DATA_FILTER = `${IO} and evt.failed=false and evt.buflen>0`

/** The hooks of a chisel that reads DATA_FIELDS. whose: titles name the process that transferred the data, and the descriptor. */
export function conversation(c: ChiselContext<Args, Fields>, { whose }: { readonly whose: boolean }): Hooks<Fields> {
  const hidden = new HiddenData()
  return {
    event(v) {
      hidden.see(v)
      const { data } = v
      if (data === undefined) return
      const way = v.write === true ? WRITE : READ
      if (c.json) {
        const { time, bytes, proc, pid, num: fd, name } = v
        c.emit({ time, direction: way.direction, bytes, proc, pid, fd, name, data })
        return
      }
      const title = `------ ${way.title} ${bytesText(v.bytes ?? 0)}${whose ? ownerText(v, way.preposition) : ''}`
      c.print(c.args.disable_color === undefined ? c.paint(way.color, title) : title)
      c.block(dataLines(data))
    },
    end: () => hidden.explain(c),
  }
}

/** The data of an event as complete lines. With -A, -x and -X they start with a line end, which is removed. */
export function dataLines(data: string): string {
  const text = data.replace(/^\n/, '')
  return data.endsWith('\n') ? text : `${text}\n`
}

function ownerText(v: Values<Fields>, preposition: string): string {
  return ` ${preposition} ${v.name ?? ''} (${v.proc ?? '<NA>'})`
}

const READ = { direction: 'read', title: 'Read', preposition: 'from', color: 'red' } as const
const WRITE = { direction: 'write', title: 'Write', preposition: 'to', color: 'blue' } as const
