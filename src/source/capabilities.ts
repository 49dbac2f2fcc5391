// What captures have, by the tool that recorded them, wherever they were kept since. Readers ask for what they need, never
// for the tool: one recorder more is one entry here.

/** ksys itself; sysdig, Falco and whoever else writes .scap files. Traces keep the word. */
export type Recorder = 'ksys' | 'scap'

export interface Capabilities {
  readonly recorder: Recorder
  /** each row tells the process of its thread; else nothing but its number is known of a thread that nobody announced */
  readonly rowProcesses: boolean
  /** hidden rows are the recorder's own calls, and the capture begins after them; else they are events that a filter refused */
  readonly recorderRows: boolean
  /** has events that ksys does not record, with their definitions: enter events, those of plugins, of 32-bit calls */
  readonly externalEvents: boolean
  /** events are named as sysdig names them: accept4 is accept there */
  readonly sysdigNames: boolean
  /** sockets that existed before tell which end is the process's; else only from whom to whom a connection goes */
  readonly socketEndpoints: boolean
}

const CAPABILITIES: { readonly [R in Recorder]: Capabilities & { readonly recorder: R } } = {
  ksys: {
    recorder: 'ksys',
    rowProcesses: true,
    recorderRows: false,
    externalEvents: false,
    sysdigNames: false,
    socketEndpoints: true,
  },
  scap: {
    recorder: 'scap',
    rowProcesses: false,
    recorderRows: true,
    externalEvents: true,
    sysdigNames: true,
    socketEndpoints: false,
  },
}

/** What captures of a recorder have. */
export function capabilitiesOf(recorder: Recorder): Capabilities {
  return CAPABILITIES[recorder]
}

/** The recorder of that word; ksys itself for any other. */
export function recorderOf(word: unknown): Recorder {
  return typeof word === 'string' && Object.hasOwn(CAPABILITIES, word) ? (word as Recorder) : 'ksys'
}
