// Descriptors counted by a field.
import { defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Different descriptors in use, counted by the value of a field.',
  details: 'Descriptor 0 and those without a name are not counted.',
  category: 'I/O',
  args: { key: { type: 'field', doc: 'the field to count by, such as proc.name or fd.type' } },
  fields: ({ args }) => ({ key: args.key, name: 'fd.name', num: 'fd.num', pid: 'proc.pid' }),
  filter: 'fd.num>0',
  hooks(c) {
    const seen = new Map<string, Set<string>>()
    return {
      event(v) {
        if (v.key === undefined || v.num === undefined || !v.name) return
        const key = String(v.key)
        let set = seen.get(key)
        if (set === undefined) {
          set = new Set()
          seen.set(key, set)
        }
        set.add(`${v.num}${v.name}`)
      },
      end() {
        const rows = [...seen].map(([key, set]) => [key, set.size] as const)
        rows.sort((a, b) => b[1] - a[1])
        for (const [key, count] of rows) c.print(`${key}\t${count}`)
      },
    }
  },
})
