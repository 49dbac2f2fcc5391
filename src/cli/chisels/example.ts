// The chisel that `ksys chisel new` writes: the most common features, in code that is both JavaScript and TypeScript.

/** The text of the chisel; `run`: its name after -c. */
export function exampleChisel(run: string): string {
  return `// @ts-check
// Run it with: ksys -c ${run} 5 proc.name=sh    (live, or with -r FILE). ksys -i ${run} shows what is declared here.
import { defineChisel, eventLines, spanText } from 'ksys/chisel'

export default defineChisel({
  description: 'Shows slow calls.',
  category: 'Performance',
  // arguments after the chisel's name; further ones are a filter
  args: { ms: { type: 'int', doc: 'show calls of at least this many milliseconds', optional: true, default: 10 } },
  // fields (ksys -l lists them) by the names used below, with the types of their values
  fields: { time: 'evt.time.s', epoch: 'evt.rawtime', pid: 'proc.pid', name: 'proc.name', call: 'evt.type', took: 'evt.latency' },
  // the kernel records little more than the events that pass
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
      // values are undefined if an event has none, and valid only during this call
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
