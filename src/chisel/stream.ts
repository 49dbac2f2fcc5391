// Chisels that print the data of one of the three standard descriptors.
import { decodeText } from '../model/text.js'
import { type Chisel, defineChisel } from './define.js'
import { DATA_FIELDS, HiddenData } from './hidden-data.js'

/** A chisel that prints the data of descriptor `num` of every process. */
export function defineStream(def: { description: string; num: 0 | 1 | 2 }): Chisel {
  const way = def.num === 0 ? 'read' : 'write'
  return defineChisel({
    description: def.description,
    details:
      'Data of all processes, one piece after the other; for a single process use a filter such as proc.name=cat. Control ' +
      'characters are escaped. With -j each piece names its process.',
    category: 'I/O',
    fields: DATA_FIELDS,
    filter: `fd.num=${def.num} and evt.is_io_${way}=true and evt.failed=false`,
    needs: { snaplen: 2000 },
    hooks(c) {
      const hidden = new HiddenData()
      return {
        event(v) {
          const bytes = hidden.see(v)
          if (bytes === undefined || bytes.length === 0) return
          const data = decodeText(bytes, 0, bytes.length)
          const { time, proc, pid, name } = v
          if (c.json) c.emit({ time, proc, pid, name, bytes: v.bytes, data })
          else c.block(withLineEnd(data.replaceAll('\r\n', '\n')))
        },
        end: () => hidden.explain(c),
      }
    },
  })
}

function withLineEnd(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}
