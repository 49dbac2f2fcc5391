// What a live capture may cost at most, and what is done about it.

/** Each is a ceiling of its own; undefined: there is none. */
export interface Ceilings {
  /** part of all CPUs, of ksys and of its programs in the kernel together: 0.05 */
  readonly cpu: number | undefined
  /** bytes of ksys's own memory */
  readonly memory: number | undefined
  /** events of one cgroup that are recorded in any second */
  readonly calls: number | undefined
}

/** The ceiling that a cgroup is throttled for, by its option. */
export type Ceiling = 'max-cpu' | 'max-memory' | 'max-calls'

/** What has been counted of a cgroup since the capture's start. */
export interface CgroupCalls {
  /** events that the filter passes, as far as the kernel can tell */
  readonly recorded: number
  readonly leftOut: number
  /** what keeps threads and descriptors true beside them */
  readonly others: number
  readonly othersLeftOut: number
}

/** How a capture stands at one moment; everything counts from its start. */
export interface Reading {
  /** s */
  readonly at: number
  /** s of CPU time, of ksys itself and of its programs in the kernel */
  readonly cpu: number
  /** bytes of ksys's own memory now */
  readonly memory: number
  /** by cgroup, its id; -1 stands for all that the kernel has no entry for */
  readonly cgroups: ReadonlyMap<number, CgroupCalls>
}

/** How a cgroup's events are treated from now on. leaves: what is left out is only what the filter does not pass ('others'), or not. */
export interface Change {
  readonly cgroup: number
  readonly change: 'begin' | 'end'
  readonly ceiling: Ceiling
  readonly leaves: 'others' | 'all'
  /** events since the beginning, and the s since then */
  readonly leftOut: number
  readonly lasted: number
}
