// Calls by stack, folded: the input of flame graphs.
import { defineChisel } from '../src/chisel/index.js'

/** Maximum number of stacks to count separately; further ones are counted together. */
const MOST = 50_000
const OTHERS = '(others)'
/** Suffix of kernel functions. */
const KERNEL = '_[k]'

interface Sum {
  calls: number
  time: number
}

export default defineChisel({
  description: 'Counts calls by the functions that made them, as folded stacks for flame graphs.',
  details:
    'Each line has the program, its functions (outermost first), the call, and the number of calls. Run ksys -c stacks ' +
    'proc.name=nginx > folded, then flamegraph.pl folded, or open the file in speedscope or another tool that reads folded ' +
    'stacks. With value=time, lines have microseconds instead of calls. Live, it records stacks of programs; --stacks both adds ' +
    'the kernel functions in which calls slept. Stacks are unwound by frame pointers, and not by debug information (DWARF). On ' +
    'x86-64 up to six functions without frame pointers are found next to the call, whether they have DWARF or not; functions ' +
    'outside of a further one are missing, or [unknown]. JIT compilers name their functions in /tmp/perf-PID.map (node ' +
    '--perf-basic-prof); calls that Node makes through libuv, such as those of fs, do not lead to its JavaScript functions, as ' +
    'libuv is compiled without frame pointers. C++ names are mangled; | c++filt makes them readable. A file has stacks if it was written with --stacks.',
  category: 'Performance',
  args: {
    value: {
      type: 'string',
      doc: 'what to sum: calls, or their time in microseconds',
      choices: ['calls', 'time'],
      optional: true,
      default: 'calls',
    },
  },
  fields: { stack: 'evt.stack.folded', name: 'proc.name', call: 'evt.type', latency: 'evt.latency' },
  filter: 'evt.stack.folded exists',
  hooks(c) {
    const sums = new Map<string, Sum>()
    const byTime = c.args.value === 'time'
    const entry = (key: string): Sum => {
      const name = sums.has(key) || sums.size < MOST ? key : OTHERS
      let sum = sums.get(name)
      if (sum === undefined) {
        sum = { calls: 0, time: 0 }
        sums.set(name, sum)
      }
      return sum
    }
    return {
      event({ stack, name, call, latency }) {
        if (stack === undefined) return
        const sum = entry(folded(name ?? '?', stack, call ?? '?'))
        sum.calls++
        sum.time += latency ?? 0
      },
      end() {
        const value = (sum: Sum) => (byTime ? Math.round(sum.time / 1e3) : sum.calls)
        const rows = [...sums].sort((a, b) => value(b[1]) - value(a[1]) || (a[0] < b[0] ? -1 : 1))
        for (const [stack, sum] of rows)
          if (c.json) c.emit({ stack: stack.split(';'), calls: sum.calls, time: sum.time })
          else c.print(`${stack} ${value(sum)}`)
        if (rows.length === 0) c.tell('no event with a stack was captured')
      },
    }
  },
})

/** The program, its functions, the call, and the kernel functions in which it slept. */
function folded(program: string, stack: string, call: string): string {
  const frames = stack.split(';')
  const inKernel = frames.findIndex((f) => f.endsWith(KERNEL))
  frames.splice(inKernel < 0 ? frames.length : inKernel, 0, `${call}()`)
  return [program.replaceAll(';', ':'), ...frames].join(';')
}
