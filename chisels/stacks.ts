// Where calls come from, folded: what flame graphs are made of.
import { defineChisel } from '../src/chisel/index.js'

/** Different stacks that are counted apart; what comes later is counted together. */
const MOST = 50_000
const OTHERS = '(others)'
/** How functions of the kernel end. */
const KERNEL = '_[k]'

interface Sum {
  calls: number
  time: number
}

export default defineChisel({
  description: 'Counts calls by the functions that they came from, as folded stacks: what flame graphs are made of.',
  details:
    'Each line is the program, its functions with the outermost first, the call, and how many there were: ksys -c stacks proc.name=nginx > ' +
    'folded, then flamegraph.pl folded, or speedscope, or any other tool that takes folded stacks. With value=time it is microseconds instead ' +
    'of calls. Live it records stacks of programs; --stacks both adds the kernel functions in which calls slept. The walk goes by frame ' +
    'pointers: functions that were compiled without are missing. Names of C++ are as in symbol tables: | c++filt makes ' +
    'them readable. In a file there are stacks if it was written with --stacks.',
  category: 'Performance',
  args: {
    value: {
      type: 'string',
      doc: 'what is summed up: calls, or the time that they took in microseconds',
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
    const of = (key: string): Sum => {
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
        const sum = of(folded(name ?? '?', stack, call ?? '?'))
        sum.calls++
        sum.time += latency ?? 0
      },
      end() {
        const value = (sum: Sum) => (byTime ? Math.round(sum.time / 1e3) : sum.calls)
        const rows = [...sums].sort((a, b) => value(b[1]) - value(a[1]) || (a[0] < b[0] ? -1 : 1))
        for (const [stack, sum] of rows)
          if (c.json) c.emit({ stack: stack.split(';'), calls: sum.calls, time: sum.time })
          else c.print(`${stack} ${value(sum)}`)
        if (rows.length === 0) c.tell('no event was seen whose stack is known')
      },
    }
  },
})

/** The program, its functions, the call, and those of the kernel that it slept in. */
function folded(program: string, stack: string, call: string): string {
  const frames = stack.split(';')
  const inKernel = frames.findIndex((f) => f.endsWith(KERNEL))
  frames.splice(inKernel < 0 ? frames.length : inKernel, 0, `${call}()`)
  return [program.replaceAll(';', ':'), ...frames].join(';')
}
