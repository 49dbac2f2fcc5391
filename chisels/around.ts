// Activity of threads around the events that pass a filter.
import { DUMP_ARGS, defineChisel, SavedSpans } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Saves the activity of the same threads before and after the events that pass the filter.',
  details:
    'Works on files: ksys -r FILE -c around OUT 500 evt.type=open and evt.failed=true writes to OUT the events of each thread ' +
    'within half a second of an open that failed. The events that pass are listed.',
  category: 'Misc',
  args: { ...DUMP_ARGS, dump_file_name: { type: 'string', doc: DUMP_ARGS.dump_file_name.doc } },
  fields: {
    at: 'evt.time',
    time: 'evt.rawtime',
    num: 'evt.num',
    proc: 'proc.name',
    tid: 'thread.tid',
    type: 'evt.type',
    host: 'host.name',
  },
  needs: { file: true, filter: true },
  saves: ({ args }) => args.dump_file_name,
  hooks(c) {
    const spans = new SavedSpans(c.args.dump_file_name, c.args.dump_range_ms)
    return {
      event(v, e) {
        const { num, time, proc, tid, type } = v
        if (c.json) c.emit({ num, time, proc, tid, type })
        else c.print(`${v.at} ${proc ?? '<NA>'}(${tid ?? e.tid})`)
        spans.add(e, v.host)
      },
      end: () => spans.end(c),
    }
  },
})
