// A full table of the kernel's side is reported as a loss: each operation is recorded completely, or it is counted as lost.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hostFeatures } from '../../src/source/features.js'
import { ksys, privileged } from '../helpers/ksys.js'
import { compile, scratchDir } from '../helpers/live.js'

const supported = privileged() && existsSync('/proc/sys/kernel/io_uring_disabled') && hostFeatures()?.get('io_uring')
const dir = scratchDir('full-tables')

/** Prints the largest number of entries of a hash table (type 1) of ksys whose values are structures: that of operations of io_uring. */
const LARGEST = `cat /proc/$PPID/fdinfo/* 2>/dev/null | awk '
  /^map_type/ { type = $2 } /^key_size/ { key = $2 } /^value_size/ { size = $2 }
  /^max_entries/ { if (type == 1 && key == 8 && size >= 64 && $2 > most) most = $2 }
  END { print most + 0 }'`

test.skipIf(!supported)(
  'operations of io_uring that the table has no room for are counted as lost',
  { timeout: 600_000 },
  () => {
    const exe = compile(dir, 'uring_many')
    const trace = join(dir, 'many.ksys')
    const script = `room=$(${LARGEST}); echo $room > ${dir}/room; exec ${exe} $((room + room / 8))`
    const filter = 'proc.name=uring_many and evt.type=io_uring_complete'
    const { code } = ksys(['--buffer', '512M', '-w', trace, filter, '--', 'sh', '-c', script])
    expect(code).toBe(0)
    const room = Number(readFileSync(join(dir, 'room'), 'utf8'))
    expect(room).toBeGreaterThanOrEqual(65_536)
    const made = room + Math.floor(room / 8)
    const { categories, losses } = JSON.parse(ksys(['info', '-j', trace]).stdout) as {
      categories: { io_other: number }
      losses: { others: number }
    }
    expect(losses.others).toBeGreaterThanOrEqual(made - room)
    // the end of an operation without room is an event, too: it has neither latency nor descriptor
    expect(categories.io_other).toBeGreaterThanOrEqual(room)
    expect(categories.io_other + losses.others).toBeGreaterThanOrEqual(made)
  },
)
