// Numbers of fields and values of Perfetto's messages (protos/perfetto/trace of google/perfetto).

export const TRACE = { packet: 1 } as const

export const PACKET = {
  ftraceEvents: 1,
  clockSnapshot: 6,
  timestamp: 8,
  trustedPacketSequenceId: 10,
  trackEvent: 11,
  internedData: 12,
  sequenceFlags: 13,
  trackDescriptor: 60,
  firstPacketOnSequence: 87,
} as const

/** Values of sequence_flags: the interned data before are cleared; the packet needs interned data. */
export const SEQUENCE = { CLEARED: 1, NEEDS_STATE: 2 } as const

export const EVENT = {
  categoryIids: 3,
  debugAnnotations: 4,
  type: 9,
  nameIid: 10,
  trackUuid: 11,
  counterValue: 30,
  flowIds: 47,
  terminatingFlowIds: 48,
} as const

export const TYPE = { BEGIN: 1, END: 2, INSTANT: 3, COUNTER: 4 } as const

export const TRACK = {
  uuid: 1,
  name: 2,
  process: 3,
  thread: 4,
  counter: 8,
  siblingOrderRank: 12,
} as const

export const PROCESS = { pid: 1, cmdline: 2, name: 6, startTimestampNs: 7, labels: 8 } as const
export const THREAD = { pid: 1, tid: 2, name: 5 } as const
export const COUNTER = { unitName: 6 } as const

export const ANNOTATION = { nameIid: 1, intValue: 4, stringValue: 6 } as const

export const INTERNED = { categories: 1, eventNames: 2, annotationNames: 3 } as const
export const INTERNED_ENTRY = { iid: 1, name: 2 } as const

export const CLOCKS = { clocks: 1 } as const
export const CLOCK = { id: 1, timestamp: 2 } as const
export const CLOCK_ID = { REALTIME: 1, BOOTTIME: 6 } as const

export const BUNDLE = { cpu: 1, event: 2 } as const
export const FTRACE = { timestamp: 1, pid: 2, schedSwitch: 4 } as const
export const SWITCH = {
  prevComm: 1,
  prevPid: 2,
  prevPrio: 3,
  prevState: 4,
  nextComm: 5,
  nextPid: 6,
  nextPrio: 7,
} as const

/** The kernel's states of a thread that is switched away. */
export const STATE = { RUNNABLE: 0, SLEEPS: 1, DEAD: 0x10 } as const
