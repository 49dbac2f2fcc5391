// A capture of another tool that was converted into a trace prints the same as the original.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { ksys } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { run } from '../helpers/resident.js'

const CAPTURES = new URL('captures/', import.meta.url)
const dir = scratchDir('rewritten')
const env = { TZ: 'UTC' }

const FIELDS = `evt.num evt.rawtime evt.reltime evt.deltatime evt.latency evt.dir evt.type evt.category evt.cpu evt.args
evt.info evt.arg[0] evt.arg[1] evt.arg.res evt.arg.name evt.rawarg.res evt.rawarg.fd evt.res evt.rawres evt.failed
evt.count.error evt.is_io evt.buflen evt.buffer evt.is_open_read evt.abspath fs.path.name fd.num fd.type fd.name fd.l4proto
fd.is_server fd.cip fd.sport proc.name proc.exepath proc.cmdline proc.pid proc.ppid proc.aname[1] proc.cwd proc.env
proc.sid proc.vpgid proc.pgid proc.tty proc.fdopencount proc.exe_ino proc.exe_ino.mtime proc.is_exe_writable
proc.vmsize thread.tid thread.vtid thread.cgroups thread.exectime thread.cap_effective user.uid user.name user.loginuid
group.gid group.name`
const line = `*${FIELDS.split(/\s+/)
  .map((f) => `%${f}`)
  .join('|')}`

for (const file of readdirSync(CAPTURES).filter((f) => f.endsWith('.scap.gz')))
  for (const direction of [[], ['--enter']])
    test(`${file} ${direction}`, async () => {
      const scap = join(dir, file.replace(/\.gz$/, ''))
      const trace = `${scap}.ksys`
      writeFileSync(scap, gunzipSync(readFileSync(new URL(file, CAPTURES))))
      expect(ksys(['-r', scap, '-w', trace, ...direction], { env })).toMatchObject({ code: 0, stderr: '' })
      for (const format of [[], ['-p', line]]) {
        const direct = await run(['-r', scap, ...direction, ...format])
        const again = await run(['-r', trace, ...direction, ...format])
        if (again !== direct) expect(again.split('\n')).toEqual(direct.split('\n'))
        expect(direct.length).toBeGreaterThan(1000)
      }
    })
