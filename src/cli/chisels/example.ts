// The chisel that `ksys chisel new` writes: all that most need, in a form that is JavaScript and TypeScript alike.

/** Its text, for a chisel that is called so; `run`: how it is named behind -c. */
export function exampleChisel(run: string): string {
  return `// @ts-check
// Run it with: ksys -c ${run} 5 proc.name=sh    (live, or with -r FILE). ksys -i ${run} shows what is declared here.
import { defineChisel, eventLines, spanText } from 'ksys/chisel'

export default defineChisel({
  description: 'Shows calls that took long.',
  category: 'Performance',
  // words behind the chisel's name; what is left of them is a filter
  args: { ms: { type: 'int', doc: 'milliseconds from which on a call is shown', optional: true, default: 10 } },
  // fields (ksys -l lists them) by the names that they have below, with the types of their values
  fields: { time: 'evt.time.s', epoch: 'evt.rawtime', pid: 'proc.pid', name: 'proc.name', call: 'evt.type', took: 'evt.latency' },
  // the kernel records little else than what passes
  filter: ({ args }) => \`evt.latency>=\${args.ms}ms\`,
  hooks(c) {
    const out = eventLines(c, [
      ['TIME', 9],
      ['PID', 8],
      ['NAME', 17],
      ['TOOK', 9],
      ['CALL', 0],
    ])
    let shown = 0
    return {
      start: () => out.titles(),
      // values are undefined where an event has none, and valid during the call only
      event(v) {
        shown++
        const { epoch, pid, name, call, took = 0 } = v
        if (c.json) c.emit({ time: epoch, pid, name, call, took })
        else out.row([v.time ?? '', \`\${pid ?? '-'}\`, name ?? '-', spanText(took), call ?? '-'])
      },
      end() {
        if (shown === 0) c.tell(\`no call took \${c.args.ms} ms\`)
      },
    }
  },
})
`
}
