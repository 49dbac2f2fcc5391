// The super producer: the processes of one cgroup make calls on all processors as fast as they can, while a process of another cgroup
// makes 1,000 marked operations a second. Their latency and losses count.
import { Cgroup } from '../../../helpers/cgroup.js'
import { atEnd } from '../cleanup.js'
import type { Load } from './load.js'
import { work } from './work.js'

const MARKS = 1000

/** The kernel removes a cgroup only once its last process is gone, which may be a moment after the process was killed. */
function removeSoon(cgroup: Cgroup): void {
  for (let tries = 0; ; tries++) {
    try {
      cgroup.remove()
      return
    } catch (error) {
      if (tries === 50) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
    }
  }
}

export const superProducer: Load = {
  name: 'super',
  title: 'flood of calls',
  operation: 'a getppid of the flood; latencies are those of 1,000 marked operations a second',
  needs: [],
  marks: MARKS,
  latencyOfMarks: true,
  prepare: async (folder) => {
    const [flood, marks] = ['flood', 'marks'].map((name) => new Cgroup(`ksys-cost-${name}-${process.pid}`)) as [
      Cgroup,
      Cgroup,
    ]
    const remove = [flood, marks].map((cgroup) => atEnd(() => removeSoon(cgroup)))
    return {
      run: (run) => work('flood', { ...run, wrap: flood.around(run.wrap) }, folder),
      aroundMarks: (command) => marks.around(command),
      counted: { filter: 'proc.name=ksys-flood and evt.type=getppid', perOperation: 1 },
      end: async () => {
        for (const undo of remove) undo()
      },
    }
  },
}
