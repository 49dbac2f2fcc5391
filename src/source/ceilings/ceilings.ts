// Upper limits of what a live capture may cost, and the changes made to stay below them.

/** Independent limits; undefined: no limit. */
export interface Ceilings {
  /** fraction of all CPUs for ksys and its programs in the kernel together: 0.05 */
  readonly cpu: number | undefined
  /** bytes of ksys's own memory */
  readonly memory: number | undefined
  /** recorded events of one cgroup per second */
  readonly calls: number | undefined
}

/** The limit for which a cgroup is throttled, named by its option. */
export type Ceiling = 'max-cpu' | 'max-memory' | 'max-calls'

/** Counts of a cgroup's events since the start of the capture. */
export interface CgroupCalls {
  /** events that the filter passes, as far as the kernel can decide */
  readonly recorded: number
  readonly leftOut: number
  /** other events, which keep the state of threads and descriptors correct */
  readonly others: number
  readonly othersLeftOut: number
}

/** Measurements at one time; all counts start with the capture. */
export interface Reading {
  /** s */
  readonly at: number
  /** s of CPU time, of ksys itself and of its programs in the kernel */
  readonly cpu: number
  /** of these, the s of the programs */
  readonly programs: number
  /** bytes of ksys's own memory now */
  readonly memory: number
  /** by cgroup id; -1: all cgroups for which the kernel has no entry */
  readonly cgroups: ReadonlyMap<number, CgroupCalls>
}

/** How a cgroup's events are treated from now on. leaves: which events are throttled, only those that the filter does not pass ('others') or all. */
export interface Change {
  readonly cgroup: number
  readonly change: 'begin' | 'end'
  readonly ceiling: Ceiling
  readonly leaves: 'others' | 'all'
  /** events throttled since the start of this throttling, and its duration in s */
  readonly leftOut: number
  readonly lasted: number
}
