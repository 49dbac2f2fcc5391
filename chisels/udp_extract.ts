// Saves data of UDP sockets to files.
import { bytesText, DATA_FIELDS, DataFiles, defineChisel, HiddenData, isPeek } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Writes the data of each UDP socket to a file.',
  details:
    'Works on files: ksys -r FILE -c udp_extract. Files are created in ./udp_dump_files and named by the ends of the connection; ' +
    'existing ones are replaced. They contain the captured part of each message, sent and received; capture with -s 16384 ' +
    'to record most messages completely. A filter such as not fd.port=53 excludes DNS.',
  category: 'I/O',
  fields: DATA_FIELDS,
  filter: 'fd.l4proto=udp and evt.is_io=true and evt.failed=false and evt.buflen>0',
  needs: { file: true, snaplen: 16384 },
  hooks(c) {
    const hidden = new HiddenData()
    const files = new DataFiles('./udp_dump_files')
    return {
      event(v, e) {
        if (isPeek(e)) return
        const bytes = hidden.see(v)
        if (bytes === undefined || bytes.length === 0) return
        try {
          files.append(v.name || `pid${e.pid}-fd${e.fdNum}`, bytes)
        } catch (error) {
          c.tell(`stopped writing data: ${(error as Error).message}`)
          c.stop()
        }
      },
      end() {
        files.close()
        for (const [file, bytes] of files.written)
          if (c.json) c.emit({ file, bytes })
          else c.print(`${bytesText(bytes).padEnd(10)} ${file}`)
        if (files.written.size === 0) c.tell('no data was sent or received over UDP: no file is written')
        if (files.leftOut > 0) c.tell(`${files.leftOut} pieces of data were not written: too many connections`)
        hidden.explain(c)
      },
    }
  },
})
